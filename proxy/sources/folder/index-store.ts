import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { MadeUpIdentifier } from "#core/dicom/made-up-identifiers.ts";
import { isUid } from "#core/dicom/uid.ts";
import type { AttributePool } from "./attribute-pool.ts";
import type { AttributeGroup, FileContent, FileRecord, Part10Repair } from "./file-record.ts";

/** Changes whenever records change their meaning; an index of another version is built anew. */
const VERSION = 2;

/** Shared by nearly all records. */
const NONE_MADE_UP: readonly MadeUpIdentifier[] = [];

/** One file as a line of the index: facts, then the content by kind. */
type Row = readonly [
  path: string,
  size: number,
  mtimeMs: number,
  inode: number,
  content: ContentRow,
];

type ContentRow =
  | readonly ["skipped"]
  | readonly ["problem", code: string, message: string]
  | readonly [
      "instance",
      uids: readonly [
        study: string,
        series: string,
        instance: string,
        sopClass: string,
        syntax: string,
      ],
      study: string,
      series: string,
      numbers: readonly (number | null)[],
      repair: Part10Repair | null,
      madeUp: readonly MadeUpIdentifier[],
    ];

/** The records of a root as they are kept between starts, one file of JSON lines per root. */
export class IndexStore {
  readonly #folder: string;
  readonly #pool: AttributePool;

  constructor(folder: string, pool: AttributePool) {
    this.#folder = folder;
    this.#pool = pool;
  }

  /** What was known of a root; nothing when there is no index, or one that cannot be used. */
  async load(root: string): Promise<readonly FileRecord[]> {
    const text = await readFile(this.#file(root), "utf8").catch(() => "");
    try {
      const [head = "", groups = "", ...rows] = text.split("\n");
      if (head !== this.#head(root)) return [];
      const byId = new Map<string, AttributeGroup>();
      for (const [id, json] of entriesOf(JSON.parse(groups))) {
        byId.set(id, this.#pool.fromJson(json));
      }
      return rows.filter((row) => row !== "").map((row) => this.#record(root, row, byId));
    } catch {
      // A damaged index costs a scan, nothing else.
      return [];
    }
  }

  /** Replaces what is kept of a root; a crash leaves the old or the new state. */
  async save(root: string, records: Iterable<FileRecord>): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const kept = [...records];
    const groups: Record<string, unknown> = {};
    for (const { content } of kept) {
      if (content.kind !== "instance") continue;
      groups[content.study.id] = content.study.json;
      groups[content.series.id] = content.series.json;
    }
    const temporary = `${this.#file(root)}.${process.pid}.tmp`;
    const handle = await open(temporary, "w", 0o600);
    try {
      await handle.write(`${this.#head(root)}\n${JSON.stringify(groups)}\n`);
      for (let at = 0; at < kept.length; at += 1000) {
        const rows = kept.slice(at, at + 1000).map((record) => JSON.stringify(rowOf(record)));
        await handle.write(`${rows.join("\n")}\n`);
      }
      await handle.sync();
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    await rename(temporary, this.#file(root));
  }

  #file(root: string): string {
    const name = createHash("sha256").update(root).digest("hex").slice(0, 24);
    return path.join(this.#folder, `${name}.index`);
  }

  #head(root: string): string {
    return JSON.stringify({ negatoIndex: VERSION, root });
  }

  #record(root: string, line: string, groups: ReadonlyMap<string, AttributeGroup>): FileRecord {
    const [file, size, mtimeMs, inode, content]: Row = JSON.parse(line);
    return { root, path: file, size, mtimeMs, inode, content: this.#content(content, groups) };
  }

  #content(row: ContentRow, groups: ReadonlyMap<string, AttributeGroup>): FileContent {
    if (row[0] === "skipped") return { kind: "skipped" };
    if (row[0] === "problem") return { kind: "problem", code: row[1], message: row[2] };
    const [
      ,
      [studyUid, seriesUid, instanceUid, sopClass, syntax],
      studyId,
      seriesId,
      numbers,
      repair,
      madeUp,
    ] = row;
    const study = groups.get(studyId);
    const series = groups.get(seriesId);
    if (study === undefined || series === undefined || ![studyUid, seriesUid].every(isUid)) {
      throw new Error("The index contradicts itself");
    }
    const [instanceNumber, numberOfFrames, rows, columns, bitsAllocated] = numbers;
    return {
      kind: "instance",
      studyInstanceUid: this.#pool.intern(studyUid),
      seriesInstanceUid: this.#pool.intern(seriesUid),
      sopInstanceUid: instanceUid,
      sopClassUid: this.#pool.intern(sopClass),
      transferSyntaxUid: this.#pool.intern(syntax),
      study,
      series,
      instanceNumber: instanceNumber ?? undefined,
      numberOfFrames: numberOfFrames ?? undefined,
      rows: rows ?? undefined,
      columns: columns ?? undefined,
      bitsAllocated: bitsAllocated ?? undefined,
      repair: repair ?? undefined,
      madeUp: madeUp.length === 0 ? NONE_MADE_UP : madeUp,
    };
  }
}

function rowOf({ path: file, size, mtimeMs, inode, content }: FileRecord): Row {
  return [file, size, mtimeMs, inode, contentRow(content)];
}

function contentRow(content: FileContent): ContentRow {
  if (content.kind === "skipped") return ["skipped"];
  if (content.kind === "problem") return ["problem", content.code, content.message];
  const { study, series, instanceNumber, numberOfFrames, rows, columns, bitsAllocated } = content;
  return [
    "instance",
    [
      content.studyInstanceUid,
      content.seriesInstanceUid,
      content.sopInstanceUid,
      content.sopClassUid,
      content.transferSyntaxUid,
    ],
    study.id,
    series.id,
    [instanceNumber, numberOfFrames, rows, columns, bitsAllocated].map((value) => value ?? null),
    content.repair ?? null,
    content.madeUp,
  ];
}

function entriesOf(value: unknown): readonly [string, unknown][] {
  if (typeof value !== "object" || value === null) throw new Error("The index has no groups");
  return Object.entries(value);
}
