// Completes package-lock.json with the builds for other platforms that the registry in use did not offer. A lock
// without them makes `npm ci` fail everywhere. Run it after each change of dependencies.
import { readFileSync, writeFileSync } from "node:fs";

const LOCK = "package-lock.json";
const CPUS = ["arm64", "arm", "x64", "ia32", "ppc64", "riscv64", "s390x", "loong64", "wasm32"];
const SYSTEMS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const C_LIBRARIES = new Map([
  ["musl", "musl"],
  ["musleabihf", "musl"],
  ["gnu", "glibc"],
  ["gnueabihf", "glibc"],
]);

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 */

/** @type {{ packages: Record<string, LockedPackage> }} */
const lock = JSON.parse(readFileSync(LOCK, "utf8"));
for (const owner of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    if (lock.packages[place] !== undefined || !/^\d+\.\d+\.\d+/.test(version)) continue;
    lock.packages[place] = {
      version,
      ...(owner.dev ? { dev: true } : {}),
      optional: true,
      ...platformOf(name),
    };
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
);
writeFileSync(LOCK, `${JSON.stringify(lock, null, 2)}\n`);

/**
 * The platform that the name of a build tells: `@rolldown/binding-linux-arm64-musl`.
 * @param {string} name
 * @returns {{ os?: string[], cpu?: string[], libc?: string[] }}
 */
function platformOf(name) {
  const words = (name.split("/").at(-1) ?? "").split("-");
  const system = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.find((word) => CPUS.includes(word));
  const library = words.map((word) => C_LIBRARIES.get(word)).find((word) => word !== undefined);
  return {
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(library === undefined || system !== "linux" ? {} : { libc: [library] }),
    ...(system === undefined ? {} : { os: [system] }),
  };
}
