import type { DataSet } from "../dicom/data-set.ts";
import { displayPersonName } from "../dicom/person-name.ts";
import { objectKindOf } from "../dicom/sop-class.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { FrameReference } from "./display-set.ts";
import type { Instance } from "./instance.ts";
import type {
  KeyObjectMark,
  KeyObjectReference,
  KeyObjectSelection,
  RejectionReason,
} from "./key-objects.ts";

/** Titles of rejection notes (IHE IOCM; PS3.16 CID 7011). */
const REJECTIONS: ReadonlyMap<string, RejectionReason> = new Map([
  ["113001", "quality"],
  ["113037", "patient-safety"],
  ["113038", "wrong-worklist-entry"],
  ["113039", "retention-expired"],
]);

/** Key Object Description, and Person Observer Name (PS3.16 TID 2010). */
const DESCRIPTION = "113012";
const OBSERVER = "121008";

/** The key object selections of a study, for looking up what they say about its frames. */
export class KeyObjects {
  readonly selections: readonly KeyObjectSelection[];
  readonly #marks: ReadonlyMap<string, readonly FrameMark[]>;

  /** @param statements instances among which the selections are; others are left alone */
  constructor(statements: readonly Instance[]) {
    this.selections = statements
      .filter(({ sopClassUid }) => objectKindOf(sopClassUid) === "key-objects")
      .map(readKeyObjectSelection);
    this.#marks = marksByInstance(this.selections);
  }

  /** The marks of one frame, in the order of the selections. */
  marksOf({ instance, frameIndex }: FrameReference): readonly KeyObjectMark[] {
    return (this.#marks.get(instance.sopInstanceUid) ?? [])
      .filter(({ frames }) => frames === undefined || frames.includes(frameIndex + 1))
      .map(({ mark }) => mark);
  }

  /** Why a frame was withdrawn; undefined when it was not. The gravest of several reasons. */
  rejectionOf(reference: FrameReference): RejectionReason | undefined {
    const reasons = this.marksOf(reference).map(({ rejection }) => rejection);
    return GRAVEST_FIRST.find((reason) => reasons.includes(reason));
  }
}

const GRAVEST_FIRST: readonly RejectionReason[] = [
  "wrong-worklist-entry",
  "patient-safety",
  "retention-expired",
  "quality",
];

/** What a Key Object Selection Document says (PS3.3 A.35.4, PS3.16 TID 2010). */
export function readKeyObjectSelection({
  dataSet,
  sopInstanceUid,
  seriesInstanceUid,
}: Instance): KeyObjectSelection {
  const title = dataSet.items(TAGS.ConceptNameCodeSequence)[0];
  const titleCode = title?.string(TAGS.CodeValue) ?? "";
  const content = dataSet.items(TAGS.ContentSequence);
  const observer = content
    .find((item) => conceptOf(item) === OBSERVER)
    ?.personName(TAGS.PersonName);
  return {
    sopInstanceUid,
    seriesInstanceUid,
    titleCode,
    title: [title?.string(TAGS.CodeMeaning) ?? "", ...modifiers(content)]
      .filter((part) => part !== "")
      .join(" · "),
    comment: content.find((item) => conceptOf(item) === DESCRIPTION)?.string(TAGS.TextValue) ?? "",
    observer: observer === undefined ? "" : displayPersonName(observer),
    date: dataSet.string(TAGS.ContentDate) ?? "",
    time: dataSet.string(TAGS.ContentTime) ?? "",
    rejection: rejectionOf(title, titleCode),
    references: readReferences(dataSet, content),
  };
}

/** Codes of other schemes may have the same digits. */
function rejectionOf(title: DataSet | undefined, code: string): RejectionReason | undefined {
  return title?.string(TAGS.CodingSchemeDesignator) === "DCM" ? REJECTIONS.get(code) : undefined;
}

function conceptOf(item: DataSet): string | undefined {
  return item.items(TAGS.ConceptNameCodeSequence)[0]?.string(TAGS.CodeValue);
}

function modifiers(content: readonly DataSet[]): readonly string[] {
  return content
    .filter((item) => item.string(TAGS.RelationshipType) === "HAS CONCEPT MOD")
    .map((item) => item.items(TAGS.ConceptCodeSequence)[0]?.string(TAGS.CodeMeaning) ?? "");
}

/** The objects of the content; of the evidence where the content names none, as some rejection notes are written. */
function readReferences(
  dataSet: DataSet,
  content: readonly DataSet[],
): readonly KeyObjectReference[] {
  const evidence = readEvidence(dataSet);
  const places = new Map(evidence.map((one) => [one.sopInstanceUid, one]));
  const named = content
    .flatMap((item) => item.items(TAGS.ReferencedSOPSequence))
    .flatMap((item) => readReference(item, places));
  return named.length > 0 ? named : evidence;
}

function readReference(
  item: DataSet,
  places: ReadonlyMap<string, KeyObjectReference>,
): readonly KeyObjectReference[] {
  const sopInstanceUid = item.string(TAGS.ReferencedSOPInstanceUID);
  if (sopInstanceUid === undefined) return [];
  const place = places.get(sopInstanceUid);
  const frames = item.numbers(TAGS.ReferencedFrameNumber);
  return [
    {
      studyInstanceUid: place?.studyInstanceUid,
      seriesInstanceUid: place?.seriesInstanceUid,
      sopClassUid: item.string(TAGS.ReferencedSOPClassUID) ?? "",
      sopInstanceUid,
      frameNumbers: frames.length === 0 ? undefined : frames,
    },
  ];
}

/** Current Requested Procedure Evidence and Pertinent Other Evidence: where the named objects are (PS3.3 C.17.2). */
function readEvidence(dataSet: DataSet): readonly KeyObjectReference[] {
  const studies = [
    ...dataSet.items(TAGS.CurrentRequestedProcedureEvidenceSequence),
    ...dataSet.items(TAGS.PertinentOtherEvidenceSequence),
  ];
  return studies.flatMap((study) =>
    study.items(TAGS.ReferencedSeriesSequence).flatMap((series) =>
      series.items(TAGS.ReferencedSOPSequence).flatMap((item): KeyObjectReference[] => {
        const sopInstanceUid = item.string(TAGS.ReferencedSOPInstanceUID);
        if (sopInstanceUid === undefined) return [];
        return [
          {
            studyInstanceUid: study.string(TAGS.StudyInstanceUID),
            seriesInstanceUid: series.string(TAGS.SeriesInstanceUID),
            sopClassUid: item.string(TAGS.ReferencedSOPClassUID) ?? "",
            sopInstanceUid,
            frameNumbers: undefined,
          },
        ];
      }),
    ),
  );
}

interface FrameMark {
  /** From 1; undefined: all. */
  readonly frames: readonly number[] | undefined;
  readonly mark: KeyObjectMark;
}

function marksByInstance(
  selections: readonly KeyObjectSelection[],
): ReadonlyMap<string, readonly FrameMark[]> {
  const marks = new Map<string, FrameMark[]>();
  for (const { references, ...mark } of selections) {
    for (const { sopInstanceUid, frameNumbers } of references) {
      const known = marks.get(sopInstanceUid) ?? [];
      marks.set(sopInstanceUid, known);
      known.push({ frames: frameNumbers, mark });
    }
  }
  return marks;
}
