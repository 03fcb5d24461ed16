import { spawn } from "node:child_process";
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "./free-port.mjs";
import { hasDcmtk } from "./system-parts.mjs";

const ORTHANC = process.env["NEGATO_ORTHANC"] ?? "/usr/sbin/Orthanc";
const START_LIMIT_MS = 30_000;
/** DCMTK leaves Nagle's algorithm on, which costs 40 ms per message on loopback. */
const ENVIRONMENT = { ...process.env, TCP_NODELAY: "1" };

/** Whether programs that act as a PACS without web support are installed here. */
export const hasPacs = hasDcmtk();

/**
 * An AE that the PACS knows as a destination of C-MOVE.
 * @typedef {{ readonly aeTitle: string, readonly port: number }} KnownAe
 */

/**
 * A PACS on the loopback interface that speaks DIMSE alone, in a folder of its own.
 * @typedef {object} RunningPacs
 * @property {string} aeTitle
 * @property {string} host
 * @property {number} port
 * @property {number} pid
 * @property {(files: readonly (string | Uint8Array)[]) => Promise<void>} load stores files, folders, or Part 10 bytes
 * @property {() => Promise<void>} end ends the process and keeps what it holds
 * @property {() => Promise<void>} start starts it again, on the same port
 * @property {() => Promise<string>} log what it wrote so far
 * @property {() => Promise<void>} stop ends it and deletes its folder
 */

/**
 * Orthanc without any plugin and without its HTTP server.
 * @param {{ knows?: readonly KnownAe[], port?: number, settings?: Record<string, unknown> }} [options]
 * @returns {Promise<RunningPacs>}
 */
export async function startOrthancPacs({ knows = [], port, settings = {} } = {}) {
  const dicomPort = port ?? (await freePort());
  return await startPacs("ORTHANC", dicomPort, async (folder) => {
    const file = path.join(folder, "orthanc.json");
    const modalities = knows.map((ae, index) => [`ae${index}`, [ae.aeTitle, "127.0.0.1", ae.port]]);
    const configuration = {
      Name: "NEGATO-PACS",
      StorageDirectory: path.join(folder, "db"),
      IndexDirectory: path.join(folder, "db"),
      Plugins: [],
      HttpServerEnabled: false,
      DicomAet: "ORTHANC",
      DicomPort: dicomPort,
      DicomCheckCalledAet: false,
      DicomCheckModalityHost: false,
      DicomAlwaysAllowEcho: true,
      DicomAlwaysAllowStore: true,
      DicomAlwaysAllowFind: true,
      DicomAlwaysAllowGet: true,
      DicomAlwaysAllowMove: true,
      DicomModalities: Object.fromEntries(modalities),
      DicomThreadsCount: 4,
      DefaultEncoding: "Utf8",
      ...settings,
    };
    await writeFile(file, JSON.stringify(configuration));
    return [ORTHANC, file];
  });
}

/**
 * The `dcmqrscp` of DCMTK.
 * @param {{ knows?: readonly KnownAe[], port?: number }} [options]
 * @returns {Promise<RunningPacs>}
 */
export async function startDcmqrscp({ knows = [], port } = {}) {
  const dicomPort = port ?? (await freePort());
  return await startPacs("QRSCP", dicomPort, async (folder) => {
    const file = path.join(folder, "dcmqrscp.cfg");
    await mkdir(path.join(folder, "db"));
    const hosts = knows.map((ae, index) => `h${index} = (${ae.aeTitle}, 127.0.0.1, ${ae.port})`);
    const lines = [
      `NetworkTCPPort = ${dicomPort}`,
      "MaxPDUSize = 131072",
      "MaxAssociations = 16",
      "HostTable BEGIN",
      ...hosts,
      ...(hosts.length === 0 ? [] : [`all = ${hosts.map((_, index) => `h${index}`).join(", ")}`]),
      "HostTable END",
      "VendorTable BEGIN",
      "VendorTable END",
      "AETable BEGIN",
      `QRSCP ${path.join(folder, "db")} RW (3000, 20000mb) ANY`,
      "AETable END",
    ];
    await writeFile(file, `${lines.join("\n")}\n`);
    return ["dcmqrscp", "-c", file];
  });
}

