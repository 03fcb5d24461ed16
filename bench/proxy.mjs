// The companion in front of a PACS that speaks DIMSE alone, against the native transfer of DCMTK and against the DICOMweb of
// Orthanc, on the same machine in the same run, alternately. Medians of the rounds.
//
//   node bench/proxy.mjs [--only NAME] [--rounds N] [--slices N]
//
// It needs Orthanc and DCMTK, and Linux for CPU time and memory. Build first (`npm run build`).
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { startOrthanc } from "../scripts/orthanc.mjs";
import { startDcmqrscp, startOrthancPacs } from "../scripts/pacs.mjs";
import { startCompanion } from "./companion.mjs";
import { startDelayRelay } from "./proxy/delay-relay.mjs";
import { makeSeries } from "./proxy/made-series.mjs";
import { createClient, fetchAll, median, STORED_FRAMES } from "./proxy/measure-http.mjs";
import { nativeGet } from "./proxy/native-transfer.mjs";
import { forgetPeak, usageOf } from "./proxy/process-usage.mjs";

/** @typedef {import("./proxy/made-series.mjs").MadeSeries} MadeSeries */
/** @typedef {import("../scripts/pacs.mjs").RunningPacs} RunningPacs */

const JSON_TYPE = "application/dicom+json";
const AT_ONCE = 6;
const QUERIES = 30;
const SMALL_STUDIES = 100;

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "3" },
    slices: { type: "string", default: "500" },
  },
});
const rounds = Number(values.rounds);
const base = await mkdtemp(path.join(tmpdir(), "negato-bench-"));
const scenarios = { transfer, latency, memory };
try {
  for (const [name, run] of Object.entries(scenarios)) if (name.includes(values.only)) await run();
} finally {
  await rm(base, { recursive: true, force: true });
}

/** Cold and warm, against `getscu` and against Orthanc's own DICOMweb. */
async function transfer() {
  const series = await makeSeries({
    folder: path.join(base, "ct"),
    root: "1",
    count: Number(values.slices),
    side: 512,
  });
  const small = path.join(base, "small");
  for (let index = 0; index < SMALL_STUDIES; index += 1)
    await makeSeries({
      folder: path.join(small, String(index)),
      root: `2.${index}`,
      count: 1,
      side: 16,
    });
  const web = await startOrthanc();
  try {
    await load(web, [series.folder, small]);
    for (const start of [startOrthancPacs, startDcmqrscp]) {
      const pacs = await start();
      try {
        await pacs.load([series.folder, small]);
        await compare(pacs, web.dicomwebUrl, series);
      } finally {
        await pacs.stop();
      }
    }
  } finally {
    await web.stop();
  }
}

/** @param {RunningPacs} pacs @param {string} web @param {MadeSeries} series */
async function compare(pacs, web, series) {
  /** @type {Record<"native" | "first" | "cold" | "warm" | "query" | "cpu" | "peak" | "webWarm" | "webQuery", number[]>} */
  const measured = {
    native: [],
    first: [],
    cold: [],
    warm: [],
    query: [],
    cpu: [],
    peak: [],
    webWarm: [],
    webQuery: [],
  };
  const folder = path.join(base, "native");
  const gigabytes = series.bytes / 1e9;
  for (let round = 0; round < rounds; round += 1) {
    const { study, instances } = series;
    measured.native.push(await nativeGet(pacs, { study, folder, count: instances.length }));
    const ours = await serve(pacs, [], (address, pid) => visit(address, pid, series));
    measured.query.push(ours.query);
    measured.first.push(ours.first);
    measured.cold.push(ours.cold / 1000);
    measured.warm.push(ours.warm / 1000);
    measured.cpu.push(ours.cpu / (2 * gigabytes));
    measured.peak.push(ours.peak);
    const theirs = await visitWarm(web, series);
    measured.webQuery.push(theirs.query);
    measured.webWarm.push(theirs.warm / 1000);
  }
  const [native, webWarm, webQuery] = [measured.native, measured.webWarm, measured.webQuery].map(
    median,
  );
  console.log(
    `\n${pacs.aeTitle}: ${series.instances.length} slices, ${(series.bytes / 1e6).toFixed(0)} MB, ${rounds} rounds`,
  );
  line("getscu, s", measured.native, 2);
  line("cold, all frames, s", measured.cold, 2, { limit: 1.5, peer: native, of: "getscu" });
  line("cold, middle frame, ms", measured.first, 0, { limit: 60, peer: 1, of: "ms" });
  line("warm, all frames, s", measured.warm, 2, { limit: 0.4, peer: webWarm, of: "Orthanc's" });
  line("study list p50, ms", measured.query, 1, { limit: 0.6, peer: webQuery, of: "Orthanc's" });
  line("CPU, s per GB", measured.cpu, 2, { limit: 2, peer: 1, of: "s" });
  line("peak memory, MB", measured.peak, 0, { limit: 200, peer: 1, of: "MB" });
}

