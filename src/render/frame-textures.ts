import type { DecodedFrame, Samples } from "#core/pixels/decoded-frame.ts";
import type { PixelPadding } from "#core/pixels/image-pixel.ts";
import type { PixelMask } from "#core/pixels/pixel-mask.ts";
import { rgbBytes } from "#core/pixels/render-pixels.ts";
import { finiteValue, valueBase } from "./grey-curve.ts";
import { FLOAT_PADDING, type TextureKind } from "./shader-source.ts";

/** A frame on the graphics processor. */
export interface FrameTexture {
  readonly texture: WebGLTexture;
  readonly kind: TextureKind;
  readonly shape: TextureShape;
}

/** How a frame is laid out: in one layer, or in tiles of equal size in the layers of an array texture. */
export interface TextureShape {
  readonly width: number;
  readonly height: number;
  readonly tilesAcross: number;
  readonly layers: number;
  readonly bytes: number;
}

/** Limits of a graphics context, or smaller ones for tests. */
export interface TextureLimits {
  readonly maxSize: number;
  readonly maxLayers: number;
}

interface Format {
  readonly internal: number;
  readonly format: number;
  readonly type: number;
  readonly kind: TextureKind;
  readonly bytesPerPixel: number;
}

interface Entry extends FrameTexture {
  readonly format: Format;
  /** What else than the frame went into the texture. */
  readonly padding: PixelPadding | undefined;
}

/** What a texture is made of. */
interface Content {
  readonly rows: number;
  readonly columns: number;
  readonly format: Format;
  readonly padding?: PixelPadding | undefined;
  samples(): Samples;
}

/**
 * The textures of recently drawn frames and masks, least recently drawn first out, within a budget of bytes. Samples of 8 and
 * 16 bits go up as they are, colours as 8-bit RGB, all else as floats less `valueBase`. A mask that several frames share goes
 * up once. Frames and masks are not kept alive by it.
 */
export class FrameTextures {
  readonly #gl: WebGL2RenderingContext;
  readonly #limits: TextureLimits;
  readonly #budgetBytes: number;
  readonly #entries = new WeakMap<DecodedFrame | PixelMask, Entry>();
  readonly #recent = new Set<Entry>();
  #bytes = 0;

  constructor(gl: WebGL2RenderingContext, limits: TextureLimits, budgetBytes: number) {
    this.#gl = gl;
    this.#limits = limits;
    this.#budgetBytes = budgetBytes;
  }

