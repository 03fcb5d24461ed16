// What it costs to keep 500 objects of half a megabyte, encrypted, against one plain file each and against throwing them away.
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";

const OBJECTS = 500;
const OBJECT_BYTES = 526_000;
const PIECE_BYTES = 65_536;
const ROUNDS = 3;
const MEGABYTE = 1_000_000;

const [task, folder = ""] = process.argv.slice(2);
if (task === undefined) await compare();
else print(JSON.stringify(await measure(task)));

/** Each task in a process of its own, alternately; medians. */
async function compare() {
  const tasks = ["discard", "files", "store", "read-files", "read-store", "store-3000", "start"];
  /** @type {Map<string, Record<string, number>[]>} */
  const results = new Map(tasks.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    const base = await mkdtemp(path.join(tmpdir(), "negato-bench-"));
    try {
      for (const name of tasks) results.get(name)?.push(run(name, base));
    } finally {
      await rm(base, { recursive: true, force: true });
    }
  }
  const of = (/** @type {string} */ name, /** @type {string} */ figure) =>
    median((results.get(name) ?? []).map((result) => result[figure] ?? 0));
  for (const name of tasks) {
    print(
      `${name.padEnd(11)} ${ms(of(name, "wallMs"))} wall, ${ms(of(name, "cpuMs"))} CPU, ` +
        `${Math.round(of(name, "rssBytes") / MEGABYTE)} MB above start`,
    );
  }
  const above = (/** @type {string} */ name) => of(name, "cpuMs") - of("discard", "cpuMs");
  print(`CPU above throwing away: files ${ms(above("files"))}, store ${ms(above("store"))}`);
  print(`ratio of these: ${(above("store") / above("files")).toFixed(2)}`);
  print(
    `reading, ratio of wall to plain files: ${(of("read-store", "wallMs") / of("read-files", "wallMs")).toFixed(2)}`,
  );
}

/** @param {string} name @param {string} base */
function run(name, base) {
  const script = fileURLToPath(import.meta.url);
  const child = spawnSync(process.execPath, [script, name, base], { encoding: "utf8" });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout);
}

/** @param {string} name */
async function measure(name) {
  const { openObjectStore } = await bundle(
    `export { openObjectStore } from "./proxy/object-store/open-object-store.ts";`,
  );
  const openStore = (/** @type {string} */ place) =>
    openObjectStore({
      folder: path.join(folder, place),
      key: new Uint8Array(32).fill(7),
      maximumBytes: 10_000 * MEGABYTE,
      maximumAgeMs: 1e9,
      memoryBytes: 48 * 2 ** 20,
      report: (/** @type {{ message: string }} */ event) => print(event.message),
    });
  /** @type {Record<string, () => Promise<void>>} */
  const tasks = {
    discard: () => fill(OBJECTS, async () => ({ write: () => {}, end: async () => {} })),
    files: () => fill(OBJECTS, (index) => fileSink(path.join(folder, `object-${index}`))),
    store: async () => {
      const store = await openStore("cache");
      await fill(OBJECTS, async (index) => storeSink(store, index));
      await store.close();
    },
    "store-3000": async () => {
      const store = await openStore("large");
      await fill(3000, async (index) => storeSink(store, index));
      await store.close();
    },
    "read-files": async () => {
      for (let index = 0; index < OBJECTS; index += 1)
        await readFile(path.join(folder, `object-${index}`));
    },
    "read-store": async () => {
      const store = await openStore("cache");
      for (const study of store.studies()) {
        for (const object of store.list(study)) for await (const _ of store.open(object));
      }
      await store.close();
    },
    start: async () => {
      const store = await openStore("many");
      await store.close();
    },
  };
  if (name === "start") await fillMany(await openStore("many"));
  return await cost(tasks[name] ?? (async () => {}));
}

/** @param {() => Promise<void>} task */
async function cost(task) {
  const startBytes = process.memoryUsage.rss();
  let most = startBytes;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 5);
  const cpu = process.cpuUsage();
  const begin = performance.now();
  await task();
  const wallMs = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(watch);
  return { wallMs, cpuMs: (user + system) / 1000, rssBytes: most - startBytes };
}

/**
 * Gives bytes as a socket does: each piece in memory of its own.
 * @typedef {{ write(bytes: Uint8Array): void | Promise<void>, end(): Promise<unknown> }} Sink
 * @param {number} count
 * @param {(index: number) => Promise<Sink>} sinkOf
 */
async function fill(count, sinkOf) {
  const object = randomBytes(OBJECT_BYTES);
  for (let index = 0; index < count; index += 1) {
    object.writeUInt32LE(index);
    const sink = await sinkOf(index);
    for (let at = 0; at < OBJECT_BYTES; at += PIECE_BYTES) {
      const view = object.subarray(at, at + PIECE_BYTES);
      const piece = Buffer.allocUnsafeSlow(view.byteLength);
      piece.set(view);
      const wait = sink.write(piece);
      if (wait !== undefined) await wait;
    }
    await sink.end();
    // Sockets are read in turns of their own.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** @param {string} file @returns {Promise<Sink>} */
async function fileSink(file) {
  /** @type {Uint8Array[]} */
  const pieces = [];
  return {
    write: (bytes) => {
      pieces.push(bytes);
    },
    end: async () => {
      const handle = await open(file, "w");
      await handle.writev(pieces);
      await handle.close();
    },
  };
}

/** @param {any} store @param {number} index @returns {Sink} */
function storeSink(store, index) {
  const writer = store.begin(facts(1, index));
  return { write: (bytes) => writer.write(bytes), end: () => writer.commit() };
}

/** 100,000 objects of a few bytes in 200 studies. @param {any} store */
async function fillMany(store) {
  const bytes = new Uint8Array(16);
  for (let index = 0; index < 100_000; index += 1) {
    const writer = store.begin(facts(index % 200, index));
    await writer.write(bytes);
    await writer.commit();
    if (index % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await store.close();
}

/** @param {number} study @param {number} index */
function facts(study, index) {
  const root = "1.2.826.0.1.3680043.8.498.12345678901234567890";
  return {
    studyInstanceUid: `${root}.${study}`,
    seriesInstanceUid: `${root}.${study}.1`,
    sopInstanceUid: `${root}.${study}.1.${index}`,
    sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
    transferSyntaxUid: "1.2.840.10008.1.2.1",
    origin: "retrieved",
  };
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

/** @param {number} value */
function ms(value) {
  return `${Math.round(value)} ms`;
}

/** @param {string} line */
function print(line) {
  console.log(line);
}
