import { expect } from "vitest";
import { fitView, type ViewTransform } from "#core/geometry/view-transform.ts";
import { automaticWindow } from "#core/pixels/automatic-window.ts";
import type { DecodedFrame, Samples } from "#core/pixels/decoded-frame.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import type { VoiLut } from "#core/pixels/voi-lut.ts";
import { createFrameRenderer } from "../create-frame-renderer.ts";
import type { SharedGraphics } from "../shared-graphics.ts";

export const IDENTITY = { kind: "identity" } as const;

/** A frame of rings, edges and fine stripes; deterministic. */
export function frameOf(
  samples: Samples,
  columns: number,
  facts: Partial<DecodedFrame> = {},
): DecodedFrame {
  const rows = samples.length / columns / (facts.meaning === "rgb" ? 3 : 1);
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (const sample of samples) {
    minimum = Math.min(minimum, sample);
    maximum = Math.max(maximum, sample);
  }
  return {
    rows,
    columns,
    meaning: "monochrome",
    samples,
    bitsStored: samples.BYTES_PER_ELEMENT * 8,
    isSigned: minimum < 0,
    minimum,
    maximum,
    decoder: "test",
    fidelity: "exact",
    deviations: [],
    ...facts,
  };
}

export function fill<T extends Samples>(samples: T, columns: number, low: number, high: number): T {
  const channels = 1;
  for (let index = 0; index < samples.length; index += channels) {
    const x = index % columns;
    const y = Math.floor(index / columns);
    const rings = 0.5 + 0.5 * Math.sin(Math.hypot(x - 20, y - 13) / 3);
    const stripes = (x + y) % 7 === 0 ? 0.2 : 0;
    samples[index] = Math.floor(low + (high - low) * Math.min(rings * 0.8 + stripes, 1));
  }
  return samples;
}

export const window = (
  windowCenter: number,
  windowWidth: number,
  name = "LINEAR" as const,
): VoiLut => ({
  kind: "window",
  windowCenter,
  windowWidth,
  function: name,
  explanation: "",
});

export const COLUMNS = 61;
export const PIXELS = COLUMNS * 47;

export interface Case {
  readonly name: string;
  readonly frame: DecodedFrame;
  readonly display: DisplayPipeline;
}

export function monochrome(
  name: string,
  samples: Samples,
  display: Partial<DisplayPipeline> = {},
): Case {
  const frame = frameOf(samples, COLUMNS);
  const modality = display.modality ?? IDENTITY;
  const voi = display.voi ?? automaticWindow(frame.minimum, frame.maximum, modality);
  return { name, frame, display: { inverted: false, ...display, modality, voi } };
}

export const UNSET = {
  canvasWidth: 90,
  canvasHeight: 70,
  rows: 47,
  columns: COLUMNS,
  pixelAspect: 1,
};

export const VIEWS: Readonly<Record<string, (sizes: typeof UNSET) => ViewTransform>> = {
  fitted: (sizes) => fitView(sizes),
  "at 1:1": (sizes) => ({ ...fitView(sizes), zoom: 1 }),
  reduced: (sizes) => ({ ...fitView(sizes), zoom: 0.31, panX: 3.7 }),
  "reduced and turned": (sizes) => ({
    ...fitView(sizes),
    quarterTurns: 1,
    zoom: 0.43,
    flipHorizontal: true,
  }),
  "enlarged, turned and flipped": (sizes) => ({
    ...fitView(sizes),
    quarterTurns: 3,
    zoom: 3.3,
    flipVertical: true,
    panX: -11.2,
  }),
  "upside down with oblong pixels": (sizes) => ({
    ...fitView({ ...sizes, pixelAspect: 1.7 }, "nearest"),
    quarterTurns: 2,
  }),
  "single pixels": (sizes) => ({ ...fitView(sizes), zoom: 40, panX: 301.4 }),
};

export function draw(
  kind: "webgl2" | "canvas2d",
  graphics: SharedGraphics,
  { frame, display }: Case,
  view: ViewTransform,
) {
  const canvas = document.createElement("canvas");
  const renderer = createFrameRenderer(canvas, { prefer: kind, graphics });
  expect(renderer.kind).toBe(kind);
  renderer.draw(frame, display, view);
  return read(canvas);
}

export function read(canvas: HTMLCanvasElement): Uint8ClampedArray {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no 2D context");
  return context.getImageData(0, 0, canvas.width, canvas.height).data;
}

export function largestDifference(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let index = 0; index < a.length; index += 1)
    largest = Math.max(largest, Math.abs((a[index] ?? 0) - (b[index] ?? 0)));
  return largest;
}
