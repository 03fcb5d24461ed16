// Time from navigation to the first image on the screen: cold profile, unthrottled loopback, against the least that a
// browser can do with the same companion (a bare page with one <img> of the server-side rendering of the same instance).
//
//   node bench/first-image.mjs [--rounds 5] [--study UID] [-- companion options]
import { parseArgs } from "node:util";
import { decode } from "fast-png";
import { chromium } from "playwright";
import { findChromium } from "../scripts/system-parts.mjs";
import { startCompanion } from "./companion.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "5" }, study: { type: "string" } },
});
const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
];
const GREY_LEVELS = 48;
/** Where the image stands in the window, as fractions: the viewer's middle, and the corner where a bare image goes. */
const MIDDLE = { left: 0.35, right: 0.65, top: 0.3, bottom: 0.7 };
const CORNER = { left: 0.08, right: 0.28, top: 0.14, bottom: 0.45 };

const companion = await startCompanion(positionals);
try {
  const study = values.study ?? (await firstCtStudy());
  /** @type {{ viewer: number[], limit: number[] }} */
  const times = { viewer: [], limit: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    times.limit.push(await firstImage(await renderedPage(study), CORNER));
    times.viewer.push(await firstImage(`${companion.address}/?StudyInstanceUIDs=${study}`, MIDDLE));
  }
  report(times);
} finally {
  await companion.stop();
}

async function firstCtStudy() {
  const answer = await fetch(`${companion.address}/dicom-web/studies?ModalitiesInStudy=CT&limit=1`);
  const [first] = await answer.json();
  return first["0020000D"].Value[0];
}

/**
 * The address of the rendering of the middle instance of the study, which a browser shows by itself.
 * @param {string} study
 */
async function renderedPage(study) {
  const answer = await fetch(`${companion.address}/dicom-web/studies/${study}/instances?limit=200`);
  const instances = await answer.json();
  const middle = instances[Math.floor(instances.length / 2)];
  const series = middle["0020000E"].Value[0];
  const instance = middle["00080018"].Value[0];
  return `${companion.address}/dicom-web/studies/${study}/series/${series}/instances/${instance}/rendered`;
}

/**
 * Milliseconds from navigation to the first composited picture that holds an image.
 * @param {string} address
 * @param {typeof MIDDLE} area
 */
async function firstImage(address, area) {
  const executablePath = findChromium();
  const browser = await chromium.launch({
    args: FLAGS,
    ...(executablePath ? { executablePath } : {}),
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto("about:blank");
    const session = await page.context().newCDPSession(page);
    /** @type {PromiseWithResolvers<number>} */
    const shown = Promise.withResolvers?.() ?? withResolvers();
    session.on("Page.screencastFrame", ({ data, sessionId, metadata }) => {
      session.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
      if (isImage(Buffer.from(data, "base64"), area))
        shown.resolve((metadata.timestamp ?? 0) * 1000);
    });
    await session.send("Page.startScreencast", { format: "png", maxWidth: 640, maxHeight: 400 });
    const start = Date.now();
    await page.goto(address, { waitUntil: "commit" });
    const limit = setTimeout(
      () => shown.reject(new Error(`No image within 30 s: ${address}`)),
      30_000,
    );
    const at = await shown.promise;
    clearTimeout(limit);
    return at - start;
  } finally {
    await browser.close();
  }
}

/**
 * Whether an area of the picture holds an image: many grey levels, none of them covering most of it.
 * @param {Buffer} png
 * @param {typeof MIDDLE} area
 */
function isImage(png, area) {
  const { width, height, channels, data } = decode(png);
  const counts = new Array(256).fill(0);
  let pixels = 0;
  for (let y = Math.floor(height * area.top); y < height * area.bottom; y++) {
    for (let x = Math.floor(width * area.left); x < width * area.right; x++) {
      counts[data[(y * width + x) * channels] ?? 0]++;
      pixels++;
    }
  }
  return (
    counts.filter((count) => count > 0).length >= GREY_LEVELS && Math.max(...counts) < pixels * 0.75
  );
}

/** @param {{ viewer: number[], limit: number[] }} times */
function report({ viewer, limit }) {
  const line = (/** @type {number[]} */ values) =>
    `${Math.min(...values).toFixed(0)} / ${median(values).toFixed(0)} / ${Math.max(...values).toFixed(0)} ms`;
  process.stdout.write(`first image, cold, loopback (min / median / max of ${viewer.length})\n`);
  process.stdout.write(`  viewer              ${line(viewer)}\n`);
  process.stdout.write(`  bare <img> rendered ${line(limit)}\n`);
  process.stdout.write(`  ratio of medians    ${(median(viewer) / median(limit)).toFixed(2)}\n`);
}

/** @param {number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Promise.withResolvers for Node 20. */
function withResolvers() {
  /** @type {(value: number) => void} */
  let resolve = () => {};
  /** @type {(reason: unknown) => void} */
  let reject = () => {};
  const promise = new Promise((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
