import createLibjpegTurbo, {
  type LibjpegTurboModule,
} from "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { CodecRuntime } from "./codec-runtime.ts";
import type { CodecSource } from "./codec-source.ts";
import { checkAgainstHeader } from "./codestream-header.ts";
import { decodeWith } from "./decode-with.ts";
import type { CodecResult } from "./frame-decoder.ts";
import { colourTransform, withColourTransform } from "./jpeg-colour.ts";
import type { JpegHeader } from "./jpeg-header.ts";
import type { JpegProcessDecoder } from "./jpeg-process.ts";

/** Decodes JPEG of 8 bits: baseline, extended and progressive. */
export class LibjpegTurboDecoder implements JpegProcessDecoder {
  readonly #runtime: CodecRuntime<LibjpegTurboModule>;

  constructor(source: CodecSource) {
    this.#runtime = new CodecRuntime(createLibjpegTurbo, () => source.load("libjpeg-turbo"));
  }

  prepare(): Promise<unknown> {
    return this.#runtime.prepare();
  }

  async decode(
    encoded: Uint8Array<ArrayBuffer>,
    header: JpegHeader,
    imagePixel: ImagePixel,
  ): Promise<CodecResult> {
    const deviations = checkAgainstHeader(header, imagePixel);
    // The codec fills up what is missing, and nothing tells how much that was.
    if (!header.hasEndMarker) throw new DicomError("truncated", "The JPEG has no end marker");
    const stream = withColourTransform(encoded, header, colourTransform(header, imagePixel));
    const samples = await this.#runtime.run((module) =>
      decodeWith(new module.JPEGDecoder(), stream, header),
    );
    return {
      samples,
      bitsStored: header.bitDepth,
      isSigned: false,
      colour: "rgb",
      fidelity: "lossy",
      decoder: "libjpeg-turbo 1.2.8",
      deviations,
    };
  }
}
