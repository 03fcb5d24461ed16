import { DicomError } from "#core/dicom/dicom-error.ts";
import { type TransferSyntax, transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import type { CodecSource } from "./codec-source.ts";
import { CODEC_TABLE, type Decoding } from "./codec-table.ts";
import type { FrameDecoder } from "./frame-decoder.ts";

/** The adapters that a thread has loaded so far. */
export class CodecLoader {
  readonly #source: CodecSource;
  readonly #adapters = new Map<string, Promise<FrameDecoder>>();

  constructor(source: CodecSource) {
    this.#source = source;
  }

  /** Loads what a transfer syntax needs; it is no error that it needs nothing, or is not known. */
  async warm(transferSyntaxUid: string): Promise<void> {
    const syntax = transferSyntaxOf(transferSyntaxUid);
    if (syntax === undefined) return;
    const decoding = CODEC_TABLE[syntax.frameEncoding];
    if (decoding.kind === "adapter") await (await this.adapter(decoding)).prepare(syntax);
  }

  /** The adapter of a codec, loaded once. @throws DicomError `codec-failure` when it cannot be loaded. */
  adapter(decoding: Extract<Decoding, { kind: "adapter" }>): Promise<FrameDecoder> {
    const loaded = this.#adapters.get(decoding.name);
    if (loaded !== undefined) return loaded;
    const loading = decoding.load(this.#source).catch((cause: unknown) => {
      this.#adapters.delete(decoding.name);
      throw new DicomError("codec-failure", "The codec could not be loaded", { cause });
    });
    this.#adapters.set(decoding.name, loading);
    return loading;
  }
}

/**
 * The transfer syntax of a UID, and how it is decoded.
 * @throws DicomError `unknown-transfer-syntax`, or `unsupported-transfer-syntax` for what is known only by name.
 */
export function decodingOf(transferSyntaxUid: string): {
  readonly syntax: TransferSyntax;
  readonly decoding: Exclude<Decoding, { kind: "not-yet" }>;
} {
  const syntax = transferSyntaxOf(transferSyntaxUid);
  if (syntax === undefined)
    throw new DicomError(
      "unknown-transfer-syntax",
      `The transfer syntax ${transferSyntaxUid} is not known`,
    );
  const decoding = CODEC_TABLE[syntax.frameEncoding];
  if (decoding.kind === "not-yet")
    throw new DicomError("unsupported-transfer-syntax", `${syntax.name} ${decoding.because}`);
  return { syntax, decoding };
}
