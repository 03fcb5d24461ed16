import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { bundle } from "../bundle.mjs";

const run = promisify(execFile);
const STUDIES = path.resolve("../shared/studies/make_studies.py");

/** A frame to decode, as a file for native decoders and as values for ours.
 * @typedef {object} BenchFrame
 * @property {string} name
 * @property {string} file of the DICOM object
 * @property {string} frameFile of the encoded frame alone
 * @property {string} transferSyntaxUid
 * @property {import("../../src/core/pixels/image-pixel.ts").ImagePixel} imagePixel
 */

/**
 * One frame of an image class in a syntax, made of real images and kept for the next time.
 * @param {string} image ct, cr or us
 * @param {string} syntax as the maker of studies calls it
 * @param {string} folder
 * @returns {Promise<BenchFrame>}
 */
export async function prepareFrame(image, syntax, folder) {
  const name = `${image}-${syntax}`;
  const made = path.join(folder, name);
  const file = path.join(made, "study-00/series-01/IM00001.dcm");
  const frameFile = path.join(folder, `${name}.frame`);
  if (!existsSync(file)) await makeStudy(image, syntax, made);
  const core = await coreModules();
  const bytes = new Uint8Array(await readFile(file));
  const dicom = await core.readDicom(core.bytesSource(bytes));
  const imagePixel = core.readImagePixel(dicom.dataSet);
  const { rows, columns, samplesPerPixel, bitsAllocated, numberOfFrames } = imagePixel;
  const bitsPerFrame = rows * columns * samplesPerPixel * bitsAllocated;
  const index = await core.locateFrames(dicom, { numberOfFrames, bitsPerFrame });
  await writeFile(frameFile, await core.readFrame(dicom, index, 0));
  return { name, file, frameFile, transferSyntaxUid: dicom.transferSyntaxUid, imagePixel };
}

/** @param {string} image @param {string} syntax @param {string} folder */
async function makeStudy(image, syntax, folder) {
  if (!existsSync(STUDIES)) throw new Error(`The maker of studies is missing: ${STUDIES}`);
  await mkdir(folder, { recursive: true });
  const frames = image === "us" ? ["--frames", "1"] : [];
  const options = ["--out", folder, "--kind", image, "--slices", "1", "--syntax", syntax];
  await run("/usr/bin/python3", [STUDIES, ...options, ...frames]);
}

/** @type {Promise<any> | undefined} */
let loaded;

function coreModules() {
  loaded ??= bundle(`
    export { bytesSource } from "./src/core/dicom/byte-source.ts";
    export { locateFrames, readFrame } from "./src/core/dicom/frame-locator.ts";
    export { readDicom } from "./src/core/dicom/part10-reader.ts";
    export { readImagePixel } from "./src/core/pixels/image-pixel-reader.ts";
  `);
  return loaded;
}