  /** The texture of a frame, uploaded if it is not there; undefined when the frame is beyond what the context can hold. */
  get(frame: DecodedFrame, padding: PixelPadding | undefined): FrameTexture | undefined {
    const known = this.#use(frame);
    if (known !== undefined && isUsable(known, padding)) return known;
    if (known !== undefined) this.#release(known);
    const format = formatOf(this.#gl, frame);
    const samples = () => uploadSamples(frame, format.kind, padding);
    const { rows, columns } = frame;
    return this.#make(frame, { rows, columns, format, padding, samples });
  }

  /**
   * The texture of a mask, laid out like that of its frame, whose texture stays although the budget may be used up.
   */
  getMask(mask: PixelMask, frame: FrameTexture): FrameTexture | undefined {
    const { rows, columns, entries } = mask;
    const format = sampleFormat(this.#gl, entries);
    return (
      this.#use(mask) ?? this.#make(mask, { rows, columns, format, samples: () => entries }, frame)
    );
  }

  /** Bytes of all textures. */
  get bytes(): number {
    return this.#bytes;
  }

  dispose(): void {
    for (const { texture } of this.#recent) this.#gl.deleteTexture(texture);
    this.#recent.clear();
    this.#bytes = 0;
  }

  #use(key: DecodedFrame | PixelMask): Entry | undefined {
    const known = this.#entries.get(key);
    if (known === undefined || !this.#recent.delete(known)) return undefined;
    this.#recent.add(known);
    return known;
  }

  #make(
    key: DecodedFrame | PixelMask,
    content: Content,
    pinned?: FrameTexture,
  ): FrameTexture | undefined {
    const { format, padding } = content;
    const shape = shapeOf(content, format.bytesPerPixel, this.#limits);
    if (shape === undefined) return undefined;
    const texture = this.#storage(shape, format, pinned);
    upload(this.#gl, content, shape);
    const entry: Entry = { texture, shape, format, kind: format.kind, padding };
    this.#entries.set(key, entry);
    this.#recent.add(entry);
    this.#bytes += shape.bytes;
    return entry;
  }

  /** A bound texture for the shape: that of the oldest where the budget is used up and it fits, else a new one. */
  #storage(shape: TextureShape, format: Format, pinned: FrameTexture | undefined): WebGLTexture {
    let reused: WebGLTexture | undefined;
    for (const oldest of this.#recent) {
      if (this.#bytes + shape.bytes <= this.#budgetBytes) break;
      if (oldest === pinned) continue;
      this.#recent.delete(oldest);
      this.#bytes -= oldest.shape.bytes;
      if (reused === undefined && isSameStorage(oldest, shape, format)) reused = oldest.texture;
      else this.#gl.deleteTexture(oldest.texture);
    }
    const gl = this.#gl;
    const texture = reused ?? gl.createTexture();
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
    if (reused === undefined) {
      gl.texParameteri(gl.TEXTURE_2D_ARRAY, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D_ARRAY, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
      gl.texStorage3D(
        gl.TEXTURE_2D_ARRAY,
        1,
        format.internal,
        shape.width,
        shape.height,
        shape.layers,
      );
    }
    return texture;
  }

  #release(entry: Entry): void {
    if (!this.#recent.delete(entry)) return;
    this.#gl.deleteTexture(entry.texture);
    this.#bytes -= entry.shape.bytes;
  }
}

/** The layout of a frame within limits; undefined when it needs too many layers. */
function shapeOf(
  frame: Pick<DecodedFrame, "rows" | "columns">,
  bytesPerPixel: number,
  limits: TextureLimits,
): TextureShape | undefined {
  const tilesAcross = Math.ceil(frame.columns / limits.maxSize);
  const tilesDown = Math.ceil(frame.rows / limits.maxSize);
  const layers = tilesAcross * tilesDown;
  if (layers > limits.maxLayers) return undefined;
  // Tiles of about equal size waste the least in the last row and column of them.
  const width = Math.ceil(frame.columns / tilesAcross);
  const height = Math.ceil(frame.rows / tilesDown);
  return { width, height, tilesAcross, layers, bytes: width * height * layers * bytesPerPixel };
}

/** Padding is written into float textures; with others it is a uniform. */
function isUsable(entry: Entry, padding: PixelPadding | undefined): boolean {
  if (entry.kind !== "float") return true;
  return entry.padding?.first === padding?.first && entry.padding?.last === padding?.last;
}

function isSameStorage(entry: Entry, shape: TextureShape, format: Format): boolean {
  return (
    entry.format.internal === format.internal &&
    entry.shape.width === shape.width &&
    entry.shape.height === shape.height &&
    entry.shape.layers === shape.layers
  );
}

function formatOf(gl: WebGL2RenderingContext, { meaning, samples }: DecodedFrame): Format {
  if (meaning === "rgb")
    return {
      internal: gl.RGB8,
      format: gl.RGB,
      type: gl.UNSIGNED_BYTE,
      kind: "rgb",
      bytesPerPixel: 4,
    };
  return sampleFormat(gl, samples);
}

/** Integers of 8 and 16 bits as they are, everything else as floats. */
function sampleFormat(gl: WebGL2RenderingContext, samples: Samples): Format {
  const integer = (internal: number, type: number, kind: TextureKind): Format => ({
    internal,
    format: gl.RED_INTEGER,
    type,
    kind,
    bytesPerPixel: samples.BYTES_PER_ELEMENT,
  });
  if (samples instanceof Uint8Array) return integer(gl.R8UI, gl.UNSIGNED_BYTE, "unsigned");
  if (samples instanceof Int8Array) return integer(gl.R8I, gl.BYTE, "signed");
  if (samples instanceof Uint16Array) return integer(gl.R16UI, gl.UNSIGNED_SHORT, "unsigned");
  if (samples instanceof Int16Array) return integer(gl.R16I, gl.SHORT, "signed");
  return { internal: gl.R32F, format: gl.RED, type: gl.FLOAT, kind: "float", bytesPerPixel: 4 };
}

/** What is uploaded of a frame. */
function uploadSamples(
  frame: DecodedFrame,
  kind: TextureKind,
  padding: PixelPadding | undefined,
): Samples {
  if (kind === "rgb") return rgbBytes(frame);
  if (kind !== "float") return frame.samples;
  const base = valueBase(frame);
  const { first, last } = padding ?? { first: Number.NaN, last: Number.NaN };
  const floats = new Float32Array(frame.samples.length);
  for (let index = 0; index < floats.length; index += 1) {
    const sample = frame.samples[index] ?? Number.NaN;
    const isValue = !Number.isNaN(sample) && !(sample >= first && sample <= last);
    floats[index] = isValue ? finiteValue(sample - base) : FLOAT_PADDING * 2;
  }
  return floats;
}

/** Copies an image into the layers of the bound texture; rows are read with the stride of the whole image. */
function upload(gl: WebGL2RenderingContext, content: Content, shape: TextureShape): void {
  const { rows, columns, format: pixels } = content;
  const { format, type } = pixels;
  const samples = content.samples();
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.pixelStorei(gl.UNPACK_ROW_LENGTH, columns);
  // Without it, rows that are skipped would have to lie within the height of the tile.
  gl.pixelStorei(gl.UNPACK_IMAGE_HEIGHT, rows);
  for (let layer = 0; layer < shape.layers; layer += 1) {
    const left = (layer % shape.tilesAcross) * shape.width;
    const top = Math.floor(layer / shape.tilesAcross) * shape.height;
    const width = Math.min(shape.width, columns - left);
    const height = Math.min(shape.height, rows - top);
    gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, left);
    gl.pixelStorei(gl.UNPACK_SKIP_ROWS, top);
    gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, layer, width, height, 1, format, type, samples);
  }
  gl.pixelStorei(gl.UNPACK_ROW_LENGTH, 0);
  gl.pixelStorei(gl.UNPACK_IMAGE_HEIGHT, 0);
  gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, 0);
  gl.pixelStorei(gl.UNPACK_SKIP_ROWS, 0);
}