/** @param {string} address @param {number} pid @param {MadeSeries} series */
async function visit(address, pid, series) {
  const client = createClient(AT_ONCE);
  const before = await usageOf(pid);
  const query = await queryTime(client, `${address}/dicom-web`);
  const urls = frameUrls(`${address}/dicom-web`, series);
  const options = { accept: STORED_FRAMES, atOnce: AT_ONCE, leastBytes: series.frameBytes };
  const begin = performance.now();
  const first = await client.fetch(urls[urls.length >> 1] ?? "", STORED_FRAMES);
  if (first.status !== 200) throw new Error(`HTTP ${first.status} for the first frame`);
  await fetchAll(client, urls, options);
  const cold = performance.now() - begin;
  const warm = await fetchAll(client, urls, options);
  const after = await usageOf(pid);
  client.close();
  const cpu = after.cpuSeconds - before.cpuSeconds;
  return { query, first: first.milliseconds, cold, warm, cpu, peak: after.peakMegabytes };
}

/** @param {string} dicomweb @param {MadeSeries} series */
async function visitWarm(dicomweb, series) {
  const client = createClient(AT_ONCE);
  const query = await queryTime(client, dicomweb);
  const warm = await fetchAll(client, frameUrls(dicomweb, series), {
    accept: STORED_FRAMES,
    atOnce: AT_ONCE,
    leastBytes: series.frameBytes,
  });
  client.close();
  return { query, warm };
}

/** @param {ReturnType<typeof createClient>} client @param {string} dicomweb */
async function queryTime(client, dicomweb) {
  const times = [];
  for (let index = 0; index < QUERIES; index += 1)
    times.push((await client.fetch(`${dicomweb}/studies?limit=101`, JSON_TYPE)).milliseconds);
  return median(times);
}

/** A network with 20 ms of round trip: our associations against one. */
async function latency() {
  const count = Math.min(300, Number(values.slices));
  const series = await makeSeries({
    folder: path.join(base, "far"),
    root: "3",
    count,
    side: 256,
  });
  for (const start of [startOrthancPacs, startDcmqrscp]) {
    const pacs = await start();
    const relay = await startDelayRelay({ targetPort: pacs.port, roundTripMs: 20 });
    try {
      await pacs.load([series.folder]);
      const far = { ...pacs, port: relay.port };
      const native = [];
      const ours = [];
      for (let round = 0; round < rounds; round += 1) {
        const folder = path.join(base, "native");
        native.push(await nativeGet(far, { study: series.study, folder, count }));
        ours.push(await serve(far, [], (address) => coldSeries(address, series)));
      }
      console.log(`\n${pacs.aeTitle} 20 ms away: ${count} slices, ${rounds} rounds`);
      line("getscu, one association, s", native, 2);
      line("cold, all frames, s", ours, 2, {
        limit: 0.2,
        peer: median(native),
        of: "one association",
      });
    } finally {
      await relay.close();
      await pacs.stop();
    }
  }
}

/** @param {string} address @param {MadeSeries} series */
async function coldSeries(address, series) {
  const client = createClient(AT_ONCE);
  const milliseconds = await fetchAll(client, frameUrls(`${address}/dicom-web`, series), {
    accept: STORED_FRAMES,
    atOnce: AT_ONCE,
    leastBytes: series.frameBytes,
  });
  client.close();
  return milliseconds / 1000;
}

