import type { StoredObject } from "./object-store.ts";
import type { StoredRecord } from "./stored-record.ts";

/** What the journal says: one after the other they make the index. */
export type JournalEntry =
  | {
      /** An object is complete, and replaces one of the same SOP Instance UID. */
      readonly kind: "record";
      /** Name of the record, 16 bytes as base64url. */
      readonly name: string;
      /** Name of the file that it lies in. */
      readonly segment: string;
      /** Runs of chunks in that file: offset, count of chunks, offset, count of chunks … */
      readonly extents: readonly number[];
      readonly object: StoredObject;
    }
  | { readonly kind: "gone"; readonly names: readonly string[] }
  /** A study was used at this time of the store's clock. */
  | { readonly kind: "used"; readonly studyInstanceUid: string; readonly time: number }
  /** What is kept with a study from here on. */
  | { readonly kind: "mark"; readonly studyInstanceUid: string; readonly text: string };

/** Entries that were written together. */
export interface JournalFrame {
  /** Of the store's clock. */
  readonly time: number;
  /** Of the machine's clock, milliseconds since 1970. */
  readonly wall: number;
  readonly entries: readonly JournalEntry[];
}

/** What the journal says of a complete record. */
export function entryOf(record: StoredRecord): JournalEntry {
  const { object, name, segment, extents } = record;
  if (object === undefined) throw new Error("A record that is not complete is not for the journal");
  return { kind: "record", name, segment: segment?.name ?? "", extents, object };
}

/** A frame as text: JSON, in which strings that recur are written once. */
export function frameText({ time, wall, entries }: JournalFrame): string {
  const strings = new Map<string, number>();
  const numberOf = (text: string) => {
    const known = strings.get(text);
    if (known !== undefined) return known;
    strings.set(text, strings.size);
    return strings.size - 1;
  };
  const rows = entries.map((entry) => {
    if (entry.kind === "gone") return ["gone", ...entry.names];
    if (entry.kind === "used") return ["used", entry.studyInstanceUid, entry.time];
    if (entry.kind === "mark") return ["mark", entry.studyInstanceUid, entry.text];
    const { object } = entry;
    return [
      numberOf(object.studyInstanceUid),
      numberOf(object.seriesInstanceUid),
      object.sopInstanceUid,
      numberOf(object.sopClassUid),
      numberOf(object.transferSyntaxUid),
      object.origin === "received" ? 1 : 0,
      object.byteLength,
      object.etag,
      object.receivedAt,
      entry.name,
      numberOf(entry.segment),
      ...entry.extents,
    ];
  });
  return JSON.stringify([time, wall, [...strings.keys()], rows]);
}

/** Reads frames; strings that recur in any of them are shared, as there may be some hundred thousand objects. */
export class FrameReader {
  readonly #shared = new Map<string, string>();

  /** Undefined when the text is no frame. */
  read(text: string): JournalFrame | undefined {
    const frame: unknown = JSON.parse(text);
    if (!Array.isArray(frame)) return undefined;
    const [time, wall, strings, rows]: readonly unknown[] = frame;
    if (typeof time !== "number" || typeof wall !== "number") return undefined;
    if (!Array.isArray(strings) || !strings.every(isString) || !Array.isArray(rows))
      return undefined;
    const shared = strings.map((text) => this.#share(text));
    const entries: JournalEntry[] = [];
    for (const row of rows) {
      const entry = Array.isArray(row) ? readEntry(row, shared) : undefined;
      if (entry === undefined) return undefined;
      entries.push(entry);
    }
    return { time, wall, entries };
  }

  #share(text: string): string {
    const known = this.#shared.get(text);
    if (known !== undefined) return known;
    this.#shared.set(text, text);
    return text;
  }
}

function readEntry(row: readonly unknown[], strings: readonly string[]): JournalEntry | undefined {
  if (row[0] === "gone") {
    const names = row.slice(1);
    return names.every(isString) ? { kind: "gone", names } : undefined;
  }
  if (row[0] === "used") {
    const [, studyInstanceUid, time] = row;
    if (!isString(studyInstanceUid) || !isCount(time)) return undefined;
    return { kind: "used", studyInstanceUid, time };
  }
  if (row[0] === "mark") {
    const [, studyInstanceUid, text] = row;
    if (!isString(studyInstanceUid) || !isString(text)) return undefined;
    return { kind: "mark", studyInstanceUid, text };
  }
  return readRecord(row, strings);
}

function readRecord(row: readonly unknown[], strings: readonly string[]): JournalEntry | undefined {
  const [study, series, sop, sopClass, syntax, origin, byteLength, etag, receivedAt] = row;
  const [name, segment] = row.slice(9, 11);
  const extents = row.slice(11);
  const [studyInstanceUid, seriesInstanceUid, sopClassUid, transferSyntaxUid, segmentName] = [
    study,
    series,
    sopClass,
    syntax,
    segment,
  ].map((index) => (isCount(index) ? strings[index] : undefined));
  if (studyInstanceUid === undefined || seriesInstanceUid === undefined) return undefined;
  if (sopClassUid === undefined || transferSyntaxUid === undefined) return undefined;
  if (segmentName === undefined || !isString(sop) || !isString(etag) || !isString(name))
    return undefined;
  if (!isCount(byteLength) || typeof receivedAt !== "number" || !extents.every(isCount))
    return undefined;
  return {
    kind: "record",
    name,
    segment: segmentName,
    extents,
    object: {
      studyInstanceUid,
      seriesInstanceUid,
      sopInstanceUid: sop,
      sopClassUid,
      transferSyntaxUid,
      origin: origin === 1 ? "received" : "retrieved",
      byteLength,
      etag,
      receivedAt,
    },
  };
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && value >= 0;
}
