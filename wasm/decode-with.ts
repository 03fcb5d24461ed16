import { DicomError } from "#core/dicom/dicom-error.ts";
import type { CodecDecoder } from "./codec-glue.ts";
import type { CodestreamHeader } from "./codestream-header.ts";

/**
 * Decodes one frame with a decoder object of its own, and gives its bytes. A codec that fails without saying so
 * leaves no bytes or too few, or another size than the codestream says.
 * @throws DicomError `codec-failure`, and whatever the codec throws.
 */
export function decodeWith(
  decoder: CodecDecoder,
  encoded: Uint8Array,
  header: CodestreamHeader,
): Uint8Array<ArrayBuffer> {
  try {
    decoder.getEncodedBuffer(encoded.length).set(encoded);
    decoder.decode();
    const info = decoder.getFrameInfo();
    const decoded = decoder.getDecodedBuffer();
    const bytesPerSample = header.bitDepth > 8 ? 2 : 1;
    const expected = header.rows * header.columns * header.components * bytesPerSample;
    const isSame =
      info.width === header.columns &&
      info.height === header.rows &&
      info.componentCount === header.components;
    if (!isSame || decoded.length !== expected)
      throw new DicomError(
        "codec-failure",
        `The codec gave ${decoded.length} bytes where the frame has ${expected}`,
      );
    const isOwn = decoded.buffer.byteLength === decoded.byteLength;
    // A view of the codec's memory can neither be transferred nor outlive the next frame.
    return new Uint8Array(isOwn ? decoded.buffer : decoded.slice().buffer);
  } finally {
    decoder.delete();
  }
}
