/** The value representations of PS3.5 section 6.2. */
export type Vr =
  | "AE"
  | "AS"
  | "AT"
  | "CS"
  | "DA"
  | "DS"
  | "DT"
  | "FD"
  | "FL"
  | "IS"
  | "LO"
  | "LT"
  | "OB"
  | "OD"
  | "OF"
  | "OL"
  | "OV"
  | "OW"
  | "PN"
  | "SH"
  | "SL"
  | "SQ"
  | "SS"
  | "ST"
  | "SV"
  | "TM"
  | "UC"
  | "UI"
  | "UL"
  | "UN"
  | "UR"
  | "US"
  | "UT"
  | "UV";

/** The VRs whose values are text, of any repertoire. */
export const TEXT_VRS: ReadonlySet<Vr> = new Set<Vr>([
  "AE",
  "AS",
  "CS",
  "DA",
  "DS",
  "DT",
  "IS",
  "LO",
  "LT",
  "PN",
  "SH",
  "ST",
  "TM",
  "UC",
  "UI",
  "UR",
  "UT",
]);

/** The text VRs that Specific Character Set applies to (PS3.5 section 6.1.2.2). */
export const CHARACTER_SET_VRS: ReadonlySet<Vr> = new Set<Vr>([
  "LO",
  "LT",
  "PN",
  "SH",
  "ST",
  "UC",
  "UT",
]);

/** The text VRs that hold exactly one value, in which a backslash is an ordinary character. */
export const SINGLE_TEXT_VRS: ReadonlySet<Vr> = new Set<Vr>(["LT", "ST", "UR", "UT"]);

/** Bytes per number of the binary numeric VRs. */
export const NUMBER_BYTES: Readonly<Partial<Record<Vr, 1 | 2 | 4 | 8>>> = {
  AT: 4,
  FD: 8,
  FL: 4,
  OB: 1,
  OD: 8,
  OF: 4,
  OL: 4,
  OV: 8,
  OW: 2,
  SL: 4,
  SS: 2,
  SV: 8,
  UL: 4,
  US: 2,
  UV: 8,
  UN: 1,
};

/** The VRs whose explicit encoding has a 32-bit length after two reserved bytes (PS3.5 section 7.1.2). */
export const LONG_LENGTH_VRS: ReadonlySet<Vr> = new Set<Vr>([
  "OB",
  "OD",
  "OF",
  "OL",
  "OV",
  "OW",
  "SQ",
  "SV",
  "UC",
  "UN",
  "UR",
  "UT",
  "UV",
]);

/** Whether the two characters name a VR. */
export function isVr(text: string): text is Vr {
  return text === "SQ" || TEXT_VRS.has(text as Vr) || NUMBER_BYTES[text as Vr] !== undefined;
}
