import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { transformedColors } from "./apply-colour-transform.ts";
import { readColourProfile } from "./colour-profile.ts";
import {
  fixed,
  padded,
  parametric,
  sampled,
  type TestTags,
  testProfile,
  text,
  u16,
  u32,
  xyz,
} from "./test-icc-profile.ts";

/** Twelve colours that the references were computed for. */
const COLOURS = Uint8Array.from(
  [
    [0, 0, 0, 255, 255, 255, 128, 128, 128, 255, 0, 0, 0, 255, 0, 0, 0, 255],
    [200, 100, 50, 10, 20, 30, 70, 180, 220, 1, 1, 1, 250, 240, 230, 99, 33, 180],
  ].flat(),
);

const SRGB_COLORANTS: TestTags = {
  rXYZ: xyz(0.436_07, 0.222_49, 0.013_92),
  gXYZ: xyz(0.385_15, 0.716_87, 0.097_08),
  bXYZ: xyz(0.143_07, 0.060_61, 0.714_1),
};
const SRGB_CURVE = parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.040_45);

const curves = (curve: readonly number[]): TestTags => ({ rTRC: curve, gTRC: curve, bTRC: curve });

/** Where device colours of a 3 x 3 x 3 table go: something smooth that is not the identity. */
function gridValues(scale: number, toPcs: (rgb: readonly number[]) => readonly number[]): number[] {
  const points = [0, 0.5, 1];
  return points.flatMap((r) =>
    points.flatMap((g) =>
      points.flatMap((b) =>
        toPcs([r, g, b]).map((value) => Math.round(Math.min(Math.max(value, 0), 1) * scale)),
      ),
    ),
  );
}

/** Lab, 0 to 1 each, a and b around the neutral 128 / 255. */
const roughLab = ([r = 0, g = 0, b = 0]: readonly number[]) => [
  0.3 * r + 0.6 * g + 0.1 * b,
  128 / 255 + 0.2 * (r - g),
  128 / 255 + 0.2 * (0.5 * r + 0.5 * g - b),
];

const MFT1 = [
  ...text("mft1"),
  ...u32(0),
  ...[3, 3, 3, 0],
  ...[1, 0, 0, 0, 1, 0, 0, 0, 1].flatMap(fixed),
  ...Array.from({ length: 3 * 256 }, (_, at) => Math.round(((at % 256) / 255) ** 1.5 * 255)),
  ...gridValues(255, roughLab),
  ...Array.from({ length: 3 * 256 }, (_, at) => at % 256),
];

const MFT2 = [
  ...text("mft2"),
  ...u32(0),
  ...[3, 3, 3, 0],
  ...[1, 0, 0, 0, 1, 0, 0, 0, 1].flatMap(fixed),
  ...u16(3),
  ...u16(2),
  ...[1, 2, 3].flatMap(() => [0, 20_000, 65_535].flatMap(u16)),
  ...gridValues(65_280, roughLab).flatMap(u16),
  ...[1, 2, 3].flatMap(() => [0, 65_535].flatMap(u16)),
];

/** A and B curves, a cube of 3 x 3 x 3, M curves and a matrix, to XYZ. */
function mab(): number[] {
  const a = [1, 2, 3].flatMap(() => padded(parametric(0, 1.8)));
  const cube = [
    ...[3, 3, 3],
    ...Array.from({ length: 13 }, () => 0),
    ...[2, 0, 0, 0],
    ...padded(
      gridValues(65_535, ([r = 0, g = 0, b = 0]) => [
        r,
        0.9 * g + 0.1 * r,
        0.8 * b + 0.2 * g,
      ]).flatMap(u16),
    ),
  ];
  const m = [1, 2, 3].flatMap(() => padded(sampled(0, 30_000, 65_535)));
  const matrix = [0.2, 0.2, 0.08, 0.11, 0.36, 0.03, 0.01, 0.05, 0.35, 0, 0, 0].flatMap(fixed);
  const b = [1, 2, 3].flatMap(() => padded(sampled()));
  const parts = [b, matrix, m, cube, a];
  const offsets = parts.map((_, index) => 32 + parts.slice(0, index).flat().length);
  return [...text("mAB "), ...u32(0), ...[3, 3, 0, 0], ...offsets.flatMap(u32), ...parts.flat()];
}

/**
 * What Little CMS 2.14 makes of the same profiles and colours: relative colorimetric intent, 8 bits, its own sRGB profile as the
 * target, nothing optimised, no black point compensation.
 */
