import createCharls, { type CharlsModule } from "@cornerstonejs/codec-charls/decodewasmjs";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { interleavePlanes } from "#core/pixels/sample-layout.ts";
import { CodecRuntime } from "./codec-runtime.ts";
import type { CodecSource } from "./codec-source.ts";
import { checkAgainstHeader } from "./codestream-header.ts";
import { decodeWith } from "./decode-with.ts";
import type { CodecResult, FrameDecoder } from "./frame-decoder.ts";
import { type JpegLsHeader, readJpegLsHeader } from "./jpeg-ls-header.ts";
import { isStoredSigned, plainColour, samplesOfCodestream } from "./stored-samples.ts";

/** Decodes JPEG-LS of 2 to 16 bits, lossless and near-lossless, in every interleave mode. */
export class CharlsDecoder implements FrameDecoder {
  readonly name = "charls 1.2.7";
  readonly #runtime: CodecRuntime<CharlsModule>;

  constructor(source: CodecSource) {
    this.#runtime = new CodecRuntime(
      createCharls,
      () => source.load("charls"),
      (module, thrown) =>
        typeof thrown === "number" ? module.getExceptionMessage(thrown) : undefined,
    );
  }

  prepare(): Promise<unknown> {
    return this.#runtime.prepare();
  }

  async decode(encoded: Uint8Array<ArrayBuffer>, imagePixel: ImagePixel): Promise<CodecResult> {
    const header = readJpegLsHeader(encoded);
    // JPEG-LS has no sign: that of the header is no contradiction.
    const isSigned = isStoredSigned(header, imagePixel);
    const deviations = checkAgainstHeader({ ...header, isSigned }, imagePixel);
    const { colour, deviations: colourDeviations } = plainColour(imagePixel, "JPEG-LS");
    const bytes = await this.#runtime.run((module) => decode(module, header));
    return {
      ...samplesOfCodestream(bytes, header, imagePixel),
      colour,
      fidelity: header.near === 0 ? "exact" : "lossy",
      deviations: [...deviations, ...colourDeviations],
    };
  }
}

function decode(module: CharlsModule, header: JpegLsHeader): Uint8Array<ArrayBuffer> {
  const bytes = decodeWith(new module.JpegLSDecoder(), header.codestream, header);
  return header.isPlanar ? byPixel(bytes, header) : bytes;
}

/** Components that have a scan each come one after the other. */
function byPixel(bytes: Uint8Array<ArrayBuffer>, header: JpegLsHeader): Uint8Array<ArrayBuffer> {
  const planar = header.bitDepth <= 8 ? bytes : new Uint16Array(bytes.buffer);
  return new Uint8Array(interleavePlanes(planar, header.components).buffer);
}
