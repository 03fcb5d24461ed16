import { type ByteSource, bytesSource } from "./byte-source.ts";
import { isKnownCharacterSet } from "./character-set.ts";
import { DataSet } from "./data-set.ts";
import { parseDataSet } from "./data-set-parser.ts";
import { DeviationLog } from "./deviation-log.ts";
import { DicomError } from "./dicom-error.ts";
import type { DicomFile } from "./dicom-file.ts";
import type { ElementEncoding } from "./element-header.ts";
import { findFirstElement } from "./file-start.ts";
import { guessEncoding } from "./guess-encoding.ts";
import { inflateDataSet } from "./inflate.ts";
import { type ParseOptions, ParseState } from "./parse-state.ts";
import { SourceWindow } from "./source-window.ts";
import {
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  transferSyntaxOf,
} from "./transfer-syntax.ts";

const GROUP_LENGTH = 0x00020000;
const TRANSFER_SYNTAX_UID = 0x00020010;
const SPECIFIC_CHARACTER_SET = 0x00080005;
/** Bytes of a deflated data set, which has to be in memory as a whole. */
const DEFLATED_LIMIT = 256 * 1024 * 1024;
const DEFAULT_INLINE_LIMIT = 256 * 1024;

/** How a file is read. */
export interface ReadOptions {
  /** Longer values of OB, OD, OF, OL, OV, OW, UC, UN, UR and UT stay in the source as ranges; bytes, 262144 by default. */
  readonly inlineLimit?: number;
  readonly signal?: AbortSignal;
  /** Leaves off at the pixel data of the data set (not of icons in it), without a look at their fragments. */
  readonly stopAtPixelData?: boolean;
}

/**
 * Reads a DICOM file, of any syntax and in spite of common deviations; pixel data stay where they are.
 * @throws DicomError `not-dicom`, `truncated`, `malformed`, `limit-exceeded`
 */
export async function readDicom(source: ByteSource, options: ReadOptions = {}): Promise<DicomFile> {
  const log = new DeviationLog();
  const parseOptions: ParseOptions = {
    inlineLimit: options.inlineLimit ?? DEFAULT_INLINE_LIMIT,
    stopAtPixelData: options.stopAtPixelData ?? false,
    isMeta: false,
  };
  const window = new SourceWindow(source, options.signal);
  await window.load(0, 1);
  const first = findFirstElement(window, log);
  const { meta, end } = await readMeta(window, first, parseOptions, log);
  const declaredUid = meta.string(TRANSFER_SYNTAX_UID);
  const start = await openDataSet({ window, source, start: end, declaredUid, log }, options.signal);
  const state = new ParseState(start.window, start.offset, start.encoding, parseOptions, log);
  const dataSet = await parseDataSet(state);
  if (dataSet.elements.size === 0 && log.has("truncated"))
    throw new DicomError("truncated", "The file ends before its first value", { offset: end });
  noteCharacterSet(dataSet, log);
  const { pixelData } = state;
  const uid = settleSyntax(start.uid, pixelData.kind, log);
  return {
    meta,
    dataSet,
    transferSyntaxUid: uid,
    transferSyntax: transferSyntaxOf(uid),
    deviations: log.deviations,
    source: start.source,
    pixelData,
  };
}

/** Group 0002 (PS3.10 section 7.1): ends where the group does, whatever its length says. */
async function readMeta(
  window: SourceWindow,
  offset: number,
  options: ParseOptions,
  log: DeviationLog,
): Promise<{ readonly meta: DataSet; readonly end: number }> {
  await hold(window, offset, 8);
  const encoding = guessEncoding(window, offset);
  if (encoding === undefined)
    throw new DicomError("not-dicom", "No element begins here", { offset });
  const state = new ParseState(window, offset, encoding, { ...options, isMeta: true }, log);
  const isMeta = window.view.getUint16(offset - window.start, encoding.littleEndian) === 2;
  if (!isMeta) {
    log.add("no-meta", "The file has no file meta information", { offset });
    return { meta: new DataSet([]), end: offset };
  }
  if (!encoding.explicitVr || !encoding.littleEndian)
    log.add("meta-encoding", "The file meta information is not in explicit VR little endian", {
      offset,
    });
  const meta = await parseDataSet(state);
  checkGroupLength(meta, offset, state.position, log);
  return { meta, end: state.position };
}

function checkGroupLength(meta: DataSet, start: number, end: number, log: DeviationLog): void {
  const declared = meta.number(GROUP_LENGTH);
  if (declared === undefined)
    log.add("no-group-length", "The file meta information does not say its length", {
      offset: start,
    });
  else if (start + 12 + declared !== end)
    log.add("wrong-group-length", "The length of the file meta information is wrong", {
      tag: GROUP_LENGTH,
      offset: start,
    });
}

