import type { CommandSet } from "./command-set.ts";
import { violation } from "./violation.ts";
import { readText, writeText } from "./wire-text.ts";

/** Bytes of a command set that are taken; usual ones have less than 300, but some list the UIDs of all that failed. */
export const MOST_COMMAND_BYTES = 262_144;

/** Command Data Set Type (0000,0800) of messages without a data set. */
const NO_DATA_SET = 0x0101;
/** What DCMTK writes where there is one; any other value would do. */
const HAS_DATA_SET = 0x0001;
const COMMAND_FIELD = 0x0100;
const DATA_SET_TYPE = 0x0800;
const OFFENDING_ELEMENTS = 0x0901;
/** Tag and length of an element in implicit VR little endian. */
const HEADER_LENGTH = 8;

type Draft = { -readonly [Name in keyof CommandSet]: CommandSet[Name] };
/** Names of the fields that are there or not, by the type of their value. */
type NamesOf<Value> = {
  [Name in keyof CommandSet]-?: CommandSet[Name] extends Value | undefined
    ? undefined extends CommandSet[Name]
      ? Name
      : never
    : never;
}[keyof CommandSet];

/** Elements of group 0000 with VR US (PS3.7 annex E). */
const NUMBERS: ReadonlyMap<number, NamesOf<number>> = new Map([
  [0x0110, "messageId"],
  [0x0120, "messageIdBeingRespondedTo"],
  [0x0700, "priority"],
  [0x0900, "status"],
  [0x1002, "eventTypeId"],
  [0x1008, "actionTypeId"],
  [0x1020, "remainingSuboperations"],
  [0x1021, "completedSuboperations"],
  [0x1022, "failedSuboperations"],
  [0x1023, "warningSuboperations"],
  [0x1031, "moveOriginatorMessageId"],
] as const);

/** Elements of group 0000 with text, and what pads them to an even length: VR UI, AE, LO (PS3.7 annex E). */
const TEXTS: ReadonlyMap<number, readonly [name: NamesOf<string>, padding: number]> = new Map([
  [0x0002, ["affectedSopClassUid", 0]],
  [0x0003, ["requestedSopClassUid", 0]],
  [0x0600, ["moveDestination", 0x20]],
  [0x0902, ["errorComment", 0x20]],
  [0x1000, ["affectedSopInstanceUid", 0]],
  [0x1001, ["requestedSopInstanceUid", 0]],
  [0x1030, ["moveOriginatorAeTitle", 0x20]],
] as const);

/** The command set in implicit VR little endian with its group length (PS3.7 section 6.3.1). */
export function writeCommandSet(command: CommandSet): Uint8Array {
  const elements = valuesOf(command).toSorted(([left], [right]) => left - right);
  const length = elements.reduce((sum, [, value]) => sum + HEADER_LENGTH + value.byteLength, 0);
  const bytes = Buffer.alloc(HEADER_LENGTH + 4 + length);
  bytes.writeUInt32LE(4, 4);
  bytes.writeUInt32LE(length, HEADER_LENGTH);
  let at = HEADER_LENGTH + 4;
  for (const [element, value] of elements) {
    bytes.writeUInt16LE(element, at + 2);
    bytes.writeUInt32LE(value.byteLength, at + 4);
    bytes.set(value, at + HEADER_LENGTH);
    at += HEADER_LENGTH + value.byteLength;
  }
  return bytes;
}

function valuesOf(command: CommandSet): readonly (readonly [number, Uint8Array])[] {
  const values: (readonly [number, Uint8Array])[] = [
    [COMMAND_FIELD, uint16(command.commandField)],
    [DATA_SET_TYPE, uint16(command.hasDataSet ? HAS_DATA_SET : NO_DATA_SET)],
  ];
  for (const [element, name] of NUMBERS) {
    const value = command[name];
    if (value !== undefined) values.push([element, uint16(value)]);
  }
  for (const [element, [name, padding]] of TEXTS) {
    const value = command[name];
    if (value !== undefined) values.push([element, padded(value, padding)]);
  }
  if (command.offendingElements !== undefined) {
    values.push([OFFENDING_ELEMENTS, tags(command.offendingElements)]);
  }
  return values;
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8);
}

function padded(text: string, padding: number): Uint8Array {
  const bytes = writeText(text);
  return bytes.byteLength % 2 === 0 ? bytes : Uint8Array.of(...bytes, padding);
}

function tags(values: readonly number[]): Uint8Array {
  return Uint8Array.from(
    values.flatMap((tag) => [tag >>> 16, tag >>> 24, tag, tag >>> 8].map((byte) => byte & 0xff)),
  );
}

/**
 * The command set of the bytes; elements that it has no field for are passed over.
 * @throws DimseError `protocol-violation`
 */
export function readCommandSet(bytes: Uint8Array): CommandSet {
  const draft: Draft = { commandField: -1, hasDataSet: false };
  let isDataSetTypeGiven = false;
  for (const [element, value] of elementsOf(bytes)) {
    if (element === COMMAND_FIELD) draft.commandField = numberOf(value) ?? -1;
    else if (element === DATA_SET_TYPE) {
      draft.hasDataSet = numberOf(value) !== NO_DATA_SET;
      isDataSetTypeGiven = value.byteLength === 2;
    } else readField(element, value, draft);
  }
  if (draft.commandField < 0 || !isDataSetTypeGiven) {
    throw violation("notSpecified", "A command set lacks its Command Field or Data Set Type.");
  }
  return draft;
}

function readField(element: number, value: Uint8Array, draft: Draft): void {
  const numberName = NUMBERS.get(element);
  const number = numberName === undefined ? undefined : numberOf(value);
  if (numberName !== undefined && number !== undefined) draft[numberName] = number;
  const textName = TEXTS.get(element)?.[0];
  if (textName !== undefined && value.byteLength > 0) draft[textName] = readText(value);
  if (element === OFFENDING_ELEMENTS) draft.offendingElements = tagsOf(value);
}

/**
 * Elements of group 0000 with their values; the group length is not needed, as the end is known. Elements of other groups
 * are passed over: some PACS put what belongs in a data set behind the status, such as the UIDs of what failed.
 */
function elementsOf(bytes: Uint8Array): readonly (readonly [number, Uint8Array])[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements: (readonly [number, Uint8Array])[] = [];
  for (let at = 0; at < bytes.byteLength; ) {
    if (at + HEADER_LENGTH > bytes.byteLength) throw notReadable();
    const end = at + HEADER_LENGTH + view.getUint32(at + 4, true);
    if (end > bytes.byteLength) throw notReadable();
    if (view.getUint16(at, true) === 0)
      elements.push([view.getUint16(at + 2, true), bytes.subarray(at + HEADER_LENGTH, end)]);
    at = end;
  }
  return elements;
}

/** The value of an element with VR US; undefined when it is empty. */
function numberOf(value: Uint8Array): number | undefined {
  if (value.byteLength === 0) return undefined;
  if (value.byteLength !== 2) throw notReadable();
  return (value[0] ?? 0) | ((value[1] ?? 0) << 8);
}

function tagsOf(value: Uint8Array): readonly number[] {
  if (value.byteLength % 4 !== 0) throw notReadable();
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return Array.from(
    { length: value.byteLength / 4 },
    (_, at) => view.getUint16(at * 4, true) * 0x10000 + view.getUint16(at * 4 + 2, true),
  );
}

function notReadable(): Error {
  return violation("notSpecified", "A command set cannot be read: it is no list of its elements.");
}
