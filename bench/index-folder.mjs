// How fast a folder is indexed: files per second, and the time against reading the first 64 KiB of each file.
import { mkdir, mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundle } from "./bundle.mjs";

const FILES = Number(process.argv[2] ?? 10_000);
const PER_SERIES = 100;

const { buildDataSet, writePart10, openFolderSource } = await bundle(`
  export { buildDataSet } from "#core/dicom/data-set-builder.ts";
  export { writePart10 } from "#core/dicom/part10-writer.ts";
  export { openFolderSource } from "./proxy/sources/folder/folder-source.ts";
`);

const base = await mkdtemp(path.join(tmpdir(), "negato-bench-"));
try {
  const folder = path.join(base, "dicom");
  await makeFiles(folder);
  const plainMs = await timed(() => readStarts(folder));
  const heapBefore = usedHeap();
  const options = { name: "bench", folder, indexFolder: path.join(base, "index"), watches: false };
  const first = await openFolderSource(options);
  const indexMs = await timed(() => first.rescan());
  const heapBytes = usedHeap() - heapBefore;
  const { instances, studies } = first.status();
  await first.close();
  const begin = performance.now();
  const again = await openFolderSource(options);
  await again.rescan();
  const againMs = performance.now() - begin;
  await again.close();
  print(`indexed ${instances} instances of ${studies} studies`);
  print(`first start: ${ms(indexMs)}, ${Math.round((FILES / indexMs) * 1000)} files/s`);
  print(
    `ratio to reading the first 64 KiB of each file (${ms(plainMs)}): ${(indexMs / plainMs).toFixed(2)}`,
  );
  print(`next start: ${ms(againMs)}, ratio to the first: ${(againMs / indexMs).toFixed(2)}`);
  print(
    `heap: ${Math.round(heapBytes / FILES)} bytes per instance${globalThis.gc ? "" : " (run with --expose-gc)"}`,
  );
} finally {
  await rm(base, { recursive: true, force: true });
}

/** @param {string} folder */
async function makeFiles(folder) {
  for (let index = 0; index < FILES; index += 1) {
    const series = Math.floor(index / PER_SERIES);
    const study = Math.floor(series / 2);
    const place = path.join(folder, `study-${study}`, `series-${series}`);
    if (index % PER_SERIES === 0) await mkdir(place, { recursive: true });
    const dataSet = buildDataSet({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
      SOPInstanceUID: `1.2.826.0.1.3680043.10.1.${study}.${series}.${index}`,
      StudyInstanceUID: `1.2.826.0.1.3680043.10.1.${study}`,
      SeriesInstanceUID: `1.2.826.0.1.3680043.10.1.${study}.${series}`,
      StudyDate: `2024${String((study % 12) + 1).padStart(2, "0")}01`,
      PatientName: `Bench^Patient ${study}`,
      PatientID: `B${study}`,
      StudyDescription: "CT Thorax",
      Modality: "CT",
      SeriesNumber: series % 2,
      InstanceNumber: index % PER_SERIES,
      ImagePositionPatient: [0, 0, index % PER_SERIES],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      Rows: 64,
      Columns: 64,
      SamplesPerPixel: 1,
      PhotometricInterpretation: "MONOCHROME2",
      BitsAllocated: 16,
      BitsStored: 12,
      HighBit: 11,
      PixelRepresentation: 0,
      PixelData: new Uint16Array(64 * 64),
    });
    const bytes = writePart10({ dataSet, transferSyntaxUid: "1.2.840.10008.1.2.1" });
    await writeFile(path.join(place, `${index}`), bytes);
  }
}

/** @param {string} folder */
async function readStarts(folder) {
  const block = new Uint8Array(65_536);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const handle = await open(path.join(entry.parentPath, entry.name));
    await handle.read(block, 0, block.length, 0);
    await handle.close();
  }
}

function usedHeap() {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** @param {() => Promise<void>} task */
async function timed(task) {
  const begin = performance.now();
  await task();
  return performance.now() - begin;
}

/** @param {number} duration */
function ms(duration) {
  return `${(duration / 1000).toFixed(2)} s`;
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
