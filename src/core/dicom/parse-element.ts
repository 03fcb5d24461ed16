import type { ByteRange, DataElement, ElementValue } from "./data-set.ts";
import { DicomError } from "./dicom-error.ts";
import {
  type ElementHeader,
  headerSize,
  readHeader,
  readTag,
  UNDEFINED_LENGTH,
} from "./element-header.ts";
import { implicitVr } from "./implicit-vr.ts";
import { type DataSetLevel, noteCreator } from "./parse-level.ts";
import { openSequence } from "./parse-sequence.ts";
import type { ParseState } from "./parse-state.ts";
import { elementOf, groupOf, isPrivateTag, type Tag } from "./tag.ts";
import type { Vr } from "./vr.ts";

const ITEM = 0xfffee000;
const ITEM_DELIMITER = 0xfffee00d;
const SPECIFIC_CHARACTER_SET = 0x00080005;
const PIXEL_REPRESENTATION = 0x00280103;

const PIXEL_DATA_TAGS: ReadonlySet<Tag> = new Set([0x7fe00008, 0x7fe00009, 0x7fe00010]);

/** VRs whose long values stay in the source. */
const BULK_VRS: ReadonlySet<Vr> = new Set<Vr>([
  "OB",
  "OD",
  "OF",
  "OL",
  "OV",
  "OW",
  "UC",
  "UN",
  "UR",
  "UT",
]);
/** Values of any VR beyond this stay in the source. */
const LARGEST_INLINE = 16 * 1024 * 1024;
/** Bytes looked at to find out how a header without a VR is meant. */
const LOOK_AHEAD = 4096;

/**
 * Reads one element of a data set, or a delimiter, of which eight bytes are in memory. False when bytes are
 * missing.
 * @throws DicomError `malformed`, `limit-exceeded`
 */
export function stepDataSet(state: ParseState, level: DataSetLevel): boolean {
  const { window, header } = state;
  const tag = readTag(window, state.position, level.encoding.littleEndian);
  if (groupOf(tag) === 0xfffe) return stepDelimiter(state, level, tag);
  if (level === state.root && isEndOfRoot(state, tag)) {
    state.finish();
    return true;
  }
  const size = headerSize(window, state.position, level.encoding);
  if (size > 8 && !state.has(size)) return state.isDone;
  readHeader(header, window, state.position, level.encoding);
  if (header.isGuessed) {
    if (!state.hasAvailable(LOOK_AHEAD)) return false;
    readHeader(header, window, state.position, level.encoding);
  }
  return readElement(state, level);
}

function isEndOfRoot(state: ParseState, tag: Tag): boolean {
  if (state.options.isMeta) return groupOf(tag) !== 2;
  if (tag !== 0 || state.root.elements.length === 0) return false;
  state.log.add("trailing-bytes", "Bytes of no meaning follow the data set", {
    offset: state.position,
  });
  return true;
}

function stepDelimiter(state: ParseState, level: DataSetLevel, tag: Tag): boolean {
  const offset = state.position;
  if (tag === ITEM_DELIMITER && level.isDelimited) {
    state.pop();
    state.position += 8;
  } else if (tag === ITEM_DELIMITER || level === state.root) {
    state.log.add("stray-delimiter", "A delimiter stands where nothing is to be delimited", {
      offset,
    });
    state.position += 8;
  } else {
    state.log.add("missing-item-delimiter", "An item ends without its delimiter", { offset });
    state.pop();
  }
  return true;
}

function readElement(state: ParseState, level: DataSetLevel): boolean {
  const { header } = state;
  const { tag, length } = header;
  const vr = vrOfElement(level, header);
  const start = state.position + header.size;
  const isUndefined = length === UNDEFINED_LENGTH;
  if (!isUndefined && start + length > level.end)
    throw new DicomError("malformed", "A value is longer than the item it is in", {
      tag,
      offset: state.position,
    });
  if (level === state.root && PIXEL_DATA_TAGS.has(tag)) return readPixelData(state, level, vr);
  if (isUndefined) return openUndefined(state, level, vr);
  if (vr !== "SQ") {
    const isSequence = isSequenceInside(state, level, vr);
    if (isSequence === undefined) return state.isDone;
    if (!isSequence) return readValue(state, level, vr ?? "UN");
  }
  noteElement(state, level);
  openSequence(state, itemEncoding(level, header.vr ?? vr), start, start + length);
  return true;
}

/** VR of an element: as it says, or by the dictionary where it says nothing, UN or nonsense; undefined when unknown. */
function vrOfElement(level: DataSetLevel, header: ElementHeader): Vr | undefined {
  if (header.vr !== undefined && header.vr !== "UN") return header.vr;
  // A UN value is in little endian (PS3.5 section 6.2.2); in a big endian data set its numbers would be misread.
  if (!level.encoding.littleEndian) return undefined;
  return implicitVr(level, header.tag);
}

/** Encoding of the items of a sequence; undefined where its first item is to show it: in a UN value. */
function itemEncoding(level: DataSetLevel, vr: Vr | undefined) {
  const isUnknown = vr === "UN" && level.encoding.explicitVr;
  return isUnknown ? undefined : level.encoding;
}

/** Counts the element and lists what is wrong with its header. */
function noteElement(state: ParseState, level: DataSetLevel): void {
  const { header, log, position: offset } = state;
  const { tag, length } = header;
  if (header.isGuessed) log.add("unknown-vr", "A VR is none of the standard", { tag, offset });
  if (length % 2 === 1 && length !== UNDEFINED_LENGTH)
    log.add("odd-length", "A value has an odd length", { tag, offset });
  if (tag <= level.lastTag)
    log.add("out-of-order", "Elements are not in ascending order of tag", { tag, offset });
  level.lastTag = tag;
  state.countOne();
}

