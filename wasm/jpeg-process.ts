import type { TransferSyntax } from "#core/dicom/transfer-syntax.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { CodecResult } from "./frame-decoder.ts";
import type { JpegHeader } from "./jpeg-header.ts";

/** What decodes the streams of a JPEG process, whose header was read already. */
export interface JpegProcessDecoder {
  prepare(): Promise<unknown>;
  /** @throws DicomError `codec-failure`, `truncated`, `limit-exceeded`, `unsupported-transfer-syntax`. */
  decode(
    encoded: Uint8Array<ArrayBuffer>,
    header: JpegHeader,
    imagePixel: ImagePixel,
  ): Promise<CodecResult>;
}

/** The processes of T.81 that are decoded here. */
export type JpegProcess = "dct-8-bit" | "dct-12-bit" | "lossless";

/** The process of a stream, by its frame header; undefined for one that nothing here decodes. */
export function processOf({ process, bitDepth }: JpegHeader): JpegProcess | undefined {
  if (process === 3) return "lossless";
  if (process > 2) return undefined;
  if (bitDepth === 8) return "dct-8-bit";
  return bitDepth === 12 ? "dct-12-bit" : undefined;
}

/** The process that streams of a transfer syntax usually have. */
export function expectedProcess(transferSyntax: TransferSyntax): JpegProcess {
  if (transferSyntax.frameEncoding === "jpeg-lossless") return "lossless";
  return transferSyntax.frameEncoding === "jpeg-baseline" ? "dct-8-bit" : "dct-12-bit";
}

/** Whether a transfer syntax allows a process (PS3.5 table A.4-1). */
export function isAllowed(process: JpegProcess, transferSyntax: TransferSyntax): boolean {
  switch (transferSyntax.frameEncoding) {
    case "jpeg-lossless":
      return process === "lossless";
    case "jpeg-baseline":
      return process === "dct-8-bit";
    default:
      return process !== "lossless";
  }
}
