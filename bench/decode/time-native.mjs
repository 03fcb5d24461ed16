import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const SOURCE = "bench/decode/native.cpp";
const PACKAGES =
  "g++ libopenjp2-7-dev libopenjph-dev libcharls-dev libturbojpeg0-dev libgdcm-dev (Debian)";

/**
 * Builds the program that times native decoders.
 * @param {string} folder
 * @returns {Promise<string | undefined>} its file, or undefined where compiler or libraries are missing
 */
export async function buildNative(folder) {
  const program = path.join(folder, "native");
  try {
    const { stdout } = await run("pkg-config", ["--cflags", "--libs", "libopenjp2"]);
    const libraries = ["openjph", "charls", "turbojpeg", "gdcmMSFF", "gdcmDSED", "gdcmCommon"];
    await run("g++", [
      ...["-std=c++17", "-O2", SOURCE, "-o", program, "-I/usr/include/gdcm-3.0"],
      ...stdout.trim().split(/\s+/),
      ...libraries.map((name) => `-l${name}`),
    ]);
    return program;
  } catch (error) {
    console.error(`No native decoders to compare with: they need ${PACKAGES}.`);
    console.error(
      error instanceof Error ? error.message.split("\n").slice(0, 3).join("\n") : error,
    );
    return undefined;
  }
}

/**
 * @param {string} program
 * @param {string} codec @param {string} file @param {number} runs
 * @returns {Promise<{ least: number, median: number }>} ms
 */
export async function timeNative(program, codec, file, runs) {
  const { stdout } = await run(program, [codec, file, String(runs)]);
  const [least = Number.NaN, median = Number.NaN] = stdout.trim().split(" ").map(Number);
  return { least, median };
}
