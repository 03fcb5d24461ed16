// How long decoding takes in a worker of the browser, per transfer syntax and image class, against native decoders on the same
// machine in the same run, alternately; and what a second worker brings. Times are the least of the runs, as the machine is
// shared with others; medians are beside them. The clock counts our whole `decodeFrame`: reading the header, the codec, the
// alignment of samples, smallest and largest value.
//
//   node bench/decode.mjs [--only NAME] [--rounds N]
//
// It needs the maker of studies beside the project (`../shared`), and for the ratios the libraries that it names when they are missing.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright";
import { createServer } from "vite";
import { findChromium } from "../scripts/system-parts.mjs";
import { prepareFrame } from "./decode/prepare-frames.mjs";
import { buildNative, timeNative } from "./decode/time-native.mjs";

/** Syntax, native decoder, whether that reads the whole file, and how many times its time we may take. */
const SYNTAXES = /** @type {const} */ ([
  { syntax: "j2k", native: "openjpeg", input: "frame", limit: 1.3, images: ["ct", "cr", "us"] },
  {
    syntax: "j2k-lossy",
    native: "openjpeg",
    input: "frame",
    limit: 1.3,
    images: ["ct", "cr", "us"],
  },
  { syntax: "htj2k", native: "openjph", input: "frame", limit: 1.6, images: ["ct", "cr", "us"] },
  { syntax: "jpeg-ls", native: "charls", input: "frame", limit: 1, images: ["ct", "cr", "us"] },
  {
    syntax: "jpeg-lossless",
    native: "gdcm-jpeg",
    input: "frame",
    limit: 1,
    images: ["ct", "cr", "us"],
  },
  { syntax: "jpeg-extended", native: "gdcm-jpeg", input: "frame", limit: 1, images: ["ct", "cr"] },
  { syntax: "rle", native: "gdcm-rle", input: "file", limit: 1, images: ["ct", "cr", "us"] },
  {
    syntax: "jpeg-baseline",
    native: "turbo",
    input: "frame",
    limit: 3.6,
    images: ["ct", "cr", "us"],
  },
]);
/** Decodings in one round: few of large frames. */
const RUNS = { ct: 15, us: 15, cr: 4 };
const SCALED = /** @type {const} */ ([
  ["ct-j2k", 60],
  ["ct-htj2k", 400],
  ["us-jpeg-baseline", 200],
]);

/** @typedef {{ least: number, median: number, decoder: string, bytes: number }} Timed */
/** @typedef {import("./decode/prepare-frames.mjs").BenchFrame} BenchFrame */

const { values } = parseArgs({
  options: { only: { type: "string", default: "" }, rounds: { type: "string", default: "3" } },
});
const rounds = Number(values.rounds);
const folder = path.resolve(".cache/bench/decode");
await mkdir(folder, { recursive: true });
const program = await buildNative(folder);
const server = await createServer({ logLevel: "error", server: { port: 0, host: "127.0.0.1" } });
await server.listen();
const executablePath = findChromium();
const browser = await chromium.launch({
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  ...(executablePath ? { executablePath } : {}),
});
try {
  const page = await browser.newPage();
  const address = server.resolvedUrls?.local[0];
  await page.goto(`${address}bench/decode/index.html`);
  await page.waitForFunction(() => "bench" in window, undefined, { timeout: 60_000 });
  console.log(
    "frame              ours ms  median   native ms  median   ratio  limit    MB/s  decoder",
  );
  for (const each of SYNTAXES)
    for (const image of each.images)
      if (`${image}-${each.syntax}`.includes(values.only)) await compare(page, image, each);
  for (const [name, count] of SCALED)
    if (name.includes(values.only)) await scale(page, name, count);
} finally {
  await browser.close();
  await server.close();
}

/**
 * @param {import("playwright").Page} page
 * @param {"ct" | "cr" | "us"} image
 * @param {typeof SYNTAXES[number]} how
 */
async function compare(page, image, how) {
  const frame = await prepareFrame(image, how.syntax, folder);
  /** @type {Timed[]} */ const ours = [];
  /** @type {{ least: number, median: number }[]} */ const native = [];
  const runs = RUNS[image];
  for (let round = 0; round < rounds; round += 1) {
    const input = how.input === "file" ? frame.file : frame.frameFile;
    if (program !== undefined) native.push(await timeNative(program, how.native, input, runs));
    ours.push(
      await page.evaluate(
        ([given, times]) => window.bench.timeInWorker(given, times),
        /** @type {const} */ ([addressOf(frame), runs]),
      ),
    );
  }
  const [mine, theirs] = [best(ours), best(native)];
  const ratio = mine.least / theirs.least;
  const megabytes = (ours[0]?.bytes ?? 0) / 1e6;
  console.log(
    [
      frame.name.padEnd(18),
      ...[mine.least, mine.median, theirs.least, theirs.median].map((ms) =>
        ms.toFixed(2).padStart(8),
      ),
      `${ratio.toFixed(2).padStart(8)}${ratio > how.limit ? " >" : "  "}`,
      how.limit.toFixed(1).padStart(4),
      ((megabytes / mine.least) * 1000).toFixed(0).padStart(8),
      ` ${ours[0]?.decoder}`,
    ].join(" "),
  );
}

/** @param {import("playwright").Page} page @param {string} name @param {number} count */
async function scale(page, name, count) {
  const [image = "", ...syntax] = name.split("-");
  const frame = await prepareFrame(image, syntax.join("-"), folder);
  /** @type {[number[], number[]]} */ const speeds = [[], []];
  for (let round = 0; round < rounds; round += 1)
    for (const workers of /** @type {const} */ ([1, 2]))
      speeds[workers - 1]?.push(
        await page.evaluate(
          ([given, size, times]) => window.bench.framesPerSecond(given, size, times),
          /** @type {const} */ ([addressOf(frame), workers, count]),
        ),
      );
  const [one, two] = speeds.map((each) => Math.max(...each));
  const ratio = (two ?? 0) / (one ?? 1);
  console.log(
    `${name}: ${one?.toFixed(0)} frames/s by one worker, ${two?.toFixed(0)} by two: ${ratio.toFixed(2)} times, wanted 1.9`,
  );
}

/** @param {BenchFrame} frame */
function addressOf({ frameFile, transferSyntaxUid, imagePixel }) {
  return { url: `/${path.relative(".", frameFile)}`, transferSyntaxUid, imagePixel };
}

/** @param {readonly { least: number, median: number }[]} times */
function best(times) {
  return {
    least: Math.min(...times.map(({ least }) => least)),
    median: Math.min(...times.map(({ median }) => median)),
  };
}
