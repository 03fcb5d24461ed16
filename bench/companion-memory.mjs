// Peak memory of the companion while it serves a large multi-frame: must not depend on the size of the object.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";

const MEGABYTE = 1024 * 1024;
const SIDE = 1024;
const FRAMES = 250;
const PORT = Number(process.env["NEGATO_BENCH_PORT"] ?? 8239);
const LIMIT = 0.5;

const main = fileURLToPath(new URL("../dist/companion/main.js", import.meta.url));
const base = await mkdtemp(path.join(tmpdir(), "negato-bench-"));
const size = await makeMultiFrame(path.join(base, "dicom"));
const companion = spawn(process.execPath, [
  main,
  "--no-open",
  ...["--dicom", path.join(base, "dicom"), "--data", path.join(base, "data"), "--port", `${PORT}`],
]);
companion.stderr.resume();
try {
  await once(companion.stdout, "data");
  await ready();
  const idle = await peakBytes();
  const address = "/dicom-web/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1";
  const frames = Array.from({ length: FRAMES }, (_, index) => index + 1).join(",");
  await measure("instance as stored", address, "application/dicom; transfer-syntax=*", idle);
  await measure(
    "pixel data as bulk data",
    `${address}/bulkdata/7FE00010`,
    "application/octet-stream",
    idle,
  );
  await measure(
    "all frames as stored",
    `${address}/frames/${frames}`,
    'multipart/related; type="application/octet-stream"; transfer-syntax=*',
    idle,
  );
  await measure(
    "all frames decoded",
    `${address}/frames/${frames}`,
    'multipart/related; type="application/octet-stream"',
    idle,
  );
} finally {
  companion.kill();
  await once(companion, "exit");
  await rm(base, { recursive: true, force: true });
}

/** @param {string} title @param {string} url @param {string} accept @param {number} idle */
async function measure(title, url, accept, idle) {
  const begin = performance.now();
  const bytes = await download(url, accept);
  const seconds = (performance.now() - begin) / 1000;
  const peak = await peakBytes();
  const ratio = (peak - idle) / size;
  const verdict = ratio < LIMIT ? "ok" : "TOO MUCH";
  if (ratio >= LIMIT) process.exitCode = 1;
  process.stdout.write(
    `${title}: ${mb(bytes)} MB in ${seconds.toFixed(1)} s; peak ${mb(peak)} MB, idle ${mb(idle)} MB; ` +
      `growth over size of the object ${ratio.toFixed(3)} (${verdict})\n`,
  );
}

/** A multi-frame without an array of its size: header, then zeros that the file system does not even store. @param {string} folder */
async function makeMultiFrame(folder) {
  const { buildDataSet, writePart10 } = await bundle(`
    export { buildDataSet } from "#core/dicom/data-set-builder.ts";
    export { writePart10 } from "#core/dicom/part10-writer.ts";
  `);
  await mkdir(folder, { recursive: true });
  const dataSet = buildDataSet({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.2.1",
    SOPInstanceUID: "1.2.3.1.1",
    StudyInstanceUID: "1.2.3",
    SeriesInstanceUID: "1.2.3.1",
    Modality: "CT",
    NumberOfFrames: FRAMES,
    Rows: SIDE,
    Columns: SIDE,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 0,
  });
  const head = writePart10({ dataSet, transferSyntaxUid: "1.2.840.10008.1.2.1" });
  const pixelBytes = SIDE * SIDE * 2 * FRAMES;
  const element = Buffer.from([0xe0, 0x7f, 0x10, 0, 0x4f, 0x57, 0, 0, 0, 0, 0, 0]);
  element.writeUInt32LE(pixelBytes, 8);
  const handle = await open(path.join(folder, "large.dcm"), "w");
  await handle.write(Buffer.concat([head, element]));
  await handle.truncate(head.length + element.length + pixelBytes);
  await handle.close();
  return head.length + element.length + pixelBytes;
}

async function ready() {
  for (let round = 0; round < 100; round += 1) {
    const status = await text("/readyz").catch(() => "");
    if (status.includes('"instances":1')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The companion does not index the file");
}

/** @param {string} url @param {string} accept @returns {Promise<number>} */
function download(url, accept) {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port: PORT, path: url, headers: { accept } }, (response) => {
      let bytes = 0;
      response.on("data", (chunk) => {
        bytes += chunk.length;
      });
      response.on("end", () =>
        response.statusCode === 200
          ? resolve(bytes)
          : reject(new Error(`Status ${response.statusCode} for ${url.slice(0, 100)}`)),
      );
      response.on("error", reject);
    }).on("error", reject);
  });
}

/** @param {string} url */
async function text(url) {
  return await (await fetch(`http://127.0.0.1:${PORT}${url}`)).text();
}

/** Largest resident set so far (Linux). */
async function peakBytes() {
  const status = await readFile(`/proc/${companion.pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
}

/** @param {number} bytes */
function mb(bytes) {
  return (bytes / MEGABYTE).toFixed(0);
}
