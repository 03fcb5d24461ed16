import { createReadStream, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const packageFolder = path.dirname(fileURLToPath(import.meta.resolve("pdfjs-dist/package.json")));

/** Folders of the package and what of them the PDF viewer fetches: name here -> name there and which files. */
const PARTS = [
  { name: "wasm", folder: "wasm", files: /^(jbig2|openjpeg|qcms_bg)\.wasm$/ },
  { name: "fonts", folder: "standard_fonts", files: /\.(pfb|ttf)$/ },
  { name: "cmaps", folder: "cmaps", files: /\.bcmap$/ },
  { name: "iccs", folder: "iccs", files: /\.icc$/ },
];
const TYPES = new Map([[".wasm", "application/wasm"]]);

/**
 * Vite plugin that puts beside the application, below `pdf/`, what documents may name without bringing it: standard
 * fonts, character maps of East Asian text, and the codecs of scanned pages.
 * @returns {import("vite").Plugin}
 */
export function pdfParts() {
  return {
    name: "negato:pdf-parts",
    generateBundle() {
      for (const { fileName, file } of partFiles())
        this.emitFile({ type: "asset", fileName, source: readFileSync(file) });
    },
    configureServer(server) {
      const files = new Map(partFiles().map(({ fileName, file }) => [`/${fileName}`, file]));
      server.middlewares.use((request, response, next) => {
        const file = files.get((request.url ?? "").split("?")[0] ?? "");
        if (file === undefined) return next();
        const type = TYPES.get(path.extname(file)) ?? "application/octet-stream";
        response.setHeader("content-type", type);
        createReadStream(file).pipe(response);
      });
    },
  };
}

function partFiles() {
  return PARTS.flatMap(({ name, folder, files }) =>
    readdirSync(path.join(packageFolder, folder))
      .filter((file) => files.test(file))
      .map((file) => ({
        fileName: `pdf/${name}/${file}`,
        file: path.join(packageFolder, folder, file),
      })),
  );
}
