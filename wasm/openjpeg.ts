import createOpenJpeg, { type OpenJpegModule } from "@cornerstonejs/codec-openjpeg/decodewasmjs";
import type { Deviation } from "#core/dicom/deviation.ts";
import type { TransferSyntax } from "#core/dicom/transfer-syntax.ts";
import type { Samples } from "#core/pixels/decoded-frame.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { alignSamples } from "#core/pixels/sample-layout.ts";
import { CodecRuntime } from "./codec-runtime.ts";
import type { CodecSource } from "./codec-source.ts";
import { checkAgainstHeader } from "./codestream-header.ts";
import { decodeWith } from "./decode-with.ts";
import type { CodecResult, FrameDecoder } from "./frame-decoder.ts";
import { type Jpeg2000Header, readJpeg2000Header } from "./jpeg-2000-header.ts";

/** Decodes JPEG 2000 of up to 16 bits, bare or in a JP2 file. */
export class OpenJpegDecoder implements FrameDecoder {
  readonly name = "openjpeg 1.3.6";
  readonly #runtime: CodecRuntime<OpenJpegModule>;

  constructor(source: CodecSource) {
    this.#runtime = new CodecRuntime(createOpenJpeg, () => source.load("openjpeg"));
  }

  prepare(): Promise<unknown> {
    return this.#runtime.prepare();
  }

  async decode(
    encoded: Uint8Array<ArrayBuffer>,
    imagePixel: ImagePixel,
    transferSyntax: TransferSyntax,
  ): Promise<CodecResult> {
    const header = readJpeg2000Header(encoded);
    const deviations = [...checkAgainstHeader(header, imagePixel)];
    if (!header.hasEndMarker)
      deviations.push({ code: "no-end-marker", message: "The codestream has no end marker." });
    const bytes = await this.#runtime.run((module) =>
      decodeWith(new module.J2KDecoder(), header.codestream, header),
    );
    const isSigned = isStoredSigned(header, imagePixel);
    return {
      samples: storedSamples(bytes, header.bitDepth, isSigned),
      bitsStored: header.bitDepth,
      isSigned,
      colour: colourOf(header, imagePixel, deviations),
      fidelity: fidelityOf(header, transferSyntax, deviations),
      deviations,
    };
  }
}

/**
 * Whether the samples are two's complement. Encoders that know nothing of signs give the bits of signed samples to
 * an unsigned codestream: where only the header says signed, the bits are to be read like that.
 */
function isStoredSigned(header: Jpeg2000Header, imagePixel: ImagePixel): boolean {
  if (imagePixel.samplesPerPixel === 3) return false;
  return header.isSigned || imagePixel.pixelRepresentation === 1;
}

function storedSamples(
  bytes: Uint8Array<ArrayBuffer>,
  bitDepth: number,
  isSigned: boolean,
): Samples {
  const { buffer } = bytes;
  const bitsAllocated = bitDepth > 8 ? 16 : 8;
  if (bitsAllocated === 8 && !isSigned) return bytes;
  if (!isSigned) return new Uint16Array(buffer);
  const samples = bitsAllocated === 8 ? new Int8Array(buffer) : new Int16Array(buffer);
  alignSamples(samples, { bitsStored: bitDepth, highBit: bitDepth - 1, bitsAllocated });
  return samples;
}

/** A codestream with a colour transform gives RGB, whatever the header calls it. */
function colourOf(
  header: Jpeg2000Header,
  imagePixel: ImagePixel,
  deviations: Deviation[],
): CodecResult["colour"] {
  const colour = imagePixel.photometricInterpretation;
  if (header.components !== 3) return "as-declared";
  if (colour === "YBR_RCT" || colour === "YBR_ICT" || colour === "RGB") return "rgb";
  if (!header.hasColourTransform) return "as-declared";
  deviations.push({
    code: "colour-transform-mismatch",
    message: `The header says ${colour}, but the codestream transforms colour by itself.`,
  });
  return "rgb";
}

/** Whether layers were left out cannot be seen: only a syntax that forbids it makes the samples exact. */
function fidelityOf(
  header: Jpeg2000Header,
  transferSyntax: TransferSyntax,
  deviations: Deviation[],
): CodecResult["fidelity"] {
  if (transferSyntax.loss !== "never") return "lossy";
  if (header.isReversible) return "exact";
  deviations.push({
    code: "irreversible-transform",
    message: `${transferSyntax.name} must be reversible, but this codestream is not.`,
  });
  return "lossy";
}
