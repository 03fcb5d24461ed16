import { DicomError } from "#core/dicom/dicom-error.ts";
import type { TransferSyntax } from "#core/dicom/transfer-syntax.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { CodecSource } from "./codec-source.ts";
import type { CodecResult, FrameDecoder } from "./frame-decoder.ts";
import { type JpegHeader, readJpegHeader } from "./jpeg-header.ts";
import {
  expectedProcess,
  isAllowed,
  type JpegProcess,
  type JpegProcessDecoder,
  processOf,
} from "./jpeg-process.ts";

/** Decodes JPEG (T.81) of every process that DICOM has: the frame header of a stream decides, not its transfer syntax. */
export class JpegDecoder implements FrameDecoder {
  readonly name = "jpeg";
  readonly #source: CodecSource;
  readonly #decoders = new Map<JpegProcess, Promise<JpegProcessDecoder>>();

  constructor(source: CodecSource) {
    this.#source = source;
  }

  async prepare(transferSyntax: TransferSyntax): Promise<unknown> {
    return (await this.#decoder(expectedProcess(transferSyntax))).prepare();
  }

  async decode(
    encoded: Uint8Array<ArrayBuffer>,
    imagePixel: ImagePixel,
    transferSyntax: TransferSyntax,
  ): Promise<CodecResult> {
    const header = readJpegHeader(encoded);
    const process = processOf(header);
    if (process === undefined)
      throw new DicomError(
        "unsupported-transfer-syntax",
        `JPEG of process SOF${header.process} with ${header.bitDepth} bits per sample cannot be decoded`,
      );
    const decoder = await this.#decoder(process);
    const result = await decoder.decode(encoded, header, imagePixel);
    if (isAllowed(process, transferSyntax)) return result;
    const deviation = {
      code: "other-jpeg-process",
      message: `The transfer syntax is ${transferSyntax.name}, but ${nameOf(header)}.`,
    };
    return { ...result, deviations: [...result.deviations, deviation] };
  }

  #decoder(process: JpegProcess): Promise<JpegProcessDecoder> {
    const loaded = this.#decoders.get(process);
    if (loaded !== undefined) return loaded;
    const loading = loadDecoder(process, this.#source).catch((cause: unknown) => {
      this.#decoders.delete(process);
      throw new DicomError("codec-failure", "The codec could not be loaded", { cause });
    });
    this.#decoders.set(process, loading);
    return loading;
  }
}

async function loadDecoder(process: JpegProcess, source: CodecSource): Promise<JpegProcessDecoder> {
  switch (process) {
    case "dct-8-bit":
    case "dct-12-bit":
      return new (await import("./jpeg-dct.ts")).JpegDctDecoder(source);
    case "lossless":
      return new (await import("./jpeg-lossless.ts")).JpegLosslessDecoder(source);
  }
}

function nameOf({ process, bitDepth }: JpegHeader): string {
  return `the frame is ${process === 3 ? "lossless" : "lossy"} JPEG of ${bitDepth} bits`;
}
