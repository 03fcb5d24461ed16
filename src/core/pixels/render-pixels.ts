import { transformedColors } from "./apply-colour-transform.ts";
import type { ColourTransform } from "./colour-transform.ts";
import type { DecodedFrame, Samples } from "./decoded-frame.ts";
import type { DisplayPipeline } from "./display-pipeline.ts";
import type { PixelPadding } from "./image-pixel.ts";
import { modalityValue } from "./modality-lut.ts";
import type { Palette } from "./palette.ts";
import { isMaskOf, type PixelMask } from "./pixel-mask.ts";
import { nearestEntry, presentationValue, screenLevel } from "./presentation-lut.ts";
import { voiGrey } from "./voi-lut.ts";

/** Opaque black as one little-endian word of RGBA. All platforms that run this are little-endian. */
const BLACK = 0xff000000;

/**
 * The picture of a whole frame, one pixel each: RGBA, 8 bits, opaque, row-major, rows x columns x 4 bytes. The
 * pipeline is applied exactly (PS3.4 N.2.1); this is what the other renderers are measured by.
 */
export function renderPixels(
  frame: DecodedFrame,
  display: DisplayPipeline,
): Uint8ClampedArray<ArrayBuffer> {
  const words = new Uint32Array(frame.rows * frame.columns);
  if (frame.meaning === "rgb") renderRgb(frame, display, words);
  else if (frame.meaning === "palette" && display.palette !== undefined)
    renderPalette(frame.samples, screenPalette(display.palette, display.colourTransform), words);
  else renderMonochrome(frame, display, words);
  if (display.mask !== undefined && isMaskOf(display.mask, frame)) coverMasked(display.mask, words);
  return new Uint8ClampedArray(words.buffer);
}

/** The screen level (0 to 255) of one stored value of a monochrome frame, colours left out. */
export function storedValueLevel(display: DisplayPipeline, storedValue: number): number {
  if (isNoImage(display, storedValue)) return 0;
  return screenLevel(greyOf(display, storedValue), display.inverted);
}

/** Whether a stored value is padding. */
export function isPadding(padding: PixelPadding | undefined, storedValue: number): boolean {
  return padding !== undefined && storedValue >= padding.first && storedValue <= padding.last;
}

function isNoImage({ padding }: DisplayPipeline, storedValue: number): boolean {
  return isPadding(padding, storedValue) || Number.isNaN(storedValue);
}

/** From the stored value to the P-value, 0 to 1, before polarity. */
function greyOf({ modality, voi, presentationLut }: DisplayPipeline, storedValue: number): number {
  const grey = voiGrey(voi, modalityValue(modality, storedValue));
  return presentationLut === undefined ? grey : presentationValue(presentationLut, grey);
}

function renderMonochrome(
  frame: DecodedFrame,
  display: DisplayPipeline,
  words: Uint32Array<ArrayBuffer>,
): void {
  const { samples } = frame;
  const word = storedValueWord(display);
  if (samples.BYTES_PER_ELEMENT > 2) {
    for (let index = 0; index < words.length; index += 1) words[index] = word(samples[index] ?? 0);
    return;
  }
  const lowest = frame.isSigned ? -(2 ** (frame.bitsStored - 1)) : 0;
  const table = new Uint32Array(2 ** frame.bitsStored);
  for (let entry = 0; entry < table.length; entry += 1) table[entry] = word(entry + lowest);
  for (let index = 0; index < words.length; index += 1)
    words[index] = table[(samples[index] ?? 0) - lowest] ?? BLACK;
}

/** The pixel of a stored value of a monochrome frame: supplemental palette, else pseudo colour, else grey. */
function storedValueWord(display: DisplayPipeline): (storedValue: number) => number {
  const { supplementalPalette, pseudoColor, colourTransform, inverted } = display;
  const supplemental = supplementalPalette && screenPalette(supplementalPalette, colourTransform);
  const pseudo = pseudoColor && screenPalette(pseudoColor, colourTransform);
  return (storedValue) => {
    if (isNoImage(display, storedValue)) return BLACK;
    if (supplemental !== undefined && storedValue >= supplemental.firstMapped)
      return paletteWord(supplemental, storedValue);
    const grey = greyOf(display, storedValue);
    if (pseudo === undefined) return greyWord(screenLevel(grey, inverted));
    const place = nearestEntry(inverted ? 1 - grey : grey, pseudo.colors.length / 3);
    return paletteWord(pseudo, pseudo.firstMapped + place);
  };
}

/** A palette in the colours of the screen. */
export function screenPalette(
  palette: Palette,
  colourTransform: ColourTransform | undefined,
): Palette {
  if (colourTransform === undefined) return palette;
  return { ...palette, colors: transformedColors(colourTransform, palette.colors) };
}

function renderPalette(samples: Samples, palette: Palette, words: Uint32Array): void {
  for (let index = 0; index < words.length; index += 1)
    words[index] = paletteWord(palette, samples[index] ?? 0);
}

function renderRgb(frame: DecodedFrame, display: DisplayPipeline, words: Uint32Array): void {
  const bytes = rgbBytes(frame);
  const { colourTransform } = display;
  const rgb = colourTransform === undefined ? bytes : transformedColors(colourTransform, bytes);
  for (let index = 0, at = 0; index < words.length; index += 1, at += 3)
    words[index] = rgbWord(rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0);
}

function coverMasked({ entries, colors }: PixelMask, words: Uint32Array): void {
  for (let index = 0; index < words.length; index += 1) {
    const at = ((entries[index] ?? 0) - 1) * 3;
    if (at >= 0) words[index] = rgbWord(colors[at] ?? 0, colors[at + 1] ?? 0, colors[at + 2] ?? 0);
  }
}

/** The samples of an RGB frame with 8 bits each: those of the frame itself where they have 8 already. */
export function rgbBytes(frame: DecodedFrame): Uint8Array<ArrayBuffer> {
  const { samples, bitsStored } = frame;
  if (bitsStored === 8 && samples instanceof Uint8Array) return samples;
  const scale = 255 / (2 ** bitsStored - 1);
  const bytes = new Uint8Array(samples.length);
  for (let index = 0; index < bytes.length; index += 1)
    bytes[index] = Math.min(Math.floor((samples[index] ?? 0) * scale + 0.5), 255);
  return bytes;
}

function paletteWord({ firstMapped, colors }: Palette, value: number): number {
  const last = colors.length / 3 - 1;
  const at = Math.min(Math.max(value - firstMapped, 0), last) * 3;
  return rgbWord(colors[at] ?? 0, colors[at + 1] ?? 0, colors[at + 2] ?? 0);
}

function greyWord(level: number): number {
  return BLACK | (level * 0x010101);
}

function rgbWord(red: number, green: number, blue: number): number {
  return BLACK | (blue << 16) | (green << 8) | red;
}
