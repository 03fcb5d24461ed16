import { type AssumedColour, assumedColour, withoutEscapes } from "./h264-colour.ts";

/** One picture of a bare stream: its bytes with start codes, and whether decoding can begin with it. */
interface AccessUnit {
  readonly offset: number;
  readonly length: number;
  readonly isKey: boolean;
}

/** A bare H.264 or H.265 stream (ITU-T H.264 annex B, H.265 annex B), cut into pictures in the order of decoding. */
export interface AnnexBStream {
  /** As WebCodecs name it: `avc1.640029`, `hev1.1.6.L93.90`. */
  readonly codec: string;
  /** Undefined where the stream describes its colours, or is H.265. */
  readonly assumedColour: AssumedColour | undefined;
  readonly units: readonly AccessUnit[];
}

/** What the kinds of NAL units mean in each codec. */
interface UnitRules {
  /** Bytes of the header of a unit. */
  readonly header: number;
  typeOf(first: number): number;
  isPicture(type: number): boolean;
  isKey(type: number): boolean;
  /** Whether a unit opens an access unit when it follows a picture: delimiters, parameter sets, SEI. */
  isOpening(type: number): boolean;
  readonly sps: number;
  codecOf(sps: Uint8Array): string;
}

const H264: UnitRules = {
  header: 1,
  typeOf: (first) => first & 0x1f,
  isPicture: (type) => type >= 1 && type <= 5,
  isKey: (type) => type === 5,
  isOpening: (type) => type >= 6 && type <= 9,
  sps: 7,
  codecOf: (sps) => `avc1.${hex(sps.subarray(1, 4))}`,
};

const H265: UnitRules = {
  header: 2,
  typeOf: (first) => (first >> 1) & 0x3f,
  isPicture: (type) => type <= 31,
  isKey: (type) => type >= 16 && type <= 21,
  isOpening: (type) => (type >= 32 && type <= 35) || type === 39,
  sps: 33,
  codecOf: h265Codec,
};

/** Bytes of a parameter set that are looked at; real ones are shorter. */
const MOST_OF_SET = 4096;

/** Cuts a stream into pictures; undefined where it has no parameter set or no picture that decoding can begin with. */
export function readAnnexB(bytes: Uint8Array, codec: "h264" | "h265"): AnnexBStream | undefined {
  const rules = codec === "h264" ? H264 : H265;
  const starts = startCodes(bytes);
  const at = starts.findIndex(({ unit }) => rules.typeOf(bytes[unit] ?? 0) === rules.sps);
  const sps = starts[at];
  const units = accessUnits(bytes, starts, rules);
  const firstKey = units.findIndex(({ isKey }) => isKey);
  if (sps === undefined || firstKey < 0) return undefined;
  const set = bytes.subarray(sps.unit, starts[at + 1]?.code ?? bytes.length);
  return {
    codec: rules.codecOf(set),
    assumedColour: codec === "h264" ? assumedColour(set.subarray(0, MOST_OF_SET)) : undefined,
    units: units.slice(firstKey),
  };
}

function accessUnits(
  bytes: Uint8Array,
  starts: readonly UnitStart[],
  rules: UnitRules,
): readonly AccessUnit[] {
  const units: AccessUnit[] = [];
  let open: { offset: number; isKey: boolean; hasPicture: boolean } | undefined;
  const close = (end: number): void => {
    if (open?.hasPicture)
      units.push({ offset: open.offset, length: end - open.offset, isKey: open.isKey });
    open = undefined;
  };
  for (const { code, unit } of starts) {
    const type = rules.typeOf(bytes[unit] ?? 0);
    const isPicture = rules.isPicture(type);
    // The first bit after the header says whether a slice is the first one of its picture.
    const isFirstSlice = isPicture && ((bytes[unit + rules.header] ?? 0) & 0x80) !== 0;
    if (open?.hasPicture && (isFirstSlice || rules.isOpening(type))) close(code);
    open ??= { offset: code, isKey: false, hasPicture: false };
    open.hasPicture ||= isPicture;
    open.isKey ||= isPicture && rules.isKey(type);
  }
  close(bytes.length);
  return units;
}

/** A start code, and the unit behind it. */
interface UnitStart {
  readonly code: number;
  readonly unit: number;
}

/** Where each start code begins, and the unit behind it. */
function startCodes(bytes: Uint8Array): readonly UnitStart[] {
  const found: UnitStart[] = [];
  for (let at = bytes.indexOf(1); at >= 0; at = bytes.indexOf(1, at + 1)) {
    if (at < 2 || bytes[at - 1] !== 0 || bytes[at - 2] !== 0 || at + 1 >= bytes.length) continue;
    found.push({ code: bytes[at - 3] === 0 ? at - 3 : at - 2, unit: at + 1 });
  }
  return found;
}

/** The name of ISO/IEC 14496-15 annex E.3: profile, compatibility in reverse order of bits, tier and level, constraints. */
function h265Codec(escaped: Uint8Array): string {
  const sps = withoutEscapes(escaped.subarray(0, 32));
  const profile = sps[3] ?? 0;
  const space = ["", "A", "B", "C"][profile >> 6] ?? "";
  const compatibility = [...sps.subarray(4, 8)].reduce((sum, byte) => sum * 256 + byte, 0);
  const constraints = [...sps.subarray(8, 14)];
  while (constraints.at(-1) === 0) constraints.pop();
  const parts = [
    "hev1",
    `${space}${profile & 0x1f}`,
    reversedBits(compatibility).toString(16),
    `${(profile & 0x20) !== 0 ? "H" : "L"}${sps[14] ?? 0}`,
    ...constraints.map((byte) => byte.toString(16)),
  ];
  return parts.join(".");
}

function reversedBits(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) if (value & (1 << bit)) reversed |= 1 << (31 - bit);
  return reversed >>> 0;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
