import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { WasmBinary } from "../../wasm/codec-source.ts";

const packages = createRequire(import.meta.url);

/** Compiles the WebAssembly that a package exports, such as `@cornerstonejs/codec-openjpeg/decodewasm`. */
export async function compilePackageWasm(specifier: string): Promise<WasmBinary> {
  const module = await WebAssembly.compile(
    new Uint8Array(await readFile(packages.resolve(specifier))),
  );
  return { instantiate: (imports) => WebAssembly.instantiate(module, imports) };
}
