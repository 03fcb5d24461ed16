import { inflateSync } from "node:zlib";
import { decode as decodePng } from "fast-png";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { readColourProfile } from "#core/pixels/colour-profile.ts";
import { OVERLAY_COLOR } from "#core/pixels/compose-mask.ts";
import { DecodeThreads } from "../decode/decode-threads.ts";
import { type MadeFolder, madeFolder, madeInstance } from "../testing/made-archive.ts";
import { createServer } from "./create-server.ts";

const host = "localhost";
const SERIES = "/dicom-web/studies/1.2.3/series/1.2.3.1/instances";
/** A plane that is too large to be kept with the header: 2,048 x 2,048 bits are 512 KB. */
const LARGE = 2048;

/** 0, 255 … over 16 pixels, with a window that shows stored values as levels. */
const LEVELS: MadeDataSet = {
  BitsAllocated: 8,
  BitsStored: 8,
  HighBit: 7,
  PixelData: Uint8Array.from({ length: 16 }, (_, at) => at * 10),
  WindowCenter: "128",
  WindowWidth: "256",
};

function largePlane(): Uint8Array {
  const bits = new Uint8Array((LARGE * LARGE) / 8);
  // The last pixel of all, which lies over the first one of the image.
  bits[bits.length - 1] = 0x80;
  return bits;
}

const INSTANCES: Readonly<Record<string, MadeDataSet>> = {
  overlay: {
    ...LEVELS,
    "60000010": 1,
    "60000011": 2,
    "60000050": [2, 3],
    "60003000": Uint8Array.of(3, 0),
  },
  large: {
    ...LEVELS,
    "60000010": LARGE,
    "60000011": LARGE,
    "60000050": [2 - LARGE, 2 - LARGE],
    "60003000": largePlane(),
  },
  shutter: {
    ...LEVELS,
    ShutterShape: "RECTANGULAR",
    ShutterLeftVerticalEdge: 2,
    ShutterRightVerticalEdge: 4,
    ShutterUpperHorizontalEdge: 1,
    ShutterLowerHorizontalEdge: 4,
    ShutterPresentationValue: 0xffff,
  },
  lacking: { ...LEVELS, "60000010": 4, "60000011": 4 },
  tall: { ...LEVELS, PixelAspectRatio: ["2", "1"], PixelSpacing: undefined },
  colour: {
    ...LEVELS,
    SamplesPerPixel: 3,
    PhotometricInterpretation: "RGB",
    PlanarConfiguration: 0,
    PixelData: Uint8Array.from({ length: 48 }, (_, at) => at * 5),
  },
};

let made: MadeFolder;
let app: FastifyInstance;
const decoder = new DecodeThreads();

const uidOf = (name: string): string => `1.2.3.1.${Object.keys(INSTANCES).indexOf(name) + 1}`;

beforeAll(async () => {
  const files = Object.entries(INSTANCES).map(([name, values]) => [
    name,
    madeInstance({ ...values, SOPInstanceUID: uidOf(name) }),
  ]);
  made = await madeFolder(Object.fromEntries(files));
  const source = await made.open();
  app = await createServer({ sources: [source], decoder, allowedHosts: [host], version: "1" });
});

afterAll(async () => {
  await app.close();
  decoder.close();
  await made.remove();
});

async function get(name: string, query = "", accept = "image/png") {
  const url = `${SERIES}/${uidOf(name)}/rendered${query}`;
  return await app.inject({ url, headers: { host, accept } });
}

/** Red, green and blue of each pixel, row by row. */
async function pixels(name: string): Promise<readonly (readonly number[])[]> {
  const { data, width, height, channels } = decodePng((await get(name)).rawPayload);
  return Array.from({ length: width * height }, (_, at) =>
    [0, 1, 2].map((channel) => data[at * channels + (channels < 3 ? 0 : channel)] ?? 0),
  );
}

const grey = (level: number): readonly number[] => [level, level, level];
const plain = Array.from({ length: 16 }, (_, at) => grey(at * 10));

describe("a rendered frame", () => {
  it("has its overlay planes, where their origin says", async () => {
    const shown = plain.with(6, OVERLAY_COLOR).with(7, OVERLAY_COLOR);
    expect(await pixels("overlay")).toEqual(shown);
  });

  it("has planes that the header left in the file", async () => {
    expect(await pixels("large")).toEqual(plain.with(0, OVERLAY_COLOR));
  });

  it("is covered by its shutter, in the grey that it asks for", async () => {
    expect(await pixels("shutter")).toEqual(
      plain.map((pixel, at) => (at % 4 === 0 ? grey(255) : pixel)),
    );
  });

  it("says which of its parts it lacks", async () => {
    const response = await get("lacking");
    expect(response.statusCode).toBe(200);
    expect(response.headers["warning"]).toContain("overlay");
  });

  it("is stored pixel for stored pixel, and in the proportions of the patient where it is fitted", async () => {
    const size = async (query: string) => {
      const { width, height } = decodePng((await get("tall", query)).rawPayload);
      return [width, height];
    };
    expect(await size("")).toEqual([4, 4]);
    expect(await size("?viewport=100,100")).toEqual([50, 100]);
  });
});

describe("the colours of a rendered frame", () => {
  it("carry the profile of sRGB where it is asked for, and no profile else", async () => {
    const png = (await get("colour", "?iccprofile=srgb")).rawPayload;
    const start = png.indexOf("iCCP");
    const compressed = png.subarray(start + 4 + "sRGB\0\0".length);
    expect(readColourProfile(inflateSync(compressed)).kind).toBe("srgb");
    expect((await get("colour")).rawPayload.includes("iCCP")).toBe(false);
    const jpeg = (await get("colour", "?iccprofile=yes", "image/jpeg")).rawPayload;
    const profile = jpeg.indexOf("ICC_PROFILE\0");
    expect(profile).toBeGreaterThan(0);
    const length = jpeg.readUInt16BE(profile - 2);
    const bytes = jpeg.subarray(profile + 14, profile - 2 + length);
    expect(readColourProfile(bytes)).toEqual({ kind: "srgb", description: "sRGB" });
  });

  it("carry none where there are greys alone, which it would not be about", async () => {
    expect((await get("tall", "?iccprofile=yes")).rawPayload.includes("iCCP")).toBe(false);
  });

  it("are those of sRGB where others are asked for, and that is said", async () => {
    const response = await get("colour", "?iccprofile=adobergb");
    expect(response.statusCode).toBe(200);
    expect(response.headers["warning"]).toContain("adobergb");
    expect((await get("colour", "?iccprofile=cmyk")).statusCode).toBe(400);
  });

  it("have no annotation burnt in, and which one is named, in letters alone", async () => {
    const response = await get("colour", "?annotation=patient,tech%22nique");
    expect(response.headers["warning"]).toContain(": patient,technique");
  });
});
