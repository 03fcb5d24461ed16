import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, open, readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { ObjectStoreError } from "./object-store.ts";
import { systemCode } from "./store-files.ts";

const LOCK_NAME = /^lock-(\d{8})$/;
const BEAT_MS = 20_000;
/** A holder on another machine, of which nothing else can be known, is taken for gone after that long without a beat. */
const SILENT_MS = 120_000;

/** Tells this run of the program from an earlier one that had the same process number. */
const run = randomUUID();

/** Who has a folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly run: string;
  /** Linux: when the process began, as the kernel counts; tells it from a later one of the same number. */
  readonly began?: string;
  /** The folder was closed: nobody has it. */
  readonly isReleased?: boolean;
}

/**
 * Takes a folder for this process. Locks are numbered files: a higher one is made to take over from one whose process is
 * gone, so that of two that start at once only one can; nobody removes a lock but who holds a higher one.
 * @throws ObjectStoreError `locked` while another process, or another store of this one, has it.
 */
export async function lockFolder(folder: string): Promise<{ release(): Promise<void> }> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const numbers = await lockNumbers(folder);
    const last = numbers.at(-1) ?? 0;
    if (last > 0) await refuseIfHeld(path.join(folder, nameOf(last)));
    const mine = path.join(folder, nameOf(last + 1));
    if (!(await make(mine))) continue;
    const after = await lockNumbers(folder);
    if (after.at(-1) !== last + 1) {
      await rm(mine, { force: true });
      continue;
    }
    await Promise.all(
      after.slice(0, -1).map((number) => rm(path.join(folder, nameOf(number)), { force: true })),
    );
    return held(mine);
  }
  throw new ObjectStoreError("locked", "Others keep taking the folder of received objects");
}

function held(file: string): { release(): Promise<void> } {
  const beat = setInterval(() => {
    const now = new Date();
    // A lock that was deleted cannot beat; whoever deleted it knows why.
    utimes(file, now, now).catch(() => undefined);
  }, BEAT_MS);
  beat.unref();
  return {
    release: async () => {
      clearInterval(beat);
      const handle = await open(file, "r+").catch(() => undefined);
      if (handle === undefined) return;
      try {
        // Longer than what is there: at no time is it cut.
        await handle.write(JSON.stringify({ ...ourselves(), isReleased: true }), 0);
      } finally {
        await handle.close();
      }
    },
  };
}

async function lockNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names
    .flatMap((name) => LOCK_NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => one - other);
}

function nameOf(number: number): string {
  return `lock-${String(number).padStart(8, "0")}`;
}

/** Makes a lock, which has its name when it is complete. False where there is one of this name. */
async function make(file: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await write(draft);
    try {
      await link(draft, file);
    } catch (error) {
      if (systemCode(error) === "EEXIST") throw error;
      // A file system without links.
      await write(file);
    }
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function write(file: string): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(JSON.stringify(ourselves()));
  } finally {
    await handle.close();
  }
}

async function refuseIfHeld(file: string): Promise<void> {
  let text: string;
  let beatMs: number;
  try {
    text = await readFile(file, "utf8");
    beatMs = (await stat(file)).mtimeMs;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    throw error;
  }
  const holder = parseHolder(text);
  const isFresh = Math.abs(Date.now() - beatMs) < SILENT_MS;
  // Just made, on a file system without links, and not yet written. One that stays empty was left by a crash.
  if (holder === undefined ? !isFresh || text !== "" : !isHeld(holder, isFresh)) return;
  const who = holder === undefined ? "Another process" : `Process ${holder.pid} on ${holder.host}`;
  throw new ObjectStoreError(
    "locked",
    `${who} has the folder of received objects open: give each process its own data folder`,
  );
}

function isHeld(holder: Holder, isFresh: boolean): boolean {
  if (holder.isReleased === true) return false;
  if (holder.host !== hostname()) return isFresh;
  if (holder.pid === process.pid) return holder.run === run;
  if (!isAlive(holder.pid)) return false;
  const began = beganAt(holder.pid);
  if (began === ENDED) return false;
  return holder.began === undefined || began === undefined || holder.began === began;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === "EPERM";
  }
}

function ourselves(): Holder {
  const began = beganAt(process.pid);
  const who = { pid: process.pid, host: hostname(), run };
  return began === undefined ? who : { ...who, began };
}

const ENDED = "ended";

/** Boot and start time of a process; `ENDED` of one that does nothing any more; undefined where the system does not tell. */
function beganAt(pid: number): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const status = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Field 22 (proc(5)); the name of the program, field 2, may hold spaces and is in parentheses.
    const fields = status.slice(status.lastIndexOf(")") + 2).split(" ");
    // Ended, and only not yet asked how: in a container that may last.
    if (fields[0] === "Z" || fields[0] === "X") return ENDED;
    return `${boot}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { pid, host, run, began, isReleased } = { ...value } as Record<string, unknown>;
    if (typeof pid !== "number" || typeof host !== "string" || typeof run !== "string") {
      return undefined;
    }
    return {
      pid,
      host,
      run,
      ...(typeof began === "string" ? { began } : {}),
      isReleased: isReleased === true,
    };
  } catch {
    return undefined;
  }
}