function readPixelData(state: ParseState, level: DataSetLevel, vr: Vr = "OW"): boolean {
  const { tag, length, size } = state.header;
  const offset = state.position + size;
  const isEncapsulated = length === UNDEFINED_LENGTH;
  const left = (state.window.sourceEnd ?? Number.POSITIVE_INFINITY) - offset;
  state.pixelData = isEncapsulated
    ? { kind: "encapsulated", tag, vr, offset, value: undefined }
    : {
        kind: "native",
        tag,
        vr,
        range: { offset, length: Math.max(0, Math.min(length, left)) },
        declaredLength: length,
      };
  if (state.options.stopAtPixelData) {
    if (!isEncapsulated && left < length) state.endInValue(tag);
    else state.finish();
    return true;
  }
  if (isEncapsulated) openFragments(state, level, vr);
  else readRange(state, level, vr);
  return true;
}

function openUndefined(state: ParseState, level: DataSetLevel, vr: Vr | undefined): boolean {
  const { tag, size } = state.header;
  if (vr === "OB" || vr === "OW") {
    openFragments(state, level, vr);
    return true;
  }
  if (vr !== "SQ" && vr !== "UN" && vr !== undefined && state.header.vr !== "UN")
    throw new DicomError("malformed", `A value of VR ${vr} has undefined length`, {
      tag,
      offset: state.position,
    });
  noteElement(state, level);
  const encoding = itemEncoding(level, state.header.vr ?? vr);
  openSequence(state, encoding, state.position + size, level.end);
  return true;
}

function openFragments(state: ParseState, level: DataSetLevel, vr: Vr): void {
  noteElement(state, level);
  const offset = state.position + state.header.size;
  state.stack.push({
    kind: "fragments",
    tag: state.header.tag,
    vr,
    offset,
    littleEndian: level.encoding.littleEndian,
    basicOffsetTable: undefined,
    fragments: [],
  });
  state.position = offset;
}

/** Whether a value of unknown VR begins with an item that fits into it; undefined when it is not in memory. */
function isSequenceInside(
  state: ParseState,
  level: DataSetLevel,
  vr: Vr | undefined,
): boolean | undefined {
  const { header, window } = state;
  if (vr !== undefined || header.length < 8) return false;
  if (!state.has(header.size + 8)) return undefined;
  const start = state.position + header.size;
  const { littleEndian } = level.encoding;
  if (readTag(window, start, littleEndian) !== ITEM) return false;
  const itemLength = window.view.getUint32(start + 4 - window.start, littleEndian);
  return itemLength === UNDEFINED_LENGTH || itemLength <= header.length - 8;
}

function readValue(state: ParseState, level: DataSetLevel, vr: Vr): boolean {
  const { header, window } = state;
  const { length, size, tag } = header;
  const isBulk = BULK_VRS.has(vr) && length > state.options.inlineLimit;
  if (isBulk || length > LARGEST_INLINE) {
    readRange(state, level, vr);
    return true;
  }
  const start = state.position + size;
  if (!window.holds(state.position, size + length)) {
    const end = window.sourceEnd;
    if (end !== undefined && start + length > end) {
      state.endInValue(tag);
      return true;
    }
    state.needed = { offset: state.position, length: size + length };
    return false;
  }
  const at = start - window.start;
  const bytes = window.bytes.subarray(at, at + length);
  addElement(state, level, vr, { kind: "bytes", bytes });
  noteValue(level, tag, bytes);
  state.position = start + length;
  return true;
}

/** Leaves a value in the source, as far as it exists there. */
function readRange(state: ParseState, level: DataSetLevel, vr: Vr): void {
  const { length, size, tag } = state.header;
  const offset = state.position + size;
  const exists = state.existing({ offset, length }, (range) => {
    level.elements.pop();
    keepRange(state, level, { tag, vr, value: { kind: "range", range } });
  });
  noteElement(state, level);
  keepRange(state, level, { tag, vr, value: { kind: "range", range: { offset, length: exists } } });
  if (exists < length) state.endInValue(tag);
  else state.position = offset + length;
}

function keepRange(
  state: ParseState,
  level: DataSetLevel,
  element: DataElement & { readonly value: { readonly kind: "range"; readonly range: ByteRange } },
): void {
  level.elements.push(element);
  const { pixelData } = state;
  if (pixelData.kind === "native" && pixelData.tag === element.tag && level === state.root)
    state.pixelData = { ...pixelData, range: element.value.range };
}

function addElement(state: ParseState, level: DataSetLevel, vr: Vr, value: ElementValue): void {
  noteElement(state, level);
  level.elements.push({ tag: state.header.tag, vr, value });
}

/** Keeps what later elements are read by. */
function noteValue(level: DataSetLevel, tag: Tag, bytes: Uint8Array): void {
  if (tag === SPECIFIC_CHARACTER_SET) noteCharacterSet(level, asciiValues(bytes));
  else if (tag === PIXEL_REPRESENTATION) level.isSigned = bytes[0] === 1 || bytes[1] === 1;
  else if (isPrivateTag(tag) && elementOf(tag) >= 0x10 && elementOf(tag) <= 0xff)
    noteCreator(level, tag, asciiValues(bytes)[0] ?? "");
}

/** An empty declaration is none: what holds around it, or in its absence, still does. */
function noteCharacterSet(level: DataSetLevel, terms: readonly string[]): void {
  if (terms.some((term) => term !== "")) level.characterSet = terms;
}

/** The values of an attribute of the default repertoire. */
function asciiValues(bytes: Uint8Array): readonly string[] {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text.split("\\").map((value) => value.replace(/[\0 ]+$/, "").replace(/^ +/, ""));
}
