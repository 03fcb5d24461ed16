import type { DiskObjectStore } from "./disk-object-store.ts";
import type { ReadJournal } from "./journal.ts";
import type { JournalEntry, JournalFrame } from "./journal-entry.ts";
import { chunkCountOf, TAG_BYTES } from "./record-cipher.ts";
import { Segment, type SegmentFiles } from "./segment.ts";
import type { StoreClock } from "./store-clock.ts";
import { endOfRecord, isWhole, StoredRecord } from "./stored-record.ts";

/** Lengths of files that are asked for at a time. */
const CONCURRENT_LENGTHS = 32;

/** A journal of fewer entries is not written anew. */
const FEW_ENTRIES = 1000;

type RecordEntry = Extract<JournalEntry, { readonly kind: "record" }>;

/** What the journal comes to. */
interface Listing {
  /** By SOP Instance UID, in order of arrival. */
  readonly records: Map<string, RecordEntry>;
  /** Time of the last use, by study. */
  readonly lastUses: Map<string, number>;
  /** What was kept with studies. */
  readonly marks: Map<string, string>;
}

/** Fills the index of a store from its journal, without what the disk does not have. */
export async function loadIndex(
  store: DiskObjectStore,
  { frames, firstAfterDamage }: ReadJournal,
  { clock, segments }: { readonly clock: StoreClock; readonly segments: SegmentFiles },
): Promise<void> {
  const last = frames.at(-1);
  if (last !== undefined) clock.resume(last.time, last.wall);
  const { records, lastUses, marks } = listingOf(frames, firstAfterDamage);
  const named = new Map<string, Segment>();
  const loaded = inOrderOfUse(records, lastUses).map((entry) => recordOf(entry, named));
  const lengths = await fitSegments(loaded, segments);
  for (const [segment, length] of lengths) store.index.grow(segment, length);
  for (const record of loaded) {
    store.index.put(record);
    const length = record.segment === undefined ? 0 : (lengths.get(record.segment) ?? 0);
    if (endOf(record) > length) store.discard(record);
  }
  for (const [study, time] of lastUses) {
    const entry = store.index.study(study);
    if (entry !== undefined) entry.lastUse = time;
  }
  for (const [study, mark] of marks) {
    const entry = store.index.study(study);
    if (entry !== undefined) entry.mark = mark;
  }
  const entryCount = frames.reduce((sum, { entries }) => sum + entries.length, 0);
  if (entryCount > 2 * loaded.length + FEW_ENTRIES) store.shortenJournal();
}

/**
 * Cuts off what lies behind the last record of each segment: it was being written when the process ended. Gives the
 * lengths; that of a file that is not there is 0.
 */
async function fitSegments(
  records: readonly StoredRecord[],
  files: SegmentFiles,
): Promise<ReadonlyMap<Segment, number>> {
  const lengths = new Map<Segment, number>();
  for (const record of records) {
    if (record.segment === undefined) continue;
    lengths.set(record.segment, Math.max(lengths.get(record.segment) ?? 0, endOf(record)));
  }
  const rest = [...lengths].values();
  const work = async () => {
    for (const [segment, end] of rest) lengths.set(segment, await files.fit(segment, end));
  };
  await Promise.all(Array.from({ length: CONCURRENT_LENGTHS }, work));
  return lengths;
}

function endOf({ object, extents }: StoredRecord): number {
  return endOfRecord(object?.byteLength ?? 0, extents);
}

/** Replays the journal. Of what lies before a damage only what cannot be had again still counts: it may be out of date. */
function listingOf(frames: readonly JournalFrame[], firstAfterDamage: number): Listing {
  const records = new Map<string, RecordEntry>();
  const names = new Map<string, string>();
  const lastUses = new Map<string, number>();
  const marks = new Map<string, string>();
  frames.forEach(({ time, entries }, order) => {
    for (const entry of entries) {
      if (entry.kind === "record") take(entry, order, time);
      else if (entry.kind === "gone") entry.names.forEach(forget);
      else if (entry.kind === "used") lastUses.set(entry.studyInstanceUid, entry.time);
      else marks.set(entry.studyInstanceUid, entry.text);
    }
  });
  return { records, lastUses, marks };

  function take(entry: RecordEntry, order: number, time: number): void {
    const { object, name, extents } = entry;
    if (order < firstAfterDamage && object.origin === "retrieved") return;
    if (!isWhole(object.byteLength, extents)) return;
    const before = records.get(object.sopInstanceUid);
    if (before !== undefined) names.delete(before.name);
    // What came again is the last to have arrived.
    if (before?.name !== name) records.delete(object.sopInstanceUid);
    records.set(object.sopInstanceUid, entry);
    names.set(name, object.sopInstanceUid);
    lastUses.set(object.studyInstanceUid, time);
  }

  function forget(name: string): void {
    const uid = names.get(name);
    names.delete(name);
    if (uid !== undefined) records.delete(uid);
  }
}

/** Studies least recently used first, the objects of each in order of arrival. */
function inOrderOfUse(
  records: ReadonlyMap<string, RecordEntry>,
  lastUses: ReadonlyMap<string, number>,
): RecordEntry[] {
  const timeOf = ({ object }: RecordEntry) => lastUses.get(object.studyInstanceUid) ?? 0;
  return [...records.values()].sort((one, other) => timeOf(one) - timeOf(other));
}

function recordOf(entry: RecordEntry, named: Map<string, Segment>): StoredRecord {
  const { object, name, extents } = entry;
  const record = new StoredRecord(name, object);
  record.object = object;
  record.state = "complete";
  record.isJournaled = true;
  record.extents = [...extents];
  record.storedChunks = chunkCountOf(object.byteLength);
  record.sealedChunks = record.storedChunks;
  record.storedBytes = object.byteLength + TAG_BYTES * record.storedChunks;
  if (entry.segment === "") return record;
  let segment = named.get(entry.segment);
  if (segment === undefined) {
    segment = new Segment(entry.segment, object.studyInstanceUid);
    named.set(entry.segment, segment);
  }
  segment.records += 1;
  record.segment = segment;
  return record;
}
