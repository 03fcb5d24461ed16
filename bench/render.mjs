// How long the software renderer and the whole-frame rendering take, as ratios to a plain copy of the canvas.
// Usage: node bench/render.mjs (Node 22.18 or newer, which runs TypeScript without a build)
import { performance } from "node:perf_hooks";
import { fitView } from "../src/core/geometry/view-transform.ts";
import { renderPixels } from "../src/core/pixels/render-pixels.ts";
import { SoftwareRenderer } from "../src/render/software-renderer.ts";

/** @param {number} columns @param {number} rows */
function frameOf(columns, rows) {
  const samples = Int16Array.from({ length: columns * rows }, (_, index) => (index * 7919) % 4096);
  return {
    rows,
    columns,
    meaning: /** @type {const} */ ("monochrome"),
    samples,
    bitsStored: 16,
    isSigned: true,
    minimum: 0,
    maximum: 4095,
    decoder: "bench",
    fidelity: /** @type {const} */ ("exact"),
    deviations: [],
  };
}

/** @param {number} windowCenter */
function pipeline(windowCenter) {
  return {
    modality: { kind: /** @type {const} */ ("rescale"), slope: 1, intercept: -1024 },
    voi: {
      kind: /** @type {const} */ ("window"),
      windowCenter,
      windowWidth: 400,
      function: /** @type {const} */ ("LINEAR"),
      explanation: "",
    },
    inverted: false,
  };
}

/** Median of several runs, ms. @param {(run: number) => void} work */
function medianMs(work) {
  for (let run = 0; run < 3; run += 1) work(run);
  const times = Array.from({ length: 15 }, (_, run) => {
    const start = performance.now();
    work(run);
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[7] ?? 0;
}

for (const [name, columns, rows] of /** @type {const} */ ([
  ["CT 512 x 512", 512, 512],
  ["CR 2500 x 3000", 2500, 3000],
])) {
  const frame = frameOf(columns, rows);
  const other = { ...frame };
  const view = fitView({ canvasWidth: 1000, canvasHeight: 1000, columns, rows, pixelAspect: 1 });
  const canvas = new Uint32Array(1_000_000);
  const copy = medianMs(() => canvas.slice());
  const renderer = new SoftwareRenderer();
  const report = {
    "whole frame": medianMs((run) => renderPixels(frame, pipeline(run))),
    "draw into 1000 x 1000": medianMs((run) =>
      renderer.picture(run % 2 === 0 ? frame : other, pipeline(run), view),
    ),
    "change the window": medianMs((run) => renderer.picture(frame, pipeline(run), view)),
  };
  for (const [what, ms] of Object.entries(report))
    console.log(
      `${name}, ${what}: ${ms.toFixed(2)} ms, ${(ms / copy).toFixed(1)} x a copy of 4 MB`,
    );
}
