import "./scripts/map-group-by.mjs";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumLaunch } from "./scripts/chromium-launch.mjs";
import { embedEntry } from "./scripts/embed-entry-plugin.mjs";
import { kernels } from "./scripts/kernels-plugin.mjs";
import { pdfParts } from "./scripts/pdf-parts-plugin.mjs";
import { serveCorpus } from "./scripts/serve-corpus.mjs";
import { serviceWorker } from "./scripts/service-worker-plugin.mjs";
import { withoutTemplateIndentation } from "./scripts/template-indentation-plugin.mjs";

/** Stands in for `fs` and `path`, which the Node branch of the codecs' glue names and never reaches here. */
const absent = fileURLToPath(new URL("./wasm/node-builtins.ts", import.meta.url));

/** The version that the application names in its diagnostics. */
const { version } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8"));

/** The companion that the development server forwards DICOMweb to. */
const companion = process.env["NEGATO_COMPANION"] ?? "http://127.0.0.1:8104";

export default defineConfig({
  base: "./",
  define: { "import.meta.env.NEGATO_VERSION": JSON.stringify(version) },
  server: { proxy: { "/dicom-web": companion, "/sources": companion } },
  resolve: { alias: { fs: absent, path: absent } },
  build: {
    target: "es2023",
    outDir: "dist/viewer",
    emptyOutDir: true,
    sourcemap: true,
    rolldownOptions: {
      checks: { pluginTimings: false },
      // Tags and other constants as the numbers that they are, rather than a name for each.
      optimization: { inlineConst: { mode: "all", pass: 2 } },
      // What must arrive before the first image is one file: fewer requests, and it compresses better.
      output: { codeSplitting: { groups: [{ name: "shell", tags: ["$initial"] }] } },
    },
    // Every browser that runs the rest knows it.
    modulePreload: { polyfill: false },
    // A small codec must stay a file: a data: address would break the Content-Security-Policy.
    assetsInlineLimit: (file) => (file.endsWith(".wasm") ? false : undefined),
  },
  worker: { format: "es" },
  plugins: [
    kernels(),
    withoutTemplateIndentation(),
    embedEntry(),
    pdfParts(),
    serviceWorker({ entry: "workers/service-worker.ts" }),
  ],
  optimizeDeps: {
    include: [
      "@lit/localize",
      "@preact/signals-core",
      "lit",
      "lit/decorators.js",
      "lit/directives/repeat.js",
      "@cornerstonejs/codec-openjpeg/decodewasmjs",
      "@cornerstonejs/codec-charls/decodewasmjs",
      "@cornerstonejs/codec-openjph/wasmjs",
      "idb",
      "pdfjs-dist",
      "@zip.js/zip.js/lib/zip-core.js",
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        // The aliases are for the browser; Node has its own fs and path.
        resolve: { alias: [] },
        test: { name: "node", include: ["{src,proxy,wasm,scripts}/**/*.test.ts"] },
      },
      {
        extends: true,
        plugins: [serveCorpus()],
        test: {
          name: "browser",
          include: ["{src,workers,wasm}/**/*.browser-test.ts"],
          // Parts that are loaded on demand take their time on a busy machine.
          expect: { poll: { timeout: 8000 } },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: chromiumLaunch,
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
