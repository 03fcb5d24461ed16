import { crc32, deflate } from "node:zlib";

/** An 8-bit picture, row by row; three interleaved samples per pixel for colour. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly samplesPerPixel: 1 | 3;
  readonly samples: Uint8Array;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const GREY = 0;
const TRUE_COLOUR = 2;

/**
 * A PNG image (ISO/IEC 15948): 8 bits, not interlaced, each row predicted by the one above.
 * @param profile ICC profile of its colours, to be carried along.
 */
export async function encodePng(
  picture: Picture,
  profile?: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, samplesPerPixel } = picture;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, samplesPerPixel === 1 ? GREY : TRUE_COLOUR], 8);
  const compressed = await compress(filtered(picture));
  const chunks = [
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    ...(profile === undefined ? [] : [chunk("iCCP", await profileChunk(profile))]),
    chunk("IDAT", compressed),
    chunk("IEND", new Uint8Array(0)),
  ];
  return new Uint8Array(Buffer.concat(chunks));
}

/** Name, its end, compression method 0, and the profile, compressed (ISO/IEC 15948 11.3.3.3). */
async function profileChunk(profile: Uint8Array): Promise<Uint8Array> {
  return Buffer.concat([Buffer.from("sRGB\0\0", "latin1"), await compress(profile)]);
}

/** Filter type 2: each byte less the one above it. */
function filtered({ width, height, samplesPerPixel, samples }: Picture): Uint8Array {
  const stride = width * samplesPerPixel;
  const rows = new Uint8Array((stride + 1) * height);
  for (let row = 0; row < height; row += 1) {
    const to = row * (stride + 1);
    rows[to] = 2;
    for (let column = 0; column < stride; column += 1) {
      const from = row * stride + column;
      const above = row === 0 ? 0 : (samples[from - stride] ?? 0);
      rows[to + 1 + column] = (samples[from] ?? 0) - above;
    }
  }
  return rows;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.byteLength + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.byteLength);
  bytes.set(Buffer.from(type, "latin1"), 4);
  bytes.set(data, 8);
  view.setUint32(data.byteLength + 8, crc32(bytes.subarray(4, data.byteLength + 8)));
  return bytes;
}

function compress(data: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    deflate(data, { level: 6 }, (error, result) => (error ? reject(error) : resolve(result)));
  });
}
