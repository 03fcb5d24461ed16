import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { build as viteBuild } from "vite";
import { buildKernels } from "./build-kernels.mjs";

const VIEWER = "dist/viewer";
const COMPANION = "dist/companion";
const COMPRESSIBLE = /\.(js|css|html|json|svg|wasm|webmanifest)$/;

/** Builds the viewer and the companion into `dist`. */
async function build() {
  await viteBuild({ logLevel: "warn" });
  compress(VIEWER);
  await buildCompanion();
}

/** Bundles our own modules of the companion; packages stay where npm put them. */
async function buildCompanion() {
  rmSync(COMPANION, { recursive: true, force: true });
  const bundle = await rolldown({
    input: {
      main: "proxy/main.ts",
      "decode-thread": "proxy/decode/decode-thread.ts",
      ...optionalEntries(),
    },
    platform: "node",
    external: (id) => /^[@a-z]/i.test(id) && !path.isAbsolute(id),
  });
  await bundle.write({
    dir: COMPANION,
    format: "esm",
    sourcemap: true,
    entryFileNames: "[name].js",
  });
  await bundle.close();
  copyFileSync(await buildKernels(), path.join(COMPANION, "kernels.wasm"));
  const main = path.join(COMPANION, "main.js");
  writeFileSync(main, `#!/usr/bin/env node\n${readFileSync(main, "utf8").replace(/^#!.*\n/, "")}`, {
    mode: 0o755,
  });
}

/** Worker entries beside the main one. */
function optionalEntries() {
  return { "demo-thread": "proxy/demo/demo-thread.ts" };
}

/**
 * Writes `.br` and `.gz` beside each file that gets smaller by it.
 * @param {string} folder
 */
function compress(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !COMPRESSIBLE.test(entry.name)) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = readFileSync(file);
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    if (brotli.length >= bytes.length) continue;
    writeFileSync(`${file}.br`, brotli);
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

await build();
