import type { ByteSource } from "./byte-source.ts";
import { type DataElement, DataSet } from "./data-set.ts";
import { DicomError } from "./dicom-error.ts";
import type { DicomFile } from "./dicom-file.ts";
import { MADE_UP_BY } from "./made-up-mark.ts";
import { Sha256 } from "./sha-256.ts";
import type { Tag } from "./tag.ts";
import * as TAGS from "./tags.generated.ts";
import { isUid } from "./uid.ts";

/** Secondary Capture Image Storage: an image of which nothing is claimed but its pixels (PS3.3 A.8.1). */
const SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";
const LONGEST_UID = 64;
const READ_BYTES = 1024 * 1024;

/** An identifier that a file does not have, or has in a form that cannot stand in an address. */
export interface MadeUpIdentifier {
  readonly tag: Tag;
  readonly reason: "missing" | "invalid";
}

/** By what an instance is found. */
export interface Identifiers {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  /** Empty when the file does not say, and its content does not either. */
  readonly sopClassUid: string;
  /** Those of them that are not of the file; nearly always none. */
  readonly madeUp: readonly MadeUpIdentifier[];
}

const NAMES: ReadonlyMap<Tag, string> = new Map([
  [TAGS.StudyInstanceUID, "Study Instance UID"],
  [TAGS.SeriesInstanceUID, "Series Instance UID"],
  [TAGS.SOPInstanceUID, "SOP Instance UID"],
  [TAGS.SOPClassUID, "SOP Class UID"],
]);

/**
 * The identifiers of a file. UIDs that are missing or invalid are made up of the content of the whole file: the same
 * file has the same ones everywhere and for ever, and files of different content share none. So a file without Study
 * Instance UID is a study of its own, one without Series Instance UID a series of its own. An image without SOP Class
 * counts as Secondary Capture.
 * @param content all bytes of the file as they are stored; read only where something has to be made up
 * @throws DicomError `missing-attribute`, `invalid-value` or `truncated` when UIDs are lacking, and the rest says too
 * little for an object to be shown
 */
export async function identifiersOf(
  file: DicomFile,
  content: ByteSource,
  signal?: AbortSignal,
): Promise<Identifiers> {
  const { meta, dataSet } = file;
  const study = readUid(TAGS.StudyInstanceUID, dataSet.string(TAGS.StudyInstanceUID));
  const series = readUid(TAGS.SeriesInstanceUID, dataSet.string(TAGS.SeriesInstanceUID));
  const instance = readUid(
    TAGS.SOPInstanceUID,
    dataSet.string(TAGS.SOPInstanceUID),
    meta.string(TAGS.MediaStorageSOPInstanceUID),
  );
  const sopClass = readUid(
    TAGS.SOPClassUID,
    dataSet.string(TAGS.SOPClassUID),
    meta.string(TAGS.MediaStorageSOPClassUID),
  );
  const lacking = [study, series, instance].flatMap(({ lacks }) => lacks ?? []);
  const sopClassUid = sopClass.uid ?? (isImage(file) ? SECONDARY_CAPTURE : "");
  if (lacking.length > 0) checkContent(file, sopClassUid, lacking);
  const digest = lacking.length > 0 ? await digestOf(content, signal) : "";
  const isClassDerived = sopClass.lacks !== undefined && sopClassUid !== "";
  return {
    studyInstanceUid: study.uid ?? madeUpUid("study", digest),
    seriesInstanceUid: series.uid ?? madeUpUid("series", digest),
    sopInstanceUid: instance.uid ?? madeUpUid("instance", digest),
    sopClassUid,
    madeUp: isClassDerived && sopClass.lacks ? [...lacking, sopClass.lacks] : lacking,
  };
}

/**
 * The attributes of a file with its identifiers as they are used. What was made up is told in an item of the Original
 * Attributes Sequence (PS3.3 C.12.1), with what stood there before; the item has no time, as the file is not changed.
 */