/** Peak memory for many instances, and for one large one. */
async function memory() {
  const many = await makeSeries({
    folder: path.join(base, "many"),
    root: "4",
    count: 3000,
    side: 512,
  });
  const large = await makeSeries({
    folder: path.join(base, "large"),
    root: "5",
    count: 1,
    side: 1024,
    frames: 250,
  });
  const pacs = await startOrthancPacs();
  try {
    await pacs.load([many.folder, large.folder]);
    console.log("\npeak memory of the companion");
    const peaks = await serve(pacs, [], async (address, pid) => [
      await peakOf(address, pid, many, "3,000 instances, MB"),
      await peakOf(address, pid, large, "one object of 524 MB, MB"),
    ]);
    if (peaks.some((peak) => peak > 200)) console.log("over the limit");
  } finally {
    await pacs.stop();
  }
}

/** @param {string} address @param {number} pid @param {MadeSeries} series @param {string} title */
async function peakOf(address, pid, series, title) {
  await forgetPeak(pid);
  const client = createClient(AT_ONCE);
  const url = `${address}/dicom-web/studies/${series.study}/series/${series.series}`;
  const whole = await client.fetch(
    url,
    'multipart/related; type="application/dicom"; transfer-syntax=*',
  );
  if (whole.status !== 200 || whole.bytes < series.bytes)
    throw new Error(`HTTP ${whole.status} with ${whole.bytes} bytes of ${series.bytes}`);
  await fetchAll(client, frameUrls(`${address}/dicom-web`, series), {
    accept: STORED_FRAMES,
    atOnce: AT_ONCE,
    leastBytes: series.frameBytes,
  });
  client.close();
  const { peakMegabytes } = await usageOf(pid);
  line(title, [peakMegabytes], 0, { limit: 200, peer: 1, of: "MB" });
  return peakMegabytes;
}

/**
 * @template Result
 * @param {{ aeTitle: string, port: number }} pacs
 * @param {readonly string[]} options
 * @param {(address: string, pid: number) => Promise<Result>} work
 */
async function serve(pacs, options, work) {
  const data = await mkdtemp(path.join(base, "data-"));
  const companion = await startCompanion([
    "--pacs",
    `${pacs.aeTitle}@127.0.0.1:${pacs.port}?name=pacs`,
    ...["--data", data, ...options],
  ]);
  try {
    return await work(companion.address, companion.pid);
  } finally {
    await companion.stop();
    await rm(data, { recursive: true, force: true });
  }
}

/** @param {string} dicomweb @param {MadeSeries} series */
function frameUrls(dicomweb, { study, series, instances }) {
  return instances.map(
    (instance) => `${dicomweb}/studies/${study}/series/${series}/instances/${instance}/frames/1`,
  );
}

/** @param {Awaited<ReturnType<typeof startOrthanc>>} orthanc @param {readonly string[]} folders */
async function load(orthanc, folders) {
  for (const folder of folders)
    for (const file of await readdir(folder, { recursive: true }))
      if (file.endsWith(".dcm"))
        await orthanc.store(new Uint8Array(await readFile(path.join(folder, file))));
}

/**
 * @param {string} title
 * @param {readonly number[]} numbers
 * @param {number} digits
 * @param {{ limit: number, peer: number | undefined, of: string }} [against]
 */
function line(title, numbers, digits, against) {
  const least = Math.min(...numbers).toFixed(digits);
  const middle = median(numbers);
  const most = Math.max(...numbers).toFixed(digits);
  const ratio = against === undefined ? Number.NaN : middle / (against.peer ?? 1);
  const verdict =
    against === undefined
      ? ""
      : `  ${ratio.toFixed(2)} of ${against.of}, limit ${against.limit}${ratio > against.limit ? "  MISSED" : ""}`;
  console.log(`  ${title.padEnd(28)} ${least} / ${middle.toFixed(digits)} / ${most}${verdict}`);
}
