import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { rolldown } from "rolldown";

const OUTPUT = "service-worker.js";

/**
 * Vite plugin that bundles the service worker as a classic script after everything else was written, with the
 * list of the built files and a version that changes when any of them does.
 * @param {{ entry: string }} options
 * @returns {import("vite").Plugin}
 */
export function serviceWorker({ entry }) {
  let folder = "";
  return {
    name: "negato:service-worker",
    apply: "build",
    configResolved(config) {
      folder = path.resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      order: "post",
      sequential: true,
      async handler() {
        const files = builtFiles(folder);
        await bundleWorker(entry, path.join(folder, OUTPUT), {
          __PRECACHE_VERSION__: JSON.stringify(versionOf(folder, files)),
          __PRECACHE_PATHS__: JSON.stringify(files),
        });
      },
    },
  };
}

/**
 * Everything but source maps, what is derived from other files and what few PDF documents need, with `/` between
 * names, in a fixed order.
 * @param {string} folder
 */
function builtFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !/\.(map|br|gz)$/.test(file.name) && file.name !== OUTPUT)
    .map((file) => path.relative(folder, path.join(file.parentPath, file.name)))
    .map((file) => file.split(path.sep).join("/"))
    .filter((file) => !file.startsWith("pdf/"))
    .sort();
}

/**
 * @param {string} folder
 * @param {readonly string[]} files
 */
function versionOf(folder, files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(path.join(folder, file)));
  return hash.digest("hex").slice(0, 16);
}

/**
 * @param {string} entry
 * @param {string} file
 * @param {Record<string, string>} define
 */
async function bundleWorker(entry, file, define) {
  const bundle = await rolldown({ input: entry, transform: { define } });
  await bundle.write({ file, format: "iife", minify: true });
  await bundle.close();
}
