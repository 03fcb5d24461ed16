import type { DecodedFrame, Samples } from "#core/pixels/decoded-frame.ts";

const ARRAYS = {
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
} as const;

type SampleType = keyof typeof ARRAYS;
/** What is kept as text; of overlays that stood in the cells it names the bits. */
interface FrameFacts extends Omit<DecodedFrame, "samples" | "embeddedOverlays"> {
  readonly embeddedOverlayBits?: readonly number[];
}

/**
 * A decoded frame as bytes, in the byte order of this machine: length of the facts (4 bytes), the facts as JSON,
 * padding to a multiple of 8, the samples, overlay planes that stood in the cells. Copies the samples once.
 */
export function encodeFrameRecord(frame: DecodedFrame): Uint8Array<ArrayBuffer> {
  const { samples, embeddedOverlays = [], ...facts } = frame;
  const embeddedOverlayBits = embeddedOverlays.map(({ bit }) => bit);
  const kept = { ...facts, ...(embeddedOverlayBits.length > 0 && { embeddedOverlayBits }) };
  const text = new TextEncoder().encode(JSON.stringify([sampleTypeOf(samples), kept]));
  const start = samplesOffset(text.length);
  const overlayBytes = embeddedOverlays.reduce((sum, { data }) => sum + data.length, 0);
  const record = new Uint8Array(start + samples.byteLength + overlayBytes);
  new DataView(record.buffer).setUint32(0, text.length);
  record.set(text, 4);
  record.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), start);
  let at = start + samples.byteLength;
  for (const { data } of embeddedOverlays) {
    record.set(data, at);
    at += data.length;
  }
  return record;
}

/**
 * The frame of a record, in a buffer of its own. Undefined when the record is not one; since it was sealed by us,
 * that happens only after a change of this format.
 */
export function decodeFrameRecord(record: Uint8Array<ArrayBuffer>): DecodedFrame | undefined {
  if (record.length < 4) return undefined;
  const length = new DataView(record.buffer, record.byteOffset).getUint32(0);
  const parsed = parseFacts(record.subarray(4, 4 + length));
  if (parsed === undefined) return undefined;
  const { embeddedOverlayBits = [], ...facts } = parsed.facts;
  const type = ARRAYS[parsed.sampleType];
  const start = samplesOffset(length);
  const end = start + sampleCount(facts) * type.BYTES_PER_ELEMENT;
  const planeBytes = Math.ceil((facts.rows * facts.columns) / 8);
  if (record.length !== end + embeddedOverlayBits.length * planeBytes) return undefined;
  const samples = new type(record.slice(start, end).buffer);
  const embeddedOverlays = embeddedOverlayBits.map((bit, at) => ({
    bit,
    data: record.slice(end + at * planeBytes, end + (at + 1) * planeBytes),
  }));
  return { ...facts, samples, ...(embeddedOverlays.length > 0 && { embeddedOverlays }) };
}

function samplesOffset(factsLength: number): number {
  return Math.ceil((4 + factsLength) / 8) * 8;
}

function sampleCount({ rows, columns, meaning }: FrameFacts): number {
  return rows * columns * (meaning === "rgb" ? 3 : 1);
}

function sampleTypeOf(samples: Samples): SampleType {
  for (const name of Object.keys(ARRAYS)) {
    if (isSampleType(name) && samples instanceof ARRAYS[name]) return name;
  }
  throw new TypeError("Samples are of no array type that is kept");
}

function isSampleType(name: unknown): name is SampleType {
  return typeof name === "string" && Object.hasOwn(ARRAYS, name);
}

function parseFacts(
  text: Uint8Array,
): { readonly sampleType: SampleType; readonly facts: FrameFacts } | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(text));
    if (!Array.isArray(value)) return undefined;
    const [sampleType, facts]: unknown[] = value;
    return isSampleType(sampleType) && isFrameFacts(facts) ? { sampleType, facts } : undefined;
  } catch {
    return undefined;
  }
}

function isFrameFacts(value: unknown): value is FrameFacts {
  return (
    typeof value === "object" &&
    value !== null &&
    "rows" in value &&
    typeof value.rows === "number" &&
    "columns" in value &&
    typeof value.columns === "number" &&
    "meaning" in value &&
    "deviations" in value
  );
}
