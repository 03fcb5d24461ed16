import type { DataSet } from "#core/dicom/data-set.ts";

const DIRECTORY_RECORD_SEQUENCE = 0x00041220;
const REFERENCED_FILE_ID = 0x00041500;

/** Whether the file is a DICOMDIR: it alone has directory records (PS3.3 F.3.2.2). */
export function isMediaDirectory(dataSet: DataSet): boolean {
  return dataSet.has(DIRECTORY_RECORD_SEQUENCE);
}

/**
 * The files that a DICOMDIR lists, in the order of its records (PS3.3 F.3.2.2.2), as paths below its own folder.
 */
export function referencedPaths(directory: DataSet, directoryPath: string): readonly string[] {
  const folder = directoryPath.slice(0, directoryPath.lastIndexOf("/") + 1);
  return directory
    .items(DIRECTORY_RECORD_SEQUENCE)
    .map((record) => record.strings(REFERENCED_FILE_ID))
    .filter((components) => components.length > 0 && components[0] !== "")
    .map((components) => folder + components.join("/"));
}

/**
 * A path as discs and operating systems agree on it: without regard to case, without the version and the dot
 * that ISO 9660 appends (`IMG0001.;1`).
 */
export function comparablePath(path: string): string {
  return path.toLowerCase().replace(/;\d+$/, "").replace(/\.$/, "");
}
