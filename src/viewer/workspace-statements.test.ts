import { describe, expect, it, onTestFinished } from "vitest";
import type { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { madeStateAttributes } from "#core/study/made-state.ts";
import { FakeArchive } from "./fake/fake-archive.ts";
import { madeInstance } from "./fake/made-study.ts";
import { Workspace } from "./workspace.ts";

const IMAGES = [1, 2, 3].map((number) => madeInstance(number));

function keyObjects(code: string, ...uids: readonly string[]): DataSet {
  return buildDataSet({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.59",
    SOPInstanceUID: `1.2.9.${code}`,
    StudyInstanceUID: "1.2.3",
    SeriesInstanceUID: "1.2.9",
    Modality: "KO",
    PatientID: "4471-093",
    ConceptNameCodeSequence: [
      { CodeValue: code, CodingSchemeDesignator: "DCM", CodeMeaning: "Title" },
    ],
    ContentSequence: uids.map(
      (uid): MadeDataSet => ({ ReferencedSOPSequence: [{ ReferencedSOPInstanceUID: uid }] }),
    ),
  });
}

/** A workspace whose study comes in two parts, the second when `more` is called; all frames are in memory. */
async function opened(first: readonly DataSet[]) {
  const archive = new FakeArchive();
  const origin = { kind: "archive", fetchedAt: new Date(0) } as const;
  let more: (instances: readonly DataSet[]) => void = () => undefined;
  const second = new Promise<readonly DataSet[]>((resolve) => {
    more = resolve;
  });
  const studies = {
    async *loadStudy() {
      yield { instances: first, origin };
      yield { instances: await second, origin };
    },
  };
  const { source, frames } = archive;
  const services = { source, frames, studies, close: () => archive.close() };
  const workspace = new Workspace(services, { studyInstanceUid: "1.2.3" });
  onTestFinished(() => workspace.dispose());
  await expect.poll(() => frames.open.length).toBeGreaterThan(0);
  frames.open[0]?.answer();
  frames.keepWishes();
  await expect.poll(() => workspace.viewport.shown.value.kind).toBe("image");
  const isOver = () => expect.poll(() => workspace.session.status.value.kind).toBe("complete");
  const arrive = async (...instances: readonly DataSet[]) => {
    more(instances);
    await isOver();
  };
  return { workspace, viewport: workspace.viewport, arrive };
}

describe("what arrives after the images that it is about", () => {
  it("is applied, also after somebody has moved on", async () => {
    const { viewport, arrive } = await opened(IMAGES);
    viewport.goTo(1);
    const window = { SoftcopyVOILUTSequence: [{ WindowCenter: 40, WindowWidth: 20 }] };
    await arrive(buildDataSet(madeStateAttributes({ ...window, PatientID: "4471-093" })));
    await expect.poll(() => viewport.presentation.value?.title.label).toBe("TEST");
    expect(viewport.state.frameIndex.value).toBe(1);
    expect(viewport.pipeline.value?.voi).toMatchObject({ windowCenter: 40 });
  });

  it("marks key images, which can be gone to", async () => {
    const { viewport, arrive } = await opened(IMAGES);
    const uids = viewport.state.content.value?.displaySet.frames.map(
      ({ instance }) => instance.sopInstanceUid,
    );
    await arrive(keyObjects("113000", uids?.[2] ?? ""));
    expect(viewport.keyMarks.value).toEqual([]);
    viewport.run("next-key-image");
    expect(viewport.state.frameIndex.value).toBe(2);
    expect(viewport.keyMarks.value).toMatchObject([{ titleCode: "113000", title: "Title" }]);
    viewport.run("next-key-image");
    expect(viewport.state.frameIndex.value).toBe(2);
  });

  it("takes a withdrawn image from the screen, and leaves the others", async () => {
    const { workspace, viewport, arrive } = await opened(IMAGES);
    viewport.goTo(1);
    const shown = viewport.shown.value;
    const uid = shown.kind === "nothing" ? "" : shown.reference.instance.sopInstanceUid;
    await arrive(keyObjects("113037", uid));
    expect(viewport.state.content.value?.displaySet.frames).toHaveLength(2);
    const left = viewport.shown.value;
    expect(left.kind === "nothing" ? "" : left.reference.instance.sopInstanceUid).not.toBe(uid);
    const sets = workspace.session.displaySets.value;
    const withdrawn = sets.find(({ rejection }) => rejection !== undefined);
    expect(withdrawn).toMatchObject({ frames: [], rejection: "patient-safety" });
    expect(withdrawn?.reason).not.toBe("");
  });

  it("takes everything from the screen when all of it is withdrawn", async () => {
    const { viewport, arrive } = await opened(IMAGES);
    viewport.goTo(1);
    await arrive(keyObjects("113038", "1.2.3.4.1", "1.2.3.4.2", "1.2.3.4.3"));
    await expect.poll(() => viewport.shown.value.kind).toBe("nothing");
  });
});
