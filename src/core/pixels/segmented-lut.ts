import { DicomError } from "../dicom/dicom-error.ts";

const DISCRETE = 0;
const LINEAR = 1;
const INDIRECT = 2;

/** A place to read units from, and what has been made of them so far. */
interface Expansion {
  readonly units: readonly number[];
  readonly unitBytes: 1 | 2;
  readonly count: number;
  readonly entries: number[];
  /** Segments that may still be copied by indirect ones. */
  copies: number;
}

/**
 * The entries of a segmented palette channel (PS3.3 C.7.9.2): discrete, linear and indirect segments, as units of 8
 * or 16 bits. Gives at most `count` entries.
 * @throws DicomError `malformed` for unknown segments, ones that are cut off, and indirect ones that nest.
 */
export function expandSegments(
  units: readonly number[],
  count: number,
  bits: number,
): readonly number[] {
  // Each segment gives an entry at least, but for empty ones, which could be copied without end.
  const copies = count + units.length;
  const expansion: Expansion = {
    units,
    unitBytes: bits > 8 ? 2 : 1,
    count,
    entries: [],
    copies,
  };
  let at = 0;
  while (at < units.length && expansion.entries.length < count) {
    // One unit of zero at the end is padding to even length.
    if (at === units.length - 1) break;
    at = expandSegment(expansion, at, true);
  }
  return expansion.entries;
}

/** Expands the segment that starts at a unit and gives the unit after it. */
function expandSegment(expansion: Expansion, at: number, mayBeIndirect: boolean): number {
  const { units } = expansion;
  const opcode = unit(units, at);
  const length = unit(units, at + 1);
  if (opcode === DISCRETE) {
    for (let index = 0; index < length; index += 1) push(expansion, unit(units, at + 2 + index));
    return at + 2 + length;
  }
  if (opcode === LINEAR) {
    expandLinear(expansion, length, unit(units, at + 2));
    return at + 3;
  }
  if (opcode === INDIRECT && mayBeIndirect) {
    expandIndirect(expansion, length, at);
    // 8-bit units hold the 32-bit offset in four units, 16-bit ones in two.
    return at + 2 + (expansion.unitBytes === 1 ? 4 : 2);
  }
  throw new DicomError(
    "malformed",
    `A palette segment has the unknown or misplaced type ${opcode}`,
  );
}

/** `length` entries on a straight line from the entry before to `end`, the end included. */
function expandLinear(expansion: Expansion, length: number, end: number): void {
  const start = expansion.entries.at(-1) ?? 0;
  for (let step = 1; step <= length; step += 1)
    push(expansion, Math.round(start + ((end - start) * step) / length));
}

/** Copies `length` segments from a byte offset. They cannot be indirect themselves, so this ends. */
function expandIndirect(expansion: Expansion, length: number, at: number): void {
  const { units, unitBytes } = expansion;
  const size = unitBytes === 1 ? 8 : 16;
  let offset = 0;
  for (let part = 0; part < 32 / size; part += 1)
    offset += unit(units, at + 2 + part) * 2 ** (part * size);
  let from = offset / unitBytes;
  for (
    let segment = 0;
    segment < length && expansion.entries.length < expansion.count;
    segment += 1
  ) {
    expansion.copies -= 1;
    if (expansion.copies < 0)
      throw new DicomError("malformed", "The segments of a palette are empty");
    from = expandSegment(expansion, from, false);
  }
}

function push(expansion: Expansion, entry: number): void {
  if (expansion.entries.length < expansion.count) expansion.entries.push(entry);
}

function unit(units: readonly number[], at: number): number {
  const value = units[at];
  if (value === undefined) throw new DicomError("malformed", "A palette segment is cut off");
  return value;
}
