import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
const CT = "1.2.840.10008.5.1.4.1.1.2";
const ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1";
const LONG = new Set(["OB", "OW"]);

/**
 * A series on the disk, as files for a PACS.
 * @typedef {object} MadeSeries
 * @property {string} folder
 * @property {string} study
 * @property {string} series
 * @property {readonly string[]} instances SOP Instance UIDs by number
 * @property {number} bytes of all files
 * @property {number} frameBytes
 */

/**
 * Writes a CT series of noise: pixels that no disk or network compresses.
 * @param {{ folder: string, root: string, count: number, side: number, frames?: number }} options `root` of its UIDs
 * @returns {Promise<MadeSeries>}
 */
export async function makeSeries({ folder, root, count, side, frames = 1 }) {
  await mkdir(folder, { recursive: true });
  const pixels = noise(side * side * 2 * frames);
  const study = `1.2.826.0.1.3680043.10.1338.20.${root}`;
  const series = `${study}.1`;
  const instances = [];
  let bytes = 0;
  for (let number = 1; number <= count; number += 1) {
    const instance = `${series}.${number}`;
    pixels.writeUInt32LE(number, 0);
    const head = header({ study, series, instance, number, side, frames });
    const file = [head, longElement(0x7fe0, 0x0010, "OW", pixels.length), pixels];
    await writeFile(path.join(folder, `${number}.dcm`), Buffer.concat(file));
    instances.push(instance);
    bytes += head.length + 12 + pixels.length;
  }
  return { folder, study, series, instances, bytes, frameBytes: side * side * 2 };
}

/** @param {{ study: string, series: string, instance: string, number: number, side: number, frames: number }} facts */
function header({ study, series, instance, number, side, frames }) {
  const sopClass = frames > 1 ? ENHANCED_CT : CT;
  const meta = Buffer.concat([
    element(2, 1, "OB", Buffer.from([0, 1])),
    element(2, 2, "UI", sopClass),
    element(2, 3, "UI", instance),
    element(2, 0x10, "UI", EXPLICIT_LITTLE_ENDIAN),
  ]);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    element(2, 0, "UL", uint32(meta.length)),
    meta,
    element(8, 5, "CS", "ISO_IR 192"),
    element(8, 0x16, "UI", sopClass),
    element(8, 0x18, "UI", instance),
    element(8, 0x20, "DA", "20260102"),
    element(8, 0x30, "TM", "101500"),
    element(8, 0x50, "SH", "BENCH"),
    element(8, 0x60, "CS", "CT"),
    element(0x10, 0x10, "PN", "Bench^Series"),
    element(0x10, 0x20, "LO", "BENCH"),
    element(0x20, 0xd, "UI", study),
    element(0x20, 0xe, "UI", series),
    element(0x20, 0x11, "IS", "1"),
    element(0x20, 0x13, "IS", String(number)),
    element(0x20, 0x32, "DS", `0\\0\\${number}`),
    element(0x20, 0x37, "DS", "1\\0\\0\\0\\1\\0"),
    element(0x28, 2, "US", uint16(1)),
    element(0x28, 4, "CS", "MONOCHROME2"),
    ...(frames > 1 ? [element(0x28, 8, "IS", String(frames))] : []),
    element(0x28, 0x10, "US", uint16(side)),
    element(0x28, 0x11, "US", uint16(side)),
    element(0x28, 0x100, "US", uint16(16)),
    element(0x28, 0x101, "US", uint16(16)),
    element(0x28, 0x102, "US", uint16(15)),
    element(0x28, 0x103, "US", uint16(0)),
  ]);
}

/** @param {number} group @param {number} number @param {string} vr @param {string | Buffer} value */
function element(group, number, vr, value) {
  const bytes = Buffer.from(value);
  const padding = Buffer.alloc(bytes.length % 2, vr === "UI" || vr === "OB" ? 0 : 0x20);
  const length = bytes.length + padding.length;
  if (LONG.has(vr)) return Buffer.concat([longElement(group, number, vr, length), bytes, padding]);
  const head = Buffer.alloc(8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, "latin1");
  head.writeUInt16LE(length, 6);
  return Buffer.concat([head, bytes, padding]);
}

/** @param {number} group @param {number} number @param {string} vr @param {number} length */
function longElement(group, number, vr, length) {
  const head = Buffer.alloc(12);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, "latin1");
  head.writeUInt32LE(length, 8);
  return head;
}

/** @param {number} value */
function uint16(value) {
  return Buffer.from([value & 255, value >> 8]);
}

/** @param {number} value */
function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** The same noise in each run. @param {number} length bytes, even */
function noise(length) {
  const bytes = Buffer.alloc(length);
  let seed = 1;
  for (let at = 0; at < length; at += 2) {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    bytes.writeUInt16LE((seed >> 12) & 0xffff, at);
  }
  return bytes;
}
