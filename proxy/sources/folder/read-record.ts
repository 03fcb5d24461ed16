import { open } from "node:fs/promises";
import path from "node:path";
import type { ByteSource } from "#core/dicom/byte-source.ts";
import type { DataSet } from "#core/dicom/data-set.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { DicomFile } from "#core/dicom/dicom-file.ts";
import { identifiersOf, withIdentifiers } from "#core/dicom/made-up-identifiers.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import type { AttributePool } from "./attribute-pool.ts";
import type { FileContent, FileRecord, Part10Repair } from "./file-record.ts";
import { fileSource } from "./file-source.ts";
import type { FoundFile } from "./scan-folder.ts";

const MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10";
const PREFIX_OFFSET = 128;
const PREFIX_END = 132;

/** Looks into a file: its header alone. A file that cannot be read is a record too. */
export async function readRecord(
  root: string,
  found: FoundFile,
  pool: AttributePool,
  signal: AbortSignal,
): Promise<FileRecord> {
  try {
    const handle = await open(path.join(root, found.path), "r");
    try {
      const content = await readContent(fileSource(handle, found.size), pool, signal);
      return { ...found, root, content };
    } finally {
      await handle.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    return { ...found, root, content: contentOfError(error) };
  }
}

/** What a file holds. @throws DicomError when it cannot be read */
export async function readContent(
  source: ByteSource,
  pool: AttributePool,
  signal: AbortSignal,
): Promise<FileContent> {
  const file = await readDicom(source, { inlineLimit: 4096, stopAtPixelData: true, signal });
  if (isDirectory(file)) return { kind: "skipped" };
  const identifiers = await identifiersOf(file, source, signal);
  const dataSet = withIdentifiers(file.dataSet, identifiers);
  return {
    kind: "instance",
    ...identifiers,
    sopClassUid: pool.intern(identifiers.sopClassUid),
    transferSyntaxUid: pool.intern(file.transferSyntaxUid),
    study: pool.study(dataSet),
    series: pool.series(dataSet),
    ...imageFacts(dataSet),
    repair: await repairOf(file, source),
  };
}

function isDirectory({ meta, dataSet }: DicomFile): boolean {
  const sopClassUid = dataSet.string(0x00080016) ?? meta.string(0x00020002);
  return sopClassUid === MEDIA_STORAGE_DIRECTORY || dataSet.has(0x00041220);
}

function imageFacts(dataSet: DataSet) {
  return {
    instanceNumber: dataSet.number(0x00200013),
    numberOfFrames: dataSet.number(0x00280008),
    rows: dataSet.number(0x00280010),
    columns: dataSet.number(0x00280011),
    bitsAllocated: dataSet.number(0x00280100),
  };
}

/** Clients expect a Part 10 stream, whatever the file lacks. */
async function repairOf(file: DicomFile, source: ByteSource): Promise<Part10Repair | undefined> {
  const prefix = await source.read(PREFIX_OFFSET, PREFIX_END - PREFIX_OFFSET);
  const hasPrefix = String.fromCharCode(...prefix) === "DICM";
  const hasMeta = file.meta.elements.size > 0;
  if (hasPrefix && hasMeta) return undefined;
  return { prefix: hasMeta ? "preamble" : "meta", skip: hasPrefix ? PREFIX_END : 0 };
}

function contentOfError(error: unknown): FileContent {
  if (error instanceof DicomError) {
    return { kind: "problem", code: error.code, message: error.message };
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  if (code === undefined) throw error;
  return {
    kind: "problem",
    code: "unreadable",
    message: `The system refused to read this file (${code})`,
  };
}
