import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { WasmBinary } from "../../wasm/codec-source.ts";

const packages = createRequire(import.meta.url);

/** Compiles the WebAssembly that a package exports, such as `@cornerstonejs/codec-openjpeg/decodewasm`. */
export function compilePackageWasm(specifier: string): Promise<WasmBinary> {
  return compileFile(packages.resolve(specifier));
}

/** Compiles our own kernels, which lie beside the built companion, or among the sources when run from those. */
export function compileKernels(): Promise<WasmBinary> {
  const built = fileURLToPath(new URL("./kernels.wasm", import.meta.url));
  const fromSources = new URL("../../wasm/kernels/build/kernels.wasm", import.meta.url);
  return compileFile(existsSync(built) ? built : fileURLToPath(fromSources));
}

async function compileFile(file: string): Promise<WasmBinary> {
  const module = await WebAssembly.compile(new Uint8Array(await readFile(file)));
  return { instantiate: (imports) => WebAssembly.instantiate(module, imports) };
}
