import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "./free-port.mjs";

const ORTHANC = process.env["NEGATO_ORTHANC"] ?? "/usr/sbin/Orthanc";
const DICOMWEB_PLUGIN =
  process.env["NEGATO_ORTHANC_DICOMWEB"] ?? "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";
const START_LIMIT_MS = 30_000;

/** Whether an Orthanc with DICOMweb is installed here. */
export const hasOrthanc = existsSync(ORTHANC) && existsSync(DICOMWEB_PLUGIN);

/**
 * @typedef {object} RunningOrthanc
 * @property {string} url address of its REST API, without a slash at the end
 * @property {string} dicomwebUrl address of its DICOMweb service
 * @property {number} dicomPort
 * @property {string} aeTitle
 * @property {(part10: Uint8Array<ArrayBuffer>) => Promise<void>} store stores one Part 10 file
 * @property {() => Promise<void>} stop ends it and deletes its folder
 */

/**
 * Starts an empty Orthanc on the loopback interface, with a folder of its own that is deleted at the end.
 * @param {{ httpPort?: number, dicomPort?: number, settings?: Record<string, unknown> }} [options] free ports
 * are taken where none are given
 * @returns {Promise<RunningOrthanc>}
 */
export async function startOrthanc(options = {}) {
  const httpPort = options.httpPort ?? (await freePort());
  const dicomPort = options.dicomPort ?? (await freePort());
  const folder = await mkdtemp(path.join(tmpdir(), "negato-orthanc-"));
  const file = path.join(folder, "orthanc.json");
  await writeFile(
    file,
    JSON.stringify(configuration(folder, httpPort, dicomPort, options.settings ?? {})),
  );
  const child = spawn(ORTHANC, [file], { stdio: "ignore" });
  const exited = new Promise((resolve) => {
    child.once("exit", resolve);
  });
  const url = `http://127.0.0.1:${httpPort}`;
  const stop = async () => {
    // It takes seconds to put away what nobody needs any more.
    child.kill("SIGKILL");
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answering(`${url}/dicom-web/studies?limit=1`, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    dicomwebUrl: `${url}/dicom-web`,
    dicomPort,
    aeTitle: "ORTHANC",
    stop,
    store: (part10) => store(url, part10),
  };
}

/**
 * @param {string} folder
 * @param {number} httpPort
 * @param {number} dicomPort
 * @param {Record<string, unknown>} settings
 */
function configuration(folder, httpPort, dicomPort, settings) {
  return {
    Name: "NEGATO-TEST",
    StorageDirectory: path.join(folder, "db"),
    IndexDirectory: path.join(folder, "db"),
    HttpPort: httpPort,
    DicomPort: dicomPort,
    DicomAet: "ORTHANC",
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    DicomAlwaysAllowEcho: true,
    DicomAlwaysAllowStore: true,
    DicomAlwaysAllowFind: true,
    DicomAlwaysAllowGet: true,
    DicomAlwaysAllowMove: true,
    Plugins: [DICOMWEB_PLUGIN],
    DicomWeb: { Enable: true, Root: "/dicom-web/", EnableWado: false },
    ...settings,
  };
}

/**
 * @param {string} url
 * @param {import("node:child_process").ChildProcess} child
 */
async function answering(url, child) {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`Orthanc ended with code ${child.exitCode}`);
    const response = await fetch(url).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.ok) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
  throw new Error("Orthanc did not answer in time");
}

/**
 * @param {string} url
 * @param {Uint8Array<ArrayBuffer>} part10
 */
async function store(url, part10) {
  const response = await fetch(`${url}/instances`, { method: "POST", body: part10 });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`Orthanc refused the file with status ${response.status}`);
}
