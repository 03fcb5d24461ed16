import { describe, expect, it } from "vitest";
import { buildDataSet, type MadeDataSet } from "../dicom/data-set-builder.ts";
import type { DisplaySet } from "./display-set.ts";
import { type Instance, readInstance } from "./instance.ts";
import { KeyObjects, readKeyObjectSelection } from "./key-object-reader.ts";
import { withoutRejected } from "./rejected-images.ts";

function code(value: string, meaning: string, scheme = "DCM") {
  return [{ CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning }];
}

function imageItem(uid: string, frames?: readonly number[]) {
  return {
    RelationshipType: "CONTAINS",
    ValueType: "IMAGE",
    ReferencedSOPSequence: [
      {
        ReferencedSOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
        ReferencedSOPInstanceUID: uid,
        ...(frames === undefined ? {} : { ReferencedFrameNumber: frames }),
      },
    ],
  };
}

function selection(attributes: MadeDataSet): Instance {
  const instance = readInstance(
    buildDataSet({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.59",
      SOPInstanceUID: "1.2.9.1",
      StudyInstanceUID: "1.2.3",
      SeriesInstanceUID: "1.2.9",
      ContentDate: "20260104",
      ConceptNameCodeSequence: code("113000", "Of Interest"),
      ...attributes,
    }),
  );
  if (instance === undefined) throw new Error("no instance");
  return instance;
}

function rejectionNote(titleCode: string, ...uids: readonly string[]): Instance {
  return selection({
    ConceptNameCodeSequence: code(titleCode, "Rejected"),
    ContentSequence: uids.map((uid) => imageItem(uid)),
  });
}

function frame(uid: string, frameIndex = 0) {
  return { instance: { ...selection({}), sopInstanceUid: uid }, frameIndex };
}

describe("a key object selection", () => {
  it("says what it is about, why, and by whom", () => {
    const read = readKeyObjectSelection(
      selection({
        ContentSequence: [
          {
            RelationshipType: "HAS CONCEPT MOD",
            ConceptNameCodeSequence: code("113011", "Document Title Modifier"),
            ConceptCodeSequence: code("113010", "Quality Issue"),
          },
          {
            RelationshipType: "HAS OBS CONTEXT",
            ConceptNameCodeSequence: code("121008", "Person Observer Name"),
            PersonName: "READER^Demo",
          },
          {
            RelationshipType: "CONTAINS",
            ConceptNameCodeSequence: code("113012", "Key Object Description"),
            TextValue: "Nodule in the right upper lobe",
          },
          imageItem("1.2.3.4.1"),
          imageItem("1.2.3.4.2", [2, 5]),
        ],
        CurrentRequestedProcedureEvidenceSequence: [
          {
            StudyInstanceUID: "1.2.3",
            ReferencedSeriesSequence: [
              {
                SeriesInstanceUID: "1.2.3.4",
                ReferencedSOPSequence: [{ ReferencedSOPInstanceUID: "1.2.3.4.1" }],
              },
            ],
          },
        ],
      }),
    );
    expect(read).toMatchObject({
      titleCode: "113000",
      title: "Of Interest · Quality Issue",
      comment: "Nodule in the right upper lobe",
      observer: "READER, Demo",
      date: "20260104",
      rejection: undefined,
      references: [
        { studyInstanceUid: "1.2.3", seriesInstanceUid: "1.2.3.4", sopInstanceUid: "1.2.3.4.1" },
        { studyInstanceUid: undefined, sopInstanceUid: "1.2.3.4.2", frameNumbers: [2, 5] },
      ],
    });
  });

  it("marks the frames that it names, and no others", () => {
    const keyObjects = new KeyObjects([
      selection({ ContentSequence: [imageItem("1.1"), imageItem("1.2", [2])] }),
    ]);
    expect(keyObjects.marksOf(frame("1.1", 4))).toMatchObject([{ title: "Of Interest" }]);
    expect(keyObjects.marksOf(frame("1.2", 1))).toHaveLength(1);
    expect(keyObjects.marksOf(frame("1.2", 0))).toEqual([]);
    expect(keyObjects.marksOf(frame("1.3"))).toEqual([]);
  });

  it("names what its evidence names when its content names nothing", () => {
    const evidence = [
      {
        StudyInstanceUID: "1.2.3",
        ReferencedSeriesSequence: [
          {
            SeriesInstanceUID: "1.2.3.4",
            ReferencedSOPSequence: [{ ReferencedSOPInstanceUID: "1.1" }],
          },
        ],
      },
    ];
    const read = readKeyObjectSelection(
      selection({ CurrentRequestedProcedureEvidenceSequence: evidence }),
    );
    expect(read.references.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(["1.1"]);
  });
});

describe("rejection notes", () => {
  it("are the four titles of DCM, and not the same digits of another scheme", () => {
    const reasons = ["113001", "113037", "113038", "113039", "113000"].map(
      (title) => readKeyObjectSelection(rejectionNote(title, "1.1")).rejection,
    );
    expect(reasons).toEqual([
      "quality",
      "patient-safety",
      "wrong-worklist-entry",
      "retention-expired",
      undefined,
    ]);
    const other = selection({ ConceptNameCodeSequence: code("113001", "Other", "99LOCAL") });
    expect(readKeyObjectSelection(other).rejection).toBeUndefined();
  });

  const set: DisplaySet = {
    id: "s/stack/a",
    kind: "stack",
    studyInstanceUid: "1.2.3",
    seriesInstanceUid: "1.2.3.4",
    seriesNumber: 3,
    modality: "CT",
    name: "Chest",
    reason: undefined,
    instances: [],
    frames: [frame("1.1"), frame("1.2"), frame("1.3")],
    warnings: [],
    isCine: false,
    frameTimesMs: undefined,
    spacingMm: 1,
  };
  const uids = ({ frames }: DisplaySet) => frames.map(({ instance }) => instance.sopInstanceUid);

  it("take images out of their display set; those of bad quality can still be opened", () => {
    const sets = withoutRejected([set], new KeyObjects([rejectionNote("113001", "1.2")]));
    expect(sets.map((one) => [one.id, uids(one), one.rejection])).toEqual([
      ["s/stack/a", ["1.1", "1.3"], undefined],
      ["s/stack/a/rejected/quality", ["1.2"], "quality"],
    ]);
  });

  it("leave nothing to look at of images that may be another patient's, and say why", () => {
    const notes = new KeyObjects([rejectionNote("113038", "1.1", "1.2", "1.3")]);
    expect(withoutRejected([set], notes)).toMatchObject([
      { kind: "unsupported", frames: [], rejection: "wrong-worklist-entry" },
    ]);
    expect(withoutRejected([set], notes)[0]?.instances).toHaveLength(3);
    expect(withoutRejected([set], notes)[0]?.reason).toMatch(/another order or patient/);
  });

  it("of several kinds for one image count by the gravest", () => {
    const notes = [rejectionNote("113001", "1.1"), rejectionNote("113037", "1.1")];
    expect(new KeyObjects(notes).rejectionOf(frame("1.1"))).toBe("patient-safety");
  });

  it("change nothing for other images", () => {
    const sets = [set];
    expect(withoutRejected(sets, new KeyObjects([rejectionNote("113037", "9.9")]))).toEqual(sets);
    expect(withoutRejected(sets, new KeyObjects([selection({})]))).toBe(sets);
  });
});
