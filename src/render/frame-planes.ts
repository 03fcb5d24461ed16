import type { DecodedFrame, Samples } from "#core/pixels/decoded-frame.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import { modalityValue } from "#core/pixels/modality-lut.ts";
import type { Palette } from "#core/pixels/palette.ts";
import { isPadding, rgbBytes } from "#core/pixels/render-pixels.ts";
import { finiteValue, valueBase } from "./grey-curve.ts";
import { paletteOnScreen } from "./screen-palette.ts";

/** One number per pixel of a frame, row-major: 1 where it counts, 0 where it does not. */
export type PixelShares = Uint8Array<ArrayBuffer>;

/** Values of the pixels of one kind, 0 for all others, so that sums over the plane are sums over the kind. */
interface Plane<T extends Samples> {
  readonly values: T;
  /** Which pixels are of the kind; absent where all are that no mask covers. */
  readonly shares?: PixelShares;
}

/** The pixels of a frame, sorted into grey and coloured ones. Masked pixels and padding are neither. */
export interface FramePlanes {
  /** Modality values less the base of the frame, as `greyCurve` takes them. */
  readonly grey?: Plane<Samples>;
  /** Red, green, blue, 0 to 255. */
  readonly color?: Plane<Uint8Array<ArrayBuffer>>;
}

/** The planes of a frame. @param open what its mask leaves, if it has one */
export function framePlanes(
  frame: DecodedFrame,
  display: DisplayPipeline,
  open: PixelShares | undefined,
): FramePlanes {
  const { samples } = frame;
  const { colourTransform, supplementalPalette } = display;
  if (frame.meaning === "rgb") return { color: { values: rgbOf(frame, open) } };
  if (frame.meaning === "palette" && display.palette !== undefined) {
    const palette = paletteOnScreen(display.palette, colourTransform);
    return { color: { values: colorsOf(samples, palette, open) } };
  }
  const kept = hasGaps(frame, display) ? keptShares(frame, display, open) : undefined;
  if (supplementalPalette === undefined) return { grey: greyPlane(frame, display, open, kept) };
  const { firstMapped } = supplementalPalette;
  const image = kept ?? open ?? new Uint8Array(samples.length).fill(1);
  const isColor = image.map((share, at) => ((samples[at] ?? 0) >= firstMapped ? share : 0));
  const isGrey = image.map((share, at) => share - (isColor[at] ?? 0));
  const palette = paletteOnScreen(supplementalPalette, colourTransform);
  return {
    grey: greyPlane(frame, display, open, isGrey),
    color: { values: colorsOf(samples, palette, isColor), shares: isColor },
  };
}

/** Whether pixels of a grey frame can be no image. */
function hasGaps({ samples }: DecodedFrame, { padding }: DisplayPipeline): boolean {
  return (
    padding !== undefined || samples instanceof Float32Array || samples instanceof Float64Array
  );
}

function keptShares(
  { samples }: DecodedFrame,
  { padding }: DisplayPipeline,
  open: PixelShares | undefined,
): PixelShares {
  const shares = new Uint8Array(samples.length);
  for (let at = 0; at < shares.length; at += 1) {
    const sample = samples[at] ?? Number.NaN;
    if (!Number.isNaN(sample) && !isPadding(padding, sample)) shares[at] = open?.[at] ?? 1;
  }
  return shares;
}

function greyPlane(
  frame: DecodedFrame,
  { modality }: DisplayPipeline,
  open: PixelShares | undefined,
  kept: PixelShares | undefined,
): Plane<Samples> {
  const { samples } = frame;
  const shares = kept ?? open;
  const base = valueBase(frame);
  const toValue =
    modality.kind === "lut"
      ? (sample: number) => modalityValue(modality, sample)
      : (sample: number) => finiteValue(sample - base);
  const isPlain = modality.kind !== "lut" && samples.BYTES_PER_ELEMENT <= 2;
  const values = isPlain ? samples.slice() : new Float32Array(samples.length);
  if (!isPlain)
    for (let at = 0; at < values.length; at += 1) values[at] = toValue(samples[at] ?? 0);
  if (shares !== undefined)
    for (let at = 0; at < values.length; at += 1) if (shares[at] === 0) values[at] = 0;
  return { values, ...(kept === undefined ? {} : { shares: kept }) };
}

function colorsOf(
  samples: Samples,
  { firstMapped, colors }: Palette,
  shares: PixelShares | undefined,
): Uint8Array<ArrayBuffer> {
  const last = colors.length / 3 - 1;
  const values = new Uint8Array(samples.length * 3);
  for (let at = 0; at < samples.length; at += 1) {
    if (shares?.[at] === 0) continue;
    const from = Math.min(Math.max((samples[at] ?? 0) - firstMapped, 0), last) * 3;
    values[at * 3] = colors[from] ?? 0;
    values[at * 3 + 1] = colors[from + 1] ?? 0;
    values[at * 3 + 2] = colors[from + 2] ?? 0;
  }
  return values;
}

function rgbOf(frame: DecodedFrame, open: PixelShares | undefined): Uint8Array<ArrayBuffer> {
  const rgb = rgbBytes(frame);
  if (open === undefined) return rgb;
  const values = rgb.slice();
  for (let at = 0; at < open.length; at += 1) {
    if (open[at] !== 0) continue;
    values[at * 3] = 0;
    values[at * 3 + 1] = 0;
    values[at * 3 + 2] = 0;
  }
  return values;
}
