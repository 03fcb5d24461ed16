import { expect, it } from "vitest";
import type { DataSet } from "#core/dicom/data-set.ts";
import type { StudyPart } from "../frames/study-loader.ts";
import { FakeArchive } from "./fake/fake-archive.ts";
import { madeInstance } from "./fake/made-study.ts";
import type { ArchiveServices } from "./viewer-services.ts";
import { Workspace } from "./workspace.ts";

const other = { SeriesInstanceUID: "1.2.3.9", SeriesNumber: 9 };

/** A workspace over an archive that gives these parts when the test says so. */
function workspaceOf(parts: readonly (readonly DataSet[])[]) {
  const waiting: (() => void)[] = [];
  const archive: ArchiveServices = {
    frames: new FakeArchive().frames,
    source: new FakeArchive().source,
    studies: {
      async *loadStudy(): AsyncGenerator<StudyPart> {
        for (const instances of parts) {
          yield { instances, origin: { kind: "archive", fetchedAt: new Date(0) } };
          await new Promise<void>((resolve) => waiting.push(resolve));
        }
      },
    },
    close: () => undefined,
  };
  const workspace = new Workspace(archive, { studyInstanceUid: "1.2.3" });
  return {
    workspace,
    async next() {
      waiting.shift()?.();
      await new Promise((resolve) => setTimeout(resolve, 20));
    },
  };
}

function wanted({ viewport: { state } }: Workspace): readonly [number | undefined, number] {
  return [state.content.value?.displaySet.seriesNumber, state.frameIndex.value];
}

it("ends at the first image of the first series, whatever arrives first", async () => {
  const { workspace, next } = workspaceOf([
    [madeInstance(7, { ...other, SOPInstanceUID: "1.9.7" })],
    [madeInstance(3), madeInstance(4)],
    [madeInstance(1), madeInstance(2)],
  ]);
  await next();
  await next();
  await next();
  expect(wanted(workspace)).toEqual([3, 0]);
  workspace.dispose();
});

it("leaves the viewport where somebody moved it, though more arrives", async () => {
  const { workspace, next } = workspaceOf([
    [madeInstance(3), madeInstance(4)],
    [madeInstance(1), madeInstance(2)],
  ]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  workspace.viewport.goTo(1);
  await next();
  const { content, frameIndex } = workspace.viewport.state;
  const frame = content.value?.displaySet.frames[frameIndex.value];
  expect(frame?.instance.sopInstanceUid).toBe("1.2.3.4.4");
  workspace.dispose();
});
