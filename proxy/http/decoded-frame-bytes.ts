import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";

/**
 * The samples of a frame as native pixel data in explicit VR little endian (PS3.5 section 8): `bitsAllocated` bits
 * each, colour by pixel; cells that do not fill bytes are packed from the least significant bit on.
 */
export function decodedFrameBytes(
  { samples }: DecodedFrame,
  bitsAllocated: number,
): Uint8Array<ArrayBuffer> {
  if (bitsAllocated === 1) return packBits(samples);
  if (bitsAllocated === 12) return packTwelveBits(samples);
  const width = bitsAllocated / 8;
  if (samples.BYTES_PER_ELEMENT === width) {
    return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  }
  const bytes = new Uint8Array(samples.length * width);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] ?? 0;
    if (width === 1) view.setUint8(index, sample);
    else if (width === 2) view.setUint16(index * 2, sample, true);
    else if (width === 4) view.setUint32(index * 4, sample, true);
    else bytes.set([sample & 0xff, (sample >> 8) & 0xff, (sample >> 16) & 0xff], index * 3);
  }
  return bytes;
}

function packBits(samples: DecodedFrame["samples"]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil(samples.length / 8));
  for (let index = 0; index < samples.length; index += 1) {
    if (samples[index] !== 0) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7));
  }
  return bytes;
}

/** Two cells in three bytes (PS3.5-2004 section 8.1.1, retired). */
function packTwelveBits(samples: DecodedFrame["samples"]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil((samples.length * 3) / 2));
  for (let index = 0, at = 0; index < samples.length; index += 2, at += 3) {
    const first = samples[index] ?? 0;
    const second = samples[index + 1] ?? 0;
    bytes[at] = first;
    bytes[at + 1] = ((first >> 8) & 0x0f) | ((second & 0x0f) << 4);
    bytes[at + 2] = second >> 4;
  }
  return bytes;
}
