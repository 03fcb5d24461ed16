import { spawn } from "node:child_process";
import { mkdir, readdir, rm } from "node:fs/promises";

/**
 * Seconds that `getscu` of DCMTK takes for a study, to the disk, without Nagle's algorithm.
 * @param {{ aeTitle: string, port: number }} pacs
 * @param {{ study: string, folder: string, count: number }} options
 */
export async function nativeGet(pacs, { study, folder, count }) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const keys = ["-k", "0008,0052=STUDY", "-k", `0020,000d=${study}`];
  const args = ["-S", "+B", "-pdu", "131072", "-aec", pacs.aeTitle, "-od", folder, ...keys];
  const begin = performance.now();
  const child = spawn("getscu", [...args, "127.0.0.1", String(pacs.port)], {
    env: { ...process.env, TCP_NODELAY: "1" },
    stdio: "ignore",
  });
  await new Promise((resolve) => {
    child.once("close", resolve);
  });
  const seconds = (performance.now() - begin) / 1000;
  const files = (await readdir(folder)).length;
  if (files !== count) throw new Error(`getscu fetched ${files} of ${count} instances`);
  return seconds;
}
