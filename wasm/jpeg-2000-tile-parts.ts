import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ByteReader } from "./byte-reader.ts";

const SOT = 0xff90;
const EOC = 0xffd9;

/** The tile-parts of a codestream (ITU-T T.800 A.4.2). */
export interface TileParts {
  /** Offsets of their SOT markers. */
  readonly starts: readonly number[];
  /** Offset of the first byte after the end marker, or after the last tile-part where there is none. */
  readonly end: number;
  /** Whether the end marker is there; without it all tile-parts are complete nevertheless. */
  readonly hasEndMarker: boolean;
  /** Whether each says how long it is; the last one need not, and then nothing but decoding tells whether it is whole. */
  readonly haveLengths: boolean;
}

interface TilePart {
  readonly tile: number;
  /** How many parts the tile has; 0 where this part does not say. */
  readonly partsOfTile: number;
}

/** Follows the tile-part lengths to the end of the codestream. @throws DicomError `truncated`. */
export function walkTileParts(reader: ByteReader, first: number, tileCount: number): TileParts {
  const starts: number[] = [];
  const parts: TilePart[] = [];
  let at = first;
  while (at + 2 <= reader.length && reader.u16(at) === SOT) {
    const length = reader.u32(at + 6);
    starts.push(at);
    // Psot 0: the tile-part reaches to the end marker.
    if (length === 0) {
      const end = lastEndMarker(reader, at + 12);
      return { starts, end, hasEndMarker: true, haveLengths: false };
    }
    if (length < 14 || at + length > reader.length)
      throw new DicomError("truncated", "The JPEG 2000 codestream ends within a tile");
    parts.push({ tile: reader.u16(at + 4), partsOfTile: reader.u8(at + 11) });
    at += length;
  }
  const hasEndMarker = at + 2 <= reader.length && reader.u16(at) === EOC;
  checkComplete(parts, tileCount, hasEndMarker);
  return { starts, end: hasEndMarker ? at + 2 : at, hasEndMarker, haveLengths: true };
}

/** Every tile must be there, with as many parts as they tell; without an end marker all must tell. */
function checkComplete(parts: readonly TilePart[], tileCount: number, hasEndMarker: boolean): void {
  const seen = new Map<number, number>();
  for (const { tile } of parts) seen.set(tile, (seen.get(tile) ?? 0) + 1);
  const isWhole = parts.every(({ tile, partsOfTile }) =>
    hasEndMarker ? partsOfTile <= (seen.get(tile) ?? 0) : partsOfTile === seen.get(tile),
  );
  if (isWhole && seen.size === tileCount) return;
  const what = hasEndMarker ? "lacks tiles or parts of them" : "has no end marker";
  throw new DicomError("truncated", `The JPEG 2000 codestream ${what}`);
}

function lastEndMarker(reader: ByteReader, from: number): number {
  for (let at = reader.length - 2; at >= from; at -= 1) if (reader.u16(at) === EOC) return at + 2;
  throw new DicomError("truncated", "The JPEG 2000 codestream has no end marker");
}
