import { describe, expect, it } from "vitest";
import type { DataSet } from "#core/dicom/data-set.ts";
import { FakeArchive } from "./fake/fake-archive.ts";
import { madeInstance, madeStudyOf } from "./fake/made-study.ts";
import { findTarget, Workspace } from "./workspace.ts";

/** What a workspace shows of a study of these instances, once all of it is there. */
async function shownOf(instances: readonly DataSet[]) {
  const archive = new FakeArchive();
  const origin = { kind: "archive", fetchedAt: new Date(0) } as const;
  const studies = {
    async *loadStudy() {
      yield { instances, origin };
    },
  };
  const { source, frames } = archive;
  const services = { source, frames, studies, close: () => archive.close() };
  const workspace = new Workspace(services, { studyInstanceUid: "1.2.3" });
  await expect.poll(() => workspace.session.status.value.kind).toBe("complete");
  const shown = workspace.viewport.state.content.value?.displaySet;
  const document = workspace.document.value;
  workspace.dispose();
  return { shown, document };
}

describe("a study whose images are broken", () => {
  it("says in the place of the image why it cannot be shown", async () => {
    const { shown, document } = await shownOf([madeInstance(1, { Rows: 0 })]);
    expect(shown?.reason).toMatch(/^Rows /);
    expect(document).toBeUndefined();
  });

  it("shows the images that are not broken", async () => {
    const { shown } = await shownOf([madeInstance(1, { Rows: 0 }), madeInstance(2)]);
    expect(shown?.frames).toHaveLength(1);
  });

  it("leaves the place empty for a report, which is no image, and opens the report", async () => {
    const report = madeInstance(1, {
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.11",
      Rows: undefined,
      Columns: undefined,
    });
    const { shown, document } = await shownOf([report]);
    expect([shown, document?.kind]).toEqual([undefined, "report"]);
  });

  it("opens no report beside images", async () => {
    const report = madeInstance(1, {
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.11",
      Rows: undefined,
      Columns: undefined,
    });
    const { shown, document } = await shownOf([report, madeInstance(2)]);
    expect([shown?.frames.length, document]).toEqual([1, undefined]);
  });
});

describe("the place in a study that a launch names", () => {
  const { displaySet } = madeStudyOf([1, 2, 3].map((number) => madeInstance(number)));
  const first = displaySet.frames[0]?.instance.sopInstanceUid;
  const last = displaySet.frames.at(-1)?.instance.sopInstanceUid ?? "";

  it("is the frame of the instance, wherever it stands in the stack", () => {
    expect(first).not.toBe(last);
    expect(findTarget([displaySet], { sopInstanceUid: last })).toEqual({
      displaySet,
      frameIndex: 2,
    });
  });

  it("is the series, at the frame number that is asked for", () => {
    const target = { seriesInstanceUid: displaySet.seriesInstanceUid, frameNumber: 2 };
    expect(findTarget([displaySet], target)?.frameIndex).toBe(1);
  });

  it("is nowhere when the study does not hold it", () => {
    expect(findTarget([displaySet], { seriesInstanceUid: "9.9" })).toBeUndefined();
    expect(findTarget([displaySet], { sopInstanceUid: "9.9" })).toBeUndefined();
  });
});
