import type { VoiWindow } from "#core/pixels/voi-lut.ts";
import type { Viewport } from "../decode/rendering/render-picture.ts";
import { HttpProblem } from "./problem.ts";

/** How an image is to be rendered (PS3.18 8.3.5). */
export interface RenderedParameters {
  readonly window: VoiWindow | undefined;
  /** Width and height that the picture has to fit into, and the part of the image that is shown. */
  readonly viewport: Viewport | undefined;
  /** Whether pictures with colours carry the profile of their colours, which are always those of sRGB. */
  readonly hasProfile: boolean;
  /** 1 to 100. */
  readonly quality: number;
  /** Sentences for Warning headers: what was asked for and is not done. */
  readonly warnings: readonly string[];
}

const FUNCTIONS: Readonly<Record<string, VoiWindow["function"]>> = {
  linear: "LINEAR",
  "linear-exact": "LINEAR_EXACT",
  sigmoid: "SIGMOID",
};
const OWN_PROFILES: ReadonlySet<string> = new Set(["no", "yes", "srgb"]);
const OTHER_PROFILES: ReadonlySet<string> = new Set(["adobergb", "rommrgb", "displayp3"]);
const MOST_ANNOTATIONS = 8;
const LARGEST_SIDE = 8192;
const DEFAULT_QUALITY = 90;

/** @throws HttpProblem 400 for a parameter that cannot be understood */
export function parseRenderedParameters(parameters: URLSearchParams): RenderedParameters {
  const profile = profileOf(parameters.get("iccprofile"));
  return {
    window: windowOf(parameters.get("window")),
    viewport: viewportOf(parameters.get("viewport")),
    quality: qualityOf(parameters.get("quality")),
    hasProfile: profile !== "no",
    warnings: [
      ...annotationWarnings(parameters.get("annotation")),
      ...(OTHER_PROFILES.has(profile)
        ? [`The ICC profile ${profile} is not available: colours are given as srgb`]
        : []),
    ],
  };
}

/**
 * Names of iccprofile (PS3.18 8.3.5.1.5): whether a profile is included, and which. Colours are converted to sRGB in any case.
 */
function profileOf(text: string | null): string {
  const name = (text ?? "no").toLowerCase();
  if (OWN_PROFILES.has(name) || OTHER_PROFILES.has(name)) return name;
  throw bad("iccprofile must be no, yes, srgb, adobergb, rommrgb or displayp3");
}

/**
 * Nothing is burnt in. Which values that concerns is said as PS3.18 8.3.5.1.1 wants it; it is text of the client, of which a
 * header gets letters alone.
 */
function annotationWarnings(text: string | null): readonly string[] {
  const values = (text ?? "").split(",").map((value) => value.replace(/[^a-z]/gi, ""));
  const named = values.filter((value) => value !== "").slice(0, MOST_ANNOTATIONS);
  if (named.length === 0) return [];
  return [`The following annotation values are not supported: ${named.join(",")}`];
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
