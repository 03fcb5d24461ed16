import type { VoiWindow } from "#core/pixels/voi-lut.ts";
import { HttpProblem } from "./problem.ts";
import type { Region } from "./scale-picture.ts";

/** How an image is to be rendered (PS3.18 8.3.5). */
export interface RenderedParameters {
  readonly window: VoiWindow | undefined;
  /** Width and height that the picture has to fit into, and the part of the image that is shown. */
  readonly viewport: Viewport | undefined;
  /** 1 to 100. */
  readonly quality: number;
  /** Sentences for Warning headers: what was asked for and is not done. */
  readonly warnings: readonly string[];
}

export interface Viewport {
  readonly width: number;
  readonly height: number;
  /** Undefined: the whole image. */
  readonly region: Partial<Region> | undefined;
}

const FUNCTIONS: Readonly<Record<string, VoiWindow["function"]>> = {
  linear: "LINEAR",
  "linear-exact": "LINEAR_EXACT",
  sigmoid: "SIGMOID",
};
const LARGEST_SIDE = 8192;
const DEFAULT_QUALITY = 90;

/** @throws HttpProblem 400 for a parameter that cannot be understood */
export function parseRenderedParameters(parameters: URLSearchParams): RenderedParameters {
  const annotation = parameters.get("annotation");
  const iccProfile = parameters.get("iccprofile");
  const warnings = [
    ...(annotation === null || annotation === ""
      ? []
      : ["The following annotation values are not supported: all"]),
    ...(iccProfile === null || iccProfile === "no" ? [] : ["No ICC profile is applied or added"]),
  ];
  return {
    window: windowOf(parameters.get("window")),
    viewport: viewportOf(parameters.get("viewport")),
    quality: qualityOf(parameters.get("quality")),
    warnings,
  };
}

function windowOf(text: string | null): VoiWindow | undefined {
  if (text === null) return undefined;
  const [center = "", width = "", name = "linear", ...others] = text.split(",");
  const windowFunction = FUNCTIONS[name.toLowerCase()];
  const windowCenter = numberOf(center);
  const windowWidth = numberOf(width);
  const isUsable =
    windowFunction !== undefined && windowCenter !== undefined && windowWidth !== undefined;
  if (!isUsable || windowWidth <= 0 || others.length > 0) {
    throw bad("window must be center,width and optionally linear, linear-exact or sigmoid");
  }
  return { kind: "window", windowCenter, windowWidth, function: windowFunction, explanation: "" };
}

function viewportOf(text: string | null): Viewport | undefined {
  if (text === null) return undefined;
  const parts = text.split(",");
  const [width, height, x, y, regionWidth, regionHeight] = parts.map(numberOf);
  const isSize = isSide(width) && isSide(height) && (parts.length === 2 || parts.length === 6);
  if (!isSize || [regionWidth, regionHeight].some((side) => side !== undefined && side <= 0)) {
    throw bad(`viewport must be vw,vh or vw,vh,sx,sy,sw,sh with sides up to ${LARGEST_SIDE}`);
  }
  if (parts.length === 2) return { width, height, region: undefined };
  return {
    width,
    height,
    region: {
      ...(x === undefined ? {} : { x }),
      ...(y === undefined ? {} : { y }),
      ...(regionWidth === undefined ? {} : { width: regionWidth }),
      ...(regionHeight === undefined ? {} : { height: regionHeight }),
    },
  };
}

function qualityOf(text: string | null): number {
  if (text === null) return DEFAULT_QUALITY;
  const quality = numberOf(text);
  if (quality !== undefined && Number.isInteger(quality) && quality >= 1 && quality <= 100) {
    return quality;
  }
  throw bad("quality must be a whole number from 1 to 100");
}

function isSide(side: number | undefined): side is number {
  return side !== undefined && Number.isInteger(side) && side >= 1 && side <= LARGEST_SIDE;
}

function numberOf(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

function bad(detail: string): HttpProblem {
  return new HttpProblem(400, "bad-parameter", detail);
}
