import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";
import { run } from "./run.mjs";

/**
 * A program that the tests use and npm cannot bring.
 * @typedef {object} SystemPart
 * @property {string} name
 * @property {readonly string[]} programs names or absolute paths; the first that exists is taken
 * @property {readonly string[]} debian packages that bring it
 * @property {string} elsewhere how to get it on other systems
 * @property {boolean} isRequired whether the tests cannot do without it
 */

/** @type {readonly SystemPart[]} */
const SYSTEM_PARTS = [
  {
    name: "Chromium",
    programs: [
      ...(process.env["NEGATO_CHROMIUM"] ? [process.env["NEGATO_CHROMIUM"]] : []),
      "chromium",
      "chromium-browser",
      "google-chrome-stable",
      "google-chrome",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
      "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    ],
    debian: ["chromium"],
    elsewhere: "install Chrome or Chromium, or set NEGATO_CHROMIUM to its program file",
    isRequired: true,
  },
  {
    name: "The DejaVu fonts",
    programs: ["/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"],
    debian: ["fonts-dejavu-core"],
    elsewhere: "install the DejaVu fonts; screenshots are compared on Linux only",
    isRequired: false,
  },
  {
    name: "Orthanc",
    programs: ["Orthanc", "/usr/sbin/Orthanc"],
    debian: ["orthanc", "orthanc-dicomweb"],
    elsewhere: "install Orthanc with its DICOMweb plugin from orthanc-server.com",
    isRequired: false,
  },
  {
    name: "DCMTK",
    programs: ["dcmdump"],
    debian: ["dcmtk"],
    elsewhere: "install DCMTK (on macOS: brew install dcmtk)",
    isRequired: false,
  },
  {
    name: "GDCM",
    programs: ["gdcmconv"],
    debian: ["libgdcm-tools"],
    elsewhere: "install the tools of GDCM (on macOS: brew install gdcm)",
    isRequired: false,
  },
];

/**
 * The program of a part, or undefined when it is not on this machine.
 * @param {SystemPart} part
 */
function findPart(part) {
  return part.programs.map(locate).find((file) => file !== undefined);
}

/** Whether DCMTK is on this machine. */
export function hasDcmtk() {
  return has("DCMTK");
}

/** Whether the tools of GDCM are on this machine. */
export function hasGdcm() {
  return has("GDCM");
}

/** @param {string} name */
function has(name) {
  return SYSTEM_PARTS.some((part) => part.name === name && findPart(part) !== undefined);
}

/** The Chromium of this machine, or undefined. */
export function findChromium() {
  const part = SYSTEM_PARTS.find(({ name }) => name === "Chromium");
  return part === undefined ? undefined : findPart(part);
}

/**
 * Finds every part, installs what is missing where that is possible, and says the rest in words.
 * @returns {Promise<readonly string[]>} a sentence per part that is still missing
 * @throws {Error} when a required part is missing
 */
export async function ensureSystemParts() {
  const missing = SYSTEM_PARTS.filter((part) => findPart(part) === undefined);
  if (missing.length > 0 && canInstall()) await install(missing.flatMap(({ debian }) => debian));
  const absent = missing.filter((part) => findPart(part) === undefined);
  const required = absent.filter(({ isRequired }) => isRequired);
  if (required.length > 0) throw new Error(required.map(advice).join("\n"));
  return absent.map(advice);
}

/** @param {SystemPart} part */
function advice(part) {
  const command = locate("apt-get")
    ? `sudo apt-get install ${part.debian.join(" ")}`
    : part.elsewhere;
  return `Missing for the tests: ${part.name}. To install: ${command}`;
}

/** Debian and its kin, as root. */
function canInstall() {
  return process.getuid?.() === 0 && locate("apt-get") !== undefined;
}

/** @param {readonly string[]} packages */
async function install(packages) {
  process.stdout.write(`Installing ${packages.join(", ")} …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-qq"], { env, quiet: true });
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], {
    env,
    quiet: true,
  });
}

/**
 * @param {string} program
 * @returns {string | undefined} its file
 */
function locate(program) {
  if (path.isAbsolute(program)) return existsSync(program) ? program : undefined;
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  return folders.map((folder) => path.join(folder, program)).find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
