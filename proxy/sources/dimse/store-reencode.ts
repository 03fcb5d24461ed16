import { Readable } from "node:stream";
import { createInflateRaw } from "node:zlib";
import { DicomError } from "#core/dicom/dicom-error.ts";
import {
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  transferSyntaxOf,
} from "#core/dicom/transfer-syntax.ts";
import { Reencoder } from "./store-reencoder.ts";

/** Whether an object can be given in another syntax without a change of any value. */
export function canReencode(from: string, to: string): boolean {
  const syntax = transferSyntaxOf(from);
  const isPlain = syntax?.frameEncoding === "native" && !syntax.isEncapsulated;
  return isPlain && (to === EXPLICIT_VR_LITTLE_ENDIAN || to === IMPLICIT_VR_LITTLE_ENDIAN);
}

/**
 * A data set in another uncompressed syntax, while it arrives: the same elements with the same values. Sequences
 * become ones of undefined length, and group lengths, which are retired, are left out.
 * @throws DicomError `malformed`, `truncated` for what is no complete data set
 */
export async function* reencode(
  dataSet: AsyncIterable<Uint8Array>,
  from: string,
  to: string,
): AsyncGenerator<Uint8Array> {
  const syntax = transferSyntaxOf(from);
  if (syntax === undefined || !canReencode(from, to))
    throw new DicomError("unsupported-transfer-syntax", "This syntax is not converted");
  const reencoder = new Reencoder(syntax, to === EXPLICIT_VR_LITTLE_ENDIAN);
  const bytes = syntax.isDeflated ? inflated(dataSet) : dataSet;
  for await (const chunk of bytes) yield* reencoder.push(chunk);
  yield* reencoder.end();
}

async function* inflated(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw();
  const source = Readable.from(chunks, { objectMode: false });
  source.on("error", (error) => inflate.destroy(error));
  source.pipe(inflate);
  try {
    for await (const chunk of inflate) yield chunk;
  } catch (error) {
    const isDamaged = error instanceof Error && "code" in error && /^Z_/.test(String(error.code));
    if (!isDamaged) throw error;
    throw new DicomError("malformed", "The deflated data set is damaged", { cause: error });
  } finally {
    source.destroy();
  }
}