export function withIdentifiers(dataSet: DataSet, identifiers: Identifiers): DataSet {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid, sopClassUid, madeUp } = identifiers;
  const used = [
    [TAGS.StudyInstanceUID, studyInstanceUid],
    [TAGS.SeriesInstanceUID, seriesInstanceUid],
    [TAGS.SOPInstanceUID, sopInstanceUid],
    [TAGS.SOPClassUID, sopClassUid],
  ] as const;
  const changed = used.filter(([tag, uid]) => uid !== "" && dataSet.string(tag) !== uid);
  if (changed.length === 0 && madeUp.length === 0) return dataSet;
  const elements = changed.map(([tag, uid]) => textElement(tag, "UI", uid));
  const mark = madeUp.length === 0 ? [] : [originalAttributes(dataSet, madeUp)];
  return new DataSet([...dataSet.elements.values(), ...elements, ...mark], dataSet.encoding);
}

/** Why something was made up: `Study Instance UID is missing, SOP Class UID is not a UID`. */
export function madeUpReason(madeUp: readonly MadeUpIdentifier[]): string {
  return madeUp
    .map(
      ({ tag, reason }) => `${NAMES.get(tag)} is ${reason === "missing" ? "missing" : "not a UID"}`,
    )
    .join(", ");
}

/** The first value that is a UID, or what is wrong. */
function readUid(
  tag: Tag,
  ...values: readonly (string | undefined)[]
): { readonly uid?: string; readonly lacks?: MadeUpIdentifier } {
  const given = values.filter((value) => value !== undefined);
  const uid = given.find(isUid);
  if (uid !== undefined) return { uid };
  return { lacks: { tag, reason: given.length === 0 ? "missing" : "invalid" } };
}

/** An object that does not say where it belongs must at least say what it is, and be all there. */
function checkContent(
  { pixelData, deviations }: DicomFile,
  sopClassUid: string,
  lacking: readonly MadeUpIdentifier[],
): void {
  const reason = madeUpReason(lacking);
  if (pixelData.kind === "none" && deviations.some(({ code }) => code === "truncated"))
    throw new DicomError("truncated", `The file breaks off: ${reason}`);
  if (sopClassUid !== "") return;
  const isMissing = lacking.some((one) => one.reason === "missing");
  throw new DicomError(
    isMissing ? "missing-attribute" : "invalid-value",
    `${reason}, and nothing says what the object is`,
  );
}

function isImage({ dataSet, pixelData }: DicomFile): boolean {
  const hasMatrix = (dataSet.number(TAGS.Rows) ?? 0) > 0 && (dataSet.number(TAGS.Columns) ?? 0) > 0;
  return hasMatrix && pixelData.kind !== "none";
}

/** SHA-256 of all bytes, in hexadecimal digits. */
async function digestOf(content: ByteSource, signal?: AbortSignal): Promise<string> {
  const hash = new Sha256();
  for (let offset = 0; ; ) {
    const bytes = await content.read(offset, READ_BYTES, signal);
    if (bytes.byteLength === 0) break;
    hash.update(bytes);
    offset += bytes.byteLength;
  }
  return Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** `2.25.` and 128 bits of a hash as a UUID of version 8 (PS3.5 annex B.2, RFC 9562 section 5.8). */
function madeUpUid(level: "study" | "series" | "instance", digest: string): string {
  const hash = new Sha256();
  hash.update(new TextEncoder().encode(`negato made-up identifier 1/${level}/${digest}`));
  const bytes = hash.digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const number = bytes.subarray(0, 16).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return `2.25.${number}`;
}

function originalAttributes(dataSet: DataSet, madeUp: readonly MadeUpIdentifier[]): DataElement {
  const before = madeUp.map(({ tag }) =>
    textElement(tag, "UI", (dataSet.string(tag) ?? "").slice(0, LONGEST_UID)),
  );
  const item = new DataSet([
    sequence(TAGS.ModifiedAttributesSequence, [new DataSet(before)]),
    textElement(TAGS.AttributeModificationDateTime, "DT", ""),
    textElement(TAGS.ModifyingSystem, "LO", MADE_UP_BY),
    textElement(TAGS.SourceOfPreviousValues, "LO", ""),
    textElement(TAGS.ReasonForTheAttributeModification, "CS", "CORRECT"),
  ]);
  return sequence(TAGS.OriginalAttributesSequence, [
    ...dataSet.items(TAGS.OriginalAttributesSequence),
    item,
  ]);
}

function sequence(tag: Tag, items: readonly DataSet[]): DataElement {
  return { tag, vr: "SQ", value: { kind: "items", items } };
}

function textElement(tag: Tag, vr: "UI" | "DT" | "LO" | "CS", text: string): DataElement {
  return { tag, vr, value: { kind: "strings", strings: text === "" ? [] : [text] } };
}
