import { DicomError } from "#core/dicom/dicom-error.ts";
import type { CodecSource } from "./codec-source.ts";
import type { CodecResult } from "./frame-decoder.ts";
import type { JpegProcessDecoder } from "./jpeg-process.ts";
import { type KernelRuntime, kernelsOf } from "./kernel-module.ts";

export class Jpeg12BitDecoder implements JpegProcessDecoder {
  readonly #runtime: KernelRuntime;

  constructor(source: CodecSource) {
    this.#runtime = kernelsOf(source);
  }

  prepare(): Promise<unknown> {
    return this.#runtime.prepare();
  }

  async decode(): Promise<CodecResult> {
    throw new DicomError("unsupported-transfer-syntax", "not yet");
  }
}
