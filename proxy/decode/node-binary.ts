import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { WasmBinary } from "../../wasm/codec-source.ts";

const packages = createRequire(import.meta.url);

/**
 * Compiles the WebAssembly that a package exports, such as `@cornerstonejs/codec-openjpeg/decodewasm`; `fileName` is
 * its name in the folder `wasm` beside the built companion, where it is looked for first.
 */
export async function compilePackageWasm(specifier: string, fileName: string): Promise<WasmBinary> {
  const bundled = fileURLToPath(new URL(`./wasm/${basename(fileName)}`, import.meta.url));
  const path = existsSync(bundled) ? bundled : packages.resolve(specifier);
  const module = await WebAssembly.compile(new Uint8Array(await readFile(path)));
  return { instantiate: (imports) => WebAssembly.instantiate(module, imports) };
}
