import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";

/**
 * The samples of a frame as native pixel data in explicit VR little endian (PS3.5 section 8): `bitsAllocated` bits
 * each, colour by pixel; single bits packed from the least significant one on.
 */
export function decodedFrameBytes(
  { samples }: DecodedFrame,
  bitsAllocated: number,
): Uint8Array<ArrayBuffer> {
  if (bitsAllocated === 1) return packBits(samples);
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
    else view.setUint32(index * 4, sample, true);
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
