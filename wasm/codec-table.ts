import type { FrameEncoding } from "#core/dicom/transfer-syntax.ts";
import type { CodecSource } from "./codec-source.ts";
import type { FrameDecoder } from "./frame-decoder.ts";

/** How frames of an encoding are decoded here. */
export type Decoding =
  | { readonly kind: "native" }
  | { readonly kind: "deflated" }
  /** By an adapter, which is fetched when the first frame needs it; encodings of one name share it. */
  | {
      readonly kind: "adapter";
      readonly name: string;
      readonly load: (source: CodecSource) => Promise<FrameDecoder>;
      /** Whether it is the platform that decodes, so that it is only there in browsers. */
      readonly isPlatformOnly?: true;
    }
  /** The encoding is known, so that all but its pixels can be shown; why its frames cannot be decoded, as a sentence goes on. */
  | { readonly kind: "not-yet"; readonly because: string };

const NATIVE: Decoding = { kind: "native" };
const JPEG: Decoding = {
  kind: "adapter",
  name: "jpeg",
  load: async (source) => new (await import("./jpeg.ts")).JpegDecoder(source),
};
const JPEG_2000: Decoding = {
  kind: "adapter",
  name: "jpeg-2000",
  load: async (source) => new (await import("./jpeg-2000.ts")).Jpeg2000Decoder(source),
};

/** Frame encodings and what decodes them; a codec is added here and in a file of its own. */
export const CODEC_TABLE: Readonly<Record<FrameEncoding, Decoding>> = {
  native: NATIVE,
  rle: {
    kind: "adapter",
    name: "rle",
    load: async (source) => new (await import("./rle.ts")).RleDecoder(source),
  },
  "jpeg-baseline": JPEG,
  "jpeg-extended": JPEG,
  "jpeg-lossless": JPEG,
  "jpeg-ls": {
    kind: "adapter",
    name: "jpeg-ls",
    load: async (source) => new (await import("./charls.ts")).CharlsDecoder(source),
  },
  "jpeg-2000": JPEG_2000,
  htj2k: JPEG_2000,
  "jpeg-xl": {
    kind: "adapter",
    name: "jpeg-xl",
    load: async (source) => new (await import("./jpeg-xl.ts")).JpegXlDecoder(source),
    isPlatformOnly: true,
  },
  video: { kind: "not-yet", because: "is a video: it is played, and has no frames to decode" },
  "deflated-frame": { kind: "deflated" },
  reference: { kind: "not-yet", because: "keeps its pixels on a JPIP server" },
};
