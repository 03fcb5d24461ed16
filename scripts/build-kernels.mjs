// Compiles our own WebAssembly kernels (wasm/kernels) with AssemblyScript, when their sources have changed.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const SOURCES = path.join(root, "wasm/kernels");
const FOLDER = path.join(SOURCES, "build");
const BINARY = path.join(FOLDER, "kernels.wasm");
const STAMP = path.join(FOLDER, "kernels.sha256");

/** Pages of 64 KB that the kernels may grow to: 1 GB, four times the largest decoded frame. */
const MAXIMUM_PAGES = 16_384;

const OPTIONS = [
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--noAssert",
  "--optimizeLevel",
  "3",
  "--maximumMemory",
  String(MAXIMUM_PAGES),
];

/**
 * The file of the compiled kernels, compiled from exactly the sources that there are. Several processes may ask at
 * the same time: each writes a file of its own and renames it.
 * @returns {Promise<string>} its absolute path
 */
export async function buildKernels() {
  const wanted = hashOfSources();
  if (existsSync(BINARY) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted)
    return BINARY;
  const bytes = await compile();
  mkdirSync(FOLDER, { recursive: true });
  replace(BINARY, bytes);
  replace(STAMP, wanted);
  return BINARY;
}

/** @returns {Promise<Uint8Array>} */
async function compile() {
  const { default: asc } = await import("assemblyscript/asc");
  /** @type {Map<string, Uint8Array | string>} */
  const written = new Map();
  const output = "kernels.wasm";
  const { error, stderr } = await asc.main(
    ["assembly/kernels.ts", "--baseDir", SOURCES, "--outFile", output, ...OPTIONS],
    {
      writeFile: (name, contents) => {
        written.set(name, contents);
      },
    },
  );
  const bytes = written.get(output);
  if (error !== null || typeof bytes !== "object")
    throw new Error(`The kernels do not compile.\n${stderr.toString()}`, { cause: error });
  return bytes;
}

/**
 * @param {string} file
 * @param {string | Uint8Array} contents
 */
function replace(file, contents) {
  const own = `${file}.${process.pid}.${Date.now()}`;
  writeFileSync(own, contents);
  renameSync(own, file);
}

/** Everything that the result depends on: the sources, this script and the version of the compiler. */
function hashOfSources() {
  const compiler = path.join(root, "node_modules/assemblyscript/package.json");
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => path.join(SOURCES, file));
  const hash = createHash("sha256");
  for (const file of [...files, compiler, fileURLToPath(import.meta.url)])
    hash.update(path.relative(root, file)).update("\0").update(readFileSync(file));
  return hash.digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(`${path.relative(process.cwd(), await buildKernels())}\n`);
