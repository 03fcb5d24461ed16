import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ByteReader } from "./byte-reader.ts";
import { type Box, boxesOf } from "./iso-boxes.ts";

const SIGNATURE = 0x6a502020;
const HEADER = 0x6a703268;
const PALETTE = 0x70636c72;
const CHANNELS = 0x63646566;
const CODESTREAM = 0x6a703263;

/**
 * Where the codestream lies in the boxes of a JP2 file (ITU-T T.800 Annex I); undefined when there are no boxes.
 * What they say of colour is left to Photometric Interpretation, but a palette or another order of channels is not.
 * @throws DicomError `truncated`, `codec-failure`.
 */
export function findCodestream(
  reader: ByteReader,
): { readonly start: number; readonly end: number } | undefined {
  if (reader.length < 12 || reader.u32(4) !== SIGNATURE) return undefined;
  for (const box of boxesOf(reader, { start: 0, end: reader.length })) {
    if (box.type === CODESTREAM) return box;
    if (box.type === HEADER) checkHeader(reader, box);
  }
  throw new DicomError("truncated", "The JP2 file has no codestream");
}

function checkHeader(reader: ByteReader, parent: Box): void {
  for (const box of boxesOf(reader, parent)) {
    if (box.type === PALETTE)
      throw new DicomError(
        "codec-failure",
        "JPEG 2000 with a palette of its own cannot be decoded",
      );
    if (box.type === CHANNELS) checkChannels(reader, box);
  }
}

/** Each channel, its type and what it is associated with (I.5.3.6): colour n must be channel n. */
function checkChannels(reader: ByteReader, box: Box): void {
  const count = reader.u16(box.start);
  for (let entry = 0; entry < count; entry += 1) {
    const at = box.start + 2 + 6 * entry;
    const isColour = reader.u16(at + 2) === 0;
    const association = reader.u16(at + 4);
    const isInPlace = association === 0 || association === reader.u16(at) + 1;
    if (!isColour || !isInPlace)
      throw new DicomError(
        "codec-failure",
        "JPEG 2000 with channels in another order, or with transparency, cannot be decoded",
      );
  }
}
