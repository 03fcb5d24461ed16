import type { Deviation } from "#core/dicom/deviation.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { TransferSyntax } from "#core/dicom/transfer-syntax.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { CodecSource } from "./codec-source.ts";
import { checkAgainstHeader } from "./codestream-header.ts";
import type { CodecResult, FrameDecoder } from "./frame-decoder.ts";
import type { Jpeg2000Codec } from "./jpeg-2000-codec.ts";
import { withPlainGrid } from "./jpeg-2000-grid.ts";
import { type Jpeg2000Header, readJpeg2000Header } from "./jpeg-2000-header.ts";
import { samplesOfCodestream } from "./stored-samples.ts";

/**
 * Decodes JPEG 2000 and HTJ2K of up to 16 bits, bare or in a JP2 file. Which of the two a frame is, its codestream
 * says. HTJ2K goes to OpenJPH, and to OpenJPEG what that does not decode.
 */
export class Jpeg2000Decoder implements FrameDecoder {
  readonly name = "jpeg-2000";
  readonly #openJpeg: () => Promise<Jpeg2000Codec>;
  readonly #openJph: () => Promise<Jpeg2000Codec>;

  constructor(source: CodecSource) {
    this.#openJpeg = once(async () => new (await import("./openjpeg.ts")).OpenJpegCodec(source));
    this.#openJph = once(async () => new (await import("./openjph.ts")).OpenJphCodec(source));
  }

  async prepare({ frameEncoding }: TransferSyntax): Promise<void> {
    await (await (frameEncoding === "htj2k" ? this.#openJph() : this.#openJpeg())).prepare();
  }

  async decode(
    encoded: Uint8Array<ArrayBuffer>,
    imagePixel: ImagePixel,
    transferSyntax: TransferSyntax,
  ): Promise<CodecResult> {
    const header = readJpeg2000Header(encoded);
    const deviations = [...checkAgainstHeader(header, imagePixel)];
    deviations.push(...codestreamDeviations(header, transferSyntax));
    const { bytes, decoder } = await this.#decodeBytes(header);
    return {
      ...samplesOfCodestream(bytes, header, imagePixel),
      colour: colourOf(header, imagePixel, deviations),
      fidelity: fidelityOf(header, transferSyntax, deviations),
      deviations,
      decoder,
    };
  }

  async #decodeBytes(header: Jpeg2000Header): Promise<Decoded> {
    // OpenJPEG gives negative samples of one byte as 0; without the sign they come as distance from the least one.
    const asUnsigned = header.isSigned && header.bitDepth <= 8;
    const codestream = withPlainGrid(header.codestream, header.grid, { asUnsigned });
    const decoded = await this.#decodeCodestream(codestream, header);
    if (asUnsigned) subtract(decoded.bytes, 2 ** (header.bitDepth - 1));
    return decoded;
  }

  async #decodeCodestream(codestream: Uint8Array, header: Jpeg2000Header): Promise<Decoded> {
    if (isForOpenJph(header)) {
      const decoded = await decodeWith(await this.#openJph(), codestream, header).catch(orNothing);
      if (decoded !== undefined) return decoded;
    }
    return decodeWith(await this.#openJpeg(), codestream, header);
  }
}

interface Decoded {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Name and version of the codec. */
  readonly decoder: string;
}

async function decodeWith(
  codec: Jpeg2000Codec,
  codestream: Uint8Array,
  header: Jpeg2000Header,
): Promise<Decoded> {
  return { bytes: await codec.decode(codestream, header), decoder: codec.name };
}

/**
 * Components without a colour transform come out of OpenJPH in a wrong order, and what is cut short comes out coarse;
 * nothing says so. OpenJPEG refuses what is cut short.
 */
function isForOpenJph(header: Jpeg2000Header): boolean {
  const isInOrder = header.components === 1 || header.hasColourTransform;
  return header.isHighThroughput && isInOrder && header.haveLengths;
}

/** What one codec refuses the other one may decode; anything else is a defect and goes on. */
function orNothing(error: unknown): undefined {
  if (!(error instanceof DicomError)) throw error;
}

/** Loads once, and again only after it failed. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

/** Bytes less a number, as two's complement. */
function subtract(bytes: Uint8Array, value: number): void {
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = (bytes[at] ?? 0) - value;
}

function codestreamDeviations(
  header: Jpeg2000Header,
  { name, frameEncoding }: TransferSyntax,
): readonly Deviation[] {
  const deviations: Deviation[] = [];
  if (!header.hasEndMarker)
    deviations.push({ code: "no-end-marker", message: "The codestream has no end marker." });
  if (header.isHighThroughput !== (frameEncoding === "htj2k"))
    deviations.push({
      code: "other-encoding",
      message: `The header says ${name}, but the codestream is ${header.isHighThroughput ? "HTJ2K" : "JPEG 2000"}.`,
    });
  return deviations;
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
