import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { CodestreamHeader } from "./codestream-header.ts";

/** Offsets of SIZ in a bare codestream (ITU-T T.800 A.5.1), which stands behind SOC. */
const XSIZ = 8;
const YSIZ = 12;
const XOSIZ = 16;
const YOSIZ = 20;
const XTSIZ = 24;
const YTSIZ = 28;
const XTOSIZ = 32;
const YTOSIZ = 36;
const CSIZ = 40;
const SSIZ = 42;
const SIGN = 0x80;
const MOST_TILES = 65_535;

/** How the image lies on the reference grid. */
export interface ImageGrid {
  readonly tileCount: number;
  /** Grid points from one sample to the next, the same for all components. */
  readonly stepX: number;
  readonly stepY: number;
}

/** Reads SIZ. @throws DicomError `codec-failure`, `unsupported-transfer-syntax`, `truncated`. */
export function readGrid(reader: ByteReader): CodestreamHeader & { readonly grid: ImageGrid } {
  const components = reader.u16(CSIZ);
  const precision = reader.u8(SSIZ);
  const stepX = reader.u8(SSIZ + 1);
  const stepY = reader.u8(SSIZ + 2);
  for (let at = SSIZ; at < SSIZ + 3 * components; at += 3) {
    if (reader.u8(at + 1) !== stepX || reader.u8(at + 2) !== stepY)
      throw unsupported("with components of several sizes");
    if (reader.u8(at) !== precision) throw unsupported("with components of several depths");
  }
  const bitDepth = (precision & 0x7f) + 1;
  if (bitDepth > 16) throw unsupported(`of ${bitDepth} bits per sample`);
  if (stepX === 0 || stepY === 0) throw damaged();
  const tileCount = countTiles(reader);
  const columns = Math.ceil(reader.u32(XSIZ) / stepX) - Math.ceil(reader.u32(XOSIZ) / stepX);
  const rows = Math.ceil(reader.u32(YSIZ) / stepY) - Math.ceil(reader.u32(YOSIZ) / stepY);
  const isSigned = (precision & SIGN) !== 0;
  return { rows, columns, components, bitDepth, isSigned, grid: { tileCount, stepX, stepY } };
}

/**
 * The codestream as the codecs get it right, in a copy where that is another one: samples on every point of the grid,
 * as the codecs count points where they should count samples; and unsigned where `asUnsigned` asks, which gives each
 * sample as its distance from the least one.
 * @throws DicomError `unsupported-transfer-syntax` for tiles that do not begin on a sample.
 */
export function withPlainGrid(
  codestream: Uint8Array<ArrayBuffer>,
  { stepX, stepY, tileCount }: ImageGrid,
  { asUnsigned }: { readonly asUnsigned: boolean },
): Uint8Array<ArrayBuffer> {
  if (stepX === 1 && stepY === 1 && !asUnsigned) return codestream;
  const plain = codestream.slice();
  const view = new DataView(plain.buffer);
  const isTiled = tileCount > 1;
  shrinkAxis(view, stepX, [XSIZ, XOSIZ, XTSIZ, XTOSIZ], isTiled);
  shrinkAxis(view, stepY, [YSIZ, YOSIZ, YTSIZ, YTOSIZ], isTiled);
  for (let at = SSIZ; at < SSIZ + 3 * view.getUint16(CSIZ); at += 3) {
    if (asUnsigned) view.setUint8(at, view.getUint8(at) & ~SIGN);
    view.setUint8(at + 1, 1);
    view.setUint8(at + 2, 1);
  }
  return plain;
}

/** Divides one axis by its step: sizes and offsets count samples then (T.800 B.2, B.3). */
function shrinkAxis(
  view: DataView,
  step: number,
  [size, offset, tile, tileOffset]: readonly [number, number, number, number],
  isTiled: boolean,
): void {
  if (step === 1) return;
  for (const at of [size, offset, tileOffset])
    view.setUint32(at, Math.ceil(view.getUint32(at) / step));
  const tileSize = view.getUint32(tile);
  if (isTiled && tileSize % step !== 0) throw unsupported("with tiles that begin between samples");
  view.setUint32(
    tile,
    isTiled ? tileSize / step : view.getUint32(size) - view.getUint32(tileOffset),
  );
}

function countTiles(reader: ByteReader): number {
  const across = tilesAlong(reader.u32(XSIZ), reader.u32(XTSIZ), reader.u32(XTOSIZ));
  const down = tilesAlong(reader.u32(YSIZ), reader.u32(YTSIZ), reader.u32(YTOSIZ));
  const isStarted =
    reader.u32(XTOSIZ) <= reader.u32(XOSIZ) && reader.u32(YTOSIZ) <= reader.u32(YOSIZ);
  if (!isStarted || !(across * down <= MOST_TILES)) throw damaged();
  return across * down;
}

function tilesAlong(size: number, tile: number, offset: number): number {
  return tile === 0 ? Number.NaN : Math.ceil((size - offset) / tile);
}

function unsupported(what: string): DicomError {
  return new DicomError("unsupported-transfer-syntax", `JPEG 2000 ${what} cannot be decoded`);
}

function damaged(): DicomError {
  return new DicomError("codec-failure", "The JPEG 2000 image size is damaged");
}