/** A data set that is about to be read, and what is known of it so far. */
interface DataSetStart {
  readonly window: SourceWindow;
  readonly source: ByteSource;
  readonly offset: number;
  readonly encoding: ElementEncoding;
  readonly uid: string;
}

interface Opening {
  readonly window: SourceWindow;
  readonly source: ByteSource;
  readonly start: number;
  readonly declaredUid: string | undefined;
  readonly log: DeviationLog;
}

/** Finds the encoding of the data set: as declared, unless its first element shows another. */
async function openDataSet(
  opening: Opening,
  signal: AbortSignal | undefined,
): Promise<DataSetStart> {
  const { window, source, start, declaredUid, log } = opening;
  const declared = declaredUid === undefined ? undefined : transferSyntaxOf(declaredUid);
  if (declaredUid !== undefined && declared?.isDeflated === true) {
    const deflated = await readRest(source, window, start, signal);
    const inflated = bytesSource(await inflateDataSet(deflated, log, signal));
    const inner = new SourceWindow(inflated, signal);
    await inner.load(0, 1);
    const encoding = { explicitVr: declared.explicitVr, littleEndian: declared.littleEndian };
    return { window: inner, source: inflated, offset: 0, encoding, uid: declaredUid };
  }
  await hold(window, start, 8);
  const shown = guessEncoding(window, start);
  if (declaredUid === undefined)
    log.add("no-transfer-syntax", "The file does not say its transfer syntax", { offset: start });
  else if (declared === undefined)
    log.add("unknown-transfer-syntax", "The transfer syntax is not known", { offset: start });
  const encoding = shown ?? declared ?? { explicitVr: true, littleEndian: true };
  const isOther =
    declared !== undefined &&
    (encoding.explicitVr !== declared.explicitVr ||
      encoding.littleEndian !== declared.littleEndian);
  if (isOther)
    log.add(
      "wrong-transfer-syntax",
      "The data set is not in the transfer syntax that is declared",
      {
        offset: start,
      },
    );
  const isKept = declaredUid !== undefined && (!isOther || declared.isEncapsulated);
  return {
    window,
    source,
    offset: start,
    encoding: { explicitVr: encoding.explicitVr, littleEndian: encoding.littleEndian },
    uid: isKept ? declaredUid : nativeUid(encoding),
  };
}

function nativeUid({ explicitVr, littleEndian }: ElementEncoding): string {
  if (!explicitVr) return IMPLICIT_VR_LITTLE_ENDIAN;
  return littleEndian ? EXPLICIT_VR_LITTLE_ENDIAN : EXPLICIT_VR_BIG_ENDIAN;
}

/** All bytes from an offset on; a deflated data set cannot be read otherwise. */
async function readRest(
  source: ByteSource,
  window: SourceWindow,
  offset: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const length = window.sourceEnd === undefined ? DEFLATED_LIMIT + 1 : window.sourceEnd - offset;
  const bytes = length > DEFLATED_LIMIT + 1 ? undefined : await source.read(offset, length, signal);
  if (bytes === undefined || bytes.byteLength > DEFLATED_LIMIT)
    throw new DicomError("limit-exceeded", `The deflated data set exceeds ${DEFLATED_LIMIT} bytes`);
  return bytes;
}

async function hold(window: SourceWindow, offset: number, length: number): Promise<void> {
  if (!window.holds(offset, length)) await window.load(offset, length);
}

/** Pixel data may be in another form than the syntax says; native ones are then what they look like. */
function settleSyntax(uid: string, kind: "none" | "native" | "encapsulated", log: DeviationLog) {
  const syntax = transferSyntaxOf(uid);
  if (syntax === undefined || kind === "none") return uid;
  if (kind === "encapsulated" && !syntax.isEncapsulated)
    log.add(
      "encapsulated-in-native",
      "Pixel data are encapsulated in a syntax that does not do so",
    );
  if (kind === "native" && syntax.isEncapsulated) {
    log.add("native-in-encapsulated", "Pixel data are native in a syntax that encapsulates them");
    return EXPLICIT_VR_LITTLE_ENDIAN;
  }
  return uid;
}

function noteCharacterSet(dataSet: DataSet, log: DeviationLog): void {
  if (!isKnownCharacterSet(dataSet.strings(SPECIFIC_CHARACTER_SET)))
    log.add("unknown-character-set", "The character set is none of the standard", {
      tag: SPECIFIC_CHARACTER_SET,
    });
}
