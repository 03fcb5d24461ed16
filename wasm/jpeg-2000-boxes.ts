import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ByteReader } from "./byte-reader.ts";

const SIGNATURE = 0x6a502020;
const HEADER = 0x6a703268;
const PALETTE = 0x70636c72;
const CHANNELS = 0x63646566;
const CODESTREAM = 0x6a703263;

interface Box {
  readonly type: number;
  /** Offset of what the box holds, and of the first byte after it. */
  readonly start: number;
  readonly end: number;
}

/**
 * Where the codestream lies in the boxes of a JP2 file (ITU-T T.800 Annex I); undefined when there are no boxes.
 * What they say of colour is left to Photometric Interpretation, but a palette or another order of channels is not.
 * @throws DicomError `truncated`, `codec-failure`.
 */
export function findCodestream(
  reader: ByteReader,
): { readonly start: number; readonly end: number } | undefined {
  if (reader.length < 12 || reader.u32(4) !== SIGNATURE) return undefined;
  for (let at = 0; at < reader.length; ) {
    const box = readBox(reader, at, reader.length);
    if (box.type === CODESTREAM) return box;
    if (box.type === HEADER) checkHeader(reader, box);
    at = box.end;
  }
  throw new DicomError("truncated", "The JP2 file has no codestream");
}

function readBox(reader: ByteReader, at: number, limit: number): Box {
  const length = reader.u32(at);
  // Length 1: the true length follows in 64 bits. Length 0: the box reaches to the end.
  const header = length === 1 ? 16 : 8;
  const whole = length === 1 ? reader.u32(at + 8) * 2 ** 32 + reader.u32(at + 12) : length;
  const end = whole === 0 ? limit : at + whole;
  if (end < at + header)
    throw new DicomError("codec-failure", "The JP2 file has a box that is too short");
  return { type: reader.u32(at + 4), start: at + header, end: Math.min(end, limit) };
}

function checkHeader(reader: ByteReader, parent: Box): void {
  for (let at = parent.start; at < parent.end; ) {
    const box = readBox(reader, at, parent.end);
    if (box.type === PALETTE)
      throw new DicomError(
        "codec-failure",
        "JPEG 2000 with a palette of its own cannot be decoded",
      );
    if (box.type === CHANNELS) checkChannels(reader, box);
    at = box.end;
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
