import type { FrameEncoding } from "#core/dicom/transfer-syntax.ts";
import type { CodecSource } from "./codec-source.ts";
import type { FrameDecoder } from "./frame-decoder.ts";

/** How frames of an encoding are decoded here. */
export type Decoding =
  | { readonly kind: "native" }
  | { readonly kind: "rle" }
  /** By an adapter, which is fetched when the first frame needs it. */
  | {
      readonly kind: "adapter";
      readonly name: "jpeg" | "openjpeg" | "charls" | "openjph" | "jpeg-xl";
      readonly load: (source: CodecSource) => Promise<FrameDecoder>;
    }
  /** The encoding is known, so that all but its pixels can be shown; nothing here decodes it yet. */
  | { readonly kind: "not-yet" };

const NATIVE: Decoding = { kind: "native" };
const NOT_YET: Decoding = { kind: "not-yet" };
const JPEG: Decoding = {
  kind: "adapter",
  name: "jpeg",
  load: async (source) => new (await import("./jpeg.ts")).JpegDecoder(source),
};
const OPENJPEG: Decoding = {
  kind: "adapter",
  name: "openjpeg",
  load: async (source) => new (await import("./openjpeg.ts")).OpenJpegDecoder(source),
};

/** Frame encodings and what decodes them; a codec is added here and in a file of its own. */
export const CODEC_TABLE: Readonly<Record<FrameEncoding, Decoding>> = {
  native: NATIVE,
  rle: { kind: "rle" },
  "jpeg-baseline": JPEG,
  "jpeg-extended": JPEG,
  "jpeg-lossless": NOT_YET,
  "jpeg-ls": NOT_YET,
  "jpeg-2000": OPENJPEG,
  htj2k: NOT_YET,
  "jpeg-xl": NOT_YET,
  video: NOT_YET,
  "deflated-frame": NOT_YET,
  reference: NOT_YET,
};
