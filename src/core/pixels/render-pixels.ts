import type { DecodedFrame, Samples } from "./decoded-frame.ts";
import type { DisplayPipeline } from "./display-pipeline.ts";
import type { PixelPadding } from "./image-pixel.ts";
import { modalityValue } from "./modality-lut.ts";
import type { Palette } from "./palette.ts";
import { screenLevel } from "./presentation-lut.ts";
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
  if (frame.meaning === "rgb") renderRgb(frame, words);
  else if (frame.meaning === "palette" && display.palette !== undefined)
    renderPalette(frame.samples, display.palette, words);
  else renderMonochrome(frame, display, words);
  return new Uint8ClampedArray(words.buffer);
}

/** The screen level (0 to 255) of one stored value of a monochrome frame. */
export function storedValueLevel(display: DisplayPipeline, storedValue: number): number {
  if (isPadding(display.padding, storedValue) || Number.isNaN(storedValue)) return 0;
  return screenLevel(
    voiGrey(display.voi, modalityValue(display.modality, storedValue)),
    display.inverted,
  );
}

/** Whether a stored value is padding. */
export function isPadding(padding: PixelPadding | undefined, storedValue: number): boolean {
  return padding !== undefined && storedValue >= padding.first && storedValue <= padding.last;
}

function renderMonochrome(
  frame: DecodedFrame,
  display: DisplayPipeline,
  words: Uint32Array<ArrayBuffer>,
): void {
  const { samples } = frame;
  if (samples.BYTES_PER_ELEMENT > 2) {
    for (let index = 0; index < words.length; index += 1)
      words[index] = greyWord(storedValueLevel(display, samples[index] ?? 0));
    return;
  }
  const lowest = frame.isSigned ? -(2 ** (frame.bitsStored - 1)) : 0;
  const table = new Uint32Array(2 ** frame.bitsStored);
  for (let entry = 0; entry < table.length; entry += 1)
    table[entry] = greyWord(storedValueLevel(display, entry + lowest));
  for (let index = 0; index < words.length; index += 1)
    words[index] = table[(samples[index] ?? 0) - lowest] ?? BLACK;
}

function renderPalette(samples: Samples, palette: Palette, words: Uint32Array): void {
  const { colors, firstMapped } = palette;
  const last = colors.length / 3 - 1;
  for (let index = 0; index < words.length; index += 1) {
    const at = Math.min(Math.max((samples[index] ?? 0) - firstMapped, 0), last) * 3;
    words[index] = rgbWord(colors[at] ?? 0, colors[at + 1] ?? 0, colors[at + 2] ?? 0);
  }
}

function renderRgb(frame: DecodedFrame, words: Uint32Array): void {
  const rgb = rgbBytes(frame);
  for (let index = 0, at = 0; index < words.length; index += 1, at += 3)
    words[index] = rgbWord(rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0);
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

function greyWord(level: number): number {
  return BLACK | (level * 0x010101);
}

function rgbWord(red: number, green: number, blue: number): number {
  return BLACK | (blue << 16) | (green << 8) | red;
}