const PROFILES: readonly {
  readonly name: string;
  readonly profile: Uint8Array<ArrayBuffer>;
  readonly levels: number;
  readonly expected: readonly number[];
}[] = [
  {
    name: "matrix and gamma of version 2",
    profile: testProfile(
      { ...SRGB_COLORANTS, ...curves(sampled(Math.round(1.8 * 256))) },
      { version: 2 },
    ),
    levels: 1,
    expected: [
      0, 0, 0, 255, 255, 255, 146, 146, 146, 255, 0, 0, 1, 255, 0, 0, 0, 255, 210, 119, 65, 10, 26,
      40, 88, 193, 227, 0, 0, 0, 251, 243, 235, 118, 44, 193,
    ],
  },
  {
    name: "wide primaries and a parametric curve of version 4",
    profile: testProfile({
      rXYZ: xyz(0.609_74, 0.311_11, 0.019_47),
      gXYZ: xyz(0.205_28, 0.625_67, 0.060_87),
      bXYZ: xyz(0.149_19, 0.063_22, 0.744_57),
      ...curves(parametric(4, 2.2, 0.95, 0.05, 0.1, 0.08, 0, 0)),
    }),
    levels: 2,
    expected: [
      0, 0, 0, 255, 255, 255, 135, 135, 135, 255, 0, 0, 0, 255, 0, 0, 0, 255, 229, 108, 54, 8, 22,
      37, 0, 185, 224, 1, 1, 1, 254, 241, 232, 123, 40, 189,
    ],
  },
  {
    name: "a table of 8 bits to Lab",
    profile: testProfile({ A2B0: MFT1 }, { connection: "Lab ", version: 2 }),
    // One dark blue by 3: the curve is steep there, and a cube of 65 points cuts its corner.
    levels: 3,
    expected: [
      0, 0, 0, 255, 255, 255, 84, 84, 84, 141, 11, 35, 0, 166, 95, 0, 32, 100, 126, 70, 55, 4, 8,
      10, 14, 125, 150, 0, 0, 0, 242, 231, 225, 40, 36, 72,
    ],
  },
  {
    name: "a table of 16 bits to Lab",
    profile: testProfile({ A2B0: MFT2 }, { connection: "Lab ", version: 2 }),
    levels: 2,
    expected: [
      0, 0, 0, 255, 255, 255, 72, 72, 72, 141, 10, 35, 0, 166, 96, 0, 31, 99, 126, 70, 59, 11, 16,
      18, 26, 127, 152, 1, 1, 1, 243, 233, 227, 40, 40, 76,
    ],
  },
  {
    name: "a table of curves, cube, matrix and curves to XYZ",
    profile: testProfile({ A2B0: mab() }),
    levels: 2,
    expected: [
      0, 0, 0, 254, 255, 254, 140, 141, 140, 242, 98, 20, 61, 241, 119, 62, 0, 227, 197, 131, 78,
      12, 23, 35, 105, 176, 216, 0, 0, 0, 248, 244, 234, 116, 53, 168,
    ],
  },
];

describe("the colour profile of an image", () => {
  it.each(PROFILES)("with $name gives the colours that Little CMS gives", (reference) => {
    const profile = readColourProfile(reference.profile);
    if (profile.kind !== "transform") throw new Error(`The profile is ${profile.kind}`);
    const given = transformedColors(profile.transform, COLOURS);
    const differences = [...given].map((level, at) =>
      Math.abs(level - (reference.expected[at] ?? 0)),
    );
    expect(Math.max(...differences)).toBeLessThanOrEqual(reference.levels);
  });

  it("of sRGB changes nothing at all, whether its curve is a formula or a table", () => {
    const table = Array.from({ length: 1024 }, (_, at) => {
      const value = at / 1023;
      const light = value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      return Math.round(light * 65_535);
    });
    for (const curve of [SRGB_CURVE, sampled(...table)])
      expect(readColourProfile(testProfile({ ...SRGB_COLORANTS, ...curves(curve) })).kind).toBe(
        "srgb",
      );
  });

  it("tells its name, in the forms of both versions", () => {
    const tags = { ...SRGB_COLORANTS, ...curves(SRGB_CURVE) };
    const version2 = [
      ...text("desc"),
      ...u32(0),
      ...u32(5),
      ...text("Lamp\0"),
      ...u32(0),
      ...u32(0),
    ];
    const wide = [...text("Lamp")].flatMap((code) => u16(code));
    const version4 = [
      ...text("mluc"),
      ...[0, 1, 12].flatMap(u32),
      ...text("enUS"),
      ...u32(8),
      ...u32(28),
      ...wide,
    ];
    for (const desc of [version2, version4])
      expect(readColourProfile(testProfile({ ...tags, desc }))).toMatchObject({
        description: "Lamp",
      });
  });

  it("uses the colorimetric table before the perceptual one", () => {
    const both = testProfile({ A2B0: MFT1, A2B1: MFT2 }, { connection: "Lab " });
    const one = testProfile({ A2B0: MFT2 }, { connection: "Lab " });
    expect(readColourProfile(both)).toEqual(readColourProfile(one));
  });

  it("that is not about RGB, or has neither table nor matrix, is unsupported", () => {
    const tags = { ...SRGB_COLORANTS, ...curves(SRGB_CURVE) };
    for (const profile of [
      testProfile(tags, { space: "CMYK" }),
      testProfile(tags, { space: "GRAY" }),
      testProfile(SRGB_COLORANTS),
      testProfile({ A2B0: [...text("mft2"), ...u32(0), ...[4, 3, 3, 0]] }),
    ])
      expect(readColourProfile(profile)).toEqual({ kind: "unusable", reason: "unsupported" });
  });

  it("that is cut off or contradicts itself is broken", () => {
    const tags = { ...SRGB_COLORANTS, ...curves(SRGB_CURVE) };
    const whole = testProfile(tags);
    const noType = curves([...text("what"), ...u32(0)]);
    for (const profile of [
      new Uint8Array(0),
      new Uint8Array(200),
      whole.slice(0, 131),
      whole.slice(0, whole.length - 5),
      testProfile({ ...tags, ...noType }),
      testProfile({ ...tags, ...curves(parametric(9, 1)) }),
      testProfile({ A2B0: MFT2.slice(0, 60) }),
      testProfile({ A2B0: [...MFT2.slice(0, 10), 255, ...MFT2.slice(11)] }),
    ])
      expect(readColourProfile(profile)).toEqual({ kind: "unusable", reason: "broken" });
  });

  it("whatever its bytes, is an answer and never an error", () => {
    const wholes = PROFILES.map(({ profile }) => profile.slice());
    fc.assert(
      fc.property(
        fc.constantFrom(...wholes),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
        (whole, changes) => {
          const changed = whole.slice();
          for (const [at, byte] of changes) changed[at % changed.length] = byte;
          const profile = readColourProfile(changed);
          expect(["srgb", "transform", "unusable"]).toContain(profile.kind);
        },
      ),
      { numRuns: 12, seed: 3 },
    );
  });
});