/**
 * The worklist SCP of DCMTK (`wlmscpfs`), with its items.
 * @param {{ items: readonly Uint8Array[], port?: number }} options Part 10 bytes of worklist items
 * @returns {Promise<RunningPacs>}
 */
export async function startWorklist({ items, port }) {
  const dicomPort = port ?? (await freePort());
  return await startPacs("WORKLIST", dicomPort, async (folder) => {
    const area = path.join(folder, "db", "WORKLIST");
    await mkdir(area, { recursive: true });
    await writeFile(path.join(area, "lockfile"), "");
    for (const [index, item] of items.entries())
      await writeFile(path.join(area, `item${index}.wl`), item);
    return ["wlmscpfs", "-dfp", path.join(folder, "db"), String(dicomPort)];
  });
}

/**
 * @param {string} aeTitle
 * @param {number} port
 * @param {(folder: string) => Promise<readonly string[]>} prepare gives the command line
 * @returns {Promise<RunningPacs>}
 */
async function startPacs(aeTitle, port, prepare) {
  const folder = await mkdtemp(path.join(tmpdir(), "negato-pacs-"));
  const command = await prepare(folder);
  let process = await launch(command, folder, port);
  let loaded = 0;
  return {
    aeTitle,
    host: "127.0.0.1",
    port,
    get pid() {
      return process.pid;
    },
    load: async (files) => {
      const paths = [];
      for (const file of files) {
        if (typeof file === "string") paths.push(file);
        else {
          loaded += 1;
          const target = path.join(folder, `load-${loaded}.dcm`);
          await writeFile(target, file);
          paths.push(target);
        }
      }
      await send(aeTitle, port, paths);
    },
    end: () => process.end(),
    start: async () => {
      process = await launch(command, folder, port);
    },
    log: () => readFile(path.join(folder, "log"), "utf8"),
    stop: async () => {
      await process.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * @param {readonly string[]} command
 * @param {string} folder
 * @param {number} port
 */
async function launch([program = "", ...args], folder, port) {
  const log = await open(path.join(folder, "log"), "a");
  const child = spawn(program, args, {
    env: ENVIRONMENT,
    cwd: folder,
    stdio: ["ignore", log.fd, log.fd],
  });
  const exited = new Promise((resolve) => {
    child.once("exit", resolve);
    child.once("error", resolve);
  });
  await log.close();
  // Orthanc takes seconds to put its things away, which are not needed where its folder is deleted.
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  const end = async () => {
    child.kill("SIGTERM");
    const impatient = setTimeout(() => child.kill("SIGKILL"), 3000);
    await exited;
    clearTimeout(impatient);
  };
  try {
    await listening(port, child);
  } catch (error) {
    await kill();
    throw error;
  }
  return { pid: child.pid ?? 0, end, kill };
}

/**
 * @param {number} port
 * @param {import("node:child_process").ChildProcess} child
 */
async function listening(port, child) {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The PACS ended with code ${child.exitCode}`);
    if (await accepts(port)) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  throw new Error("The PACS did not listen in time");
}

/** @param {number} port @returns {Promise<boolean>} */
function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/**
 * Sends files as they are, in the transfer syntaxes that they have.
 * @param {string} aeTitle
 * @param {number} port
 * @param {readonly string[]} paths files or folders
 */
async function send(aeTitle, port, paths) {
  const args = [
    "+sd",
    "+r",
    "-nh",
    "-dn",
    "-nuc",
    "-aec",
    aeTitle,
    "127.0.0.1",
    String(port),
    ...paths,
  ];
  const child = spawn("dcmsend", args, { env: ENVIRONMENT, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      said = (said + chunk).slice(-2000);
    });
  const code = await new Promise((resolve) => {
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`dcmsend ended with code ${code}: ${said}`);
}
