import { readFile, writeFile } from "node:fs/promises";

/** Clock ticks per second of `/proc` on Linux. */
const TICKS = 100;

/**
 * CPU seconds of a process so far, and its peak of resident memory since the last `forgetPeak`. Linux only.
 * @param {number} pid
 */
export async function usageOf(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = await readFile(`/proc/${pid}/status`, "latin1");
  const peak = /VmHWM:\s+(\d+)/.exec(status)?.[1] ?? "0";
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS,
    peakMegabytes: Number(peak) / 1024,
  };
}

/** @param {number} pid */
export async function forgetPeak(pid) {
  await writeFile(`/proc/${pid}/clear_refs`, "5");
}
