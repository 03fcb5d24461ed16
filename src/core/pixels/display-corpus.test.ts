import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { decode as decodePng } from "fast-png";
import { describe, expect, it } from "vitest";
import { nodeCodecs } from "../../../proxy/decode/node-codecs.ts";
import { CodecLoader } from "../../../wasm/codec-loader.ts";
import { CODEC_TABLE } from "../../../wasm/codec-table.ts";
import { decodeFrame } from "../../../wasm/decode-frame.ts";
import { bytesSource } from "../dicom/byte-source.ts";
import { locateFrames, readFrame } from "../dicom/frame-locator.ts";
import { readDicom } from "../dicom/part10-reader.ts";
import { transferSyntaxOf } from "../dicom/transfer-syntax.ts";
import { frameDataSet } from "../study/frame-attributes.ts";
import { automaticWindow } from "./automatic-window.ts";
import { displayPipeline, readDisplayAttributes } from "./display-pipeline.ts";
import { readImagePixel } from "./image-pixel-reader.ts";
import type { ModalityLut } from "./modality-lut.ts";
import { overlayPixels, readOverlayPlanes } from "./overlay-planes.ts";
import { renderPixels } from "./render-pixels.ts";
import type { VoiWindow } from "./voi-lut.ts";

/** The part of a manifest entry that this test reads. */
interface Entry {
  readonly file: string;
  readonly transferSyntaxUID?: string;
  readonly alsoAcceptable?: string;
  readonly reference: {
    readonly display?: { readonly png: string; readonly pipeline: string };
    /** The first one is frame 1; smallest and largest stored value, padding included. */
    readonly frames?: readonly { readonly min: number; readonly max: number }[];
    readonly overlays?: readonly {
      readonly group: string;
      readonly rows: number;
      readonly columns: number;
      readonly origin: readonly number[];
      readonly ones: number;
      readonly sha256: string;
    }[];
  };
}

const corpus = fileURLToPath(new URL("../../../../shared/corpus/", import.meta.url));
const isThere = existsSync(`${corpus}manifest.json`);
const isRequired = process.env["NEGATO_REQUIRE_CORPUS"] === "1";
const codecs = new CodecLoader(nodeCodecs);

const manifest: { readonly files: readonly Entry[] } = isThere
  ? JSON.parse(await readFile(`${corpus}manifest.json`, "utf8"))
  : { files: [] };

/** Entries with a reference picture whose syntax is decoded here. */
const entries = manifest.files.filter((entry) => {
  const syntax = transferSyntaxOf(entry.transferSyntaxUID ?? "");
  if (entry.reference.display === undefined || syntax === undefined) return false;
  if (entry.alsoAcceptable === "error") return false;
  return CODEC_TABLE[syntax.frameEncoding].kind !== "not-yet";
});

/**
 * The window of a reference that had none to go by: from the smallest to the largest value, which a viewer is free to
 * choose otherwise, and which counts padding in.
 */
function freeWindow({ reference }: Entry, modality: ModalityLut): VoiWindow | undefined {
  const range = reference.frames?.[0];
  if (range === undefined || !reference.display?.pipeline.includes("min-max")) return undefined;
  return automaticWindow(range.min, range.max, modality);
}

async function open(file: string) {
  const dicom = await readDicom(bytesSource(new Uint8Array(await readFile(corpus + file))));
  const { dataSet, transferSyntaxUid } = dicom;
  const imagePixel = readImagePixel(dataSet);
  const { rows, columns, samplesPerPixel, bitsAllocated, numberOfFrames } = imagePixel;
  const stored = imagePixel.photometricInterpretation === "YBR_FULL_422" ? 2 : samplesPerPixel;
  const bitsPerFrame = rows * columns * stored * bitsAllocated;
  const index = await locateFrames(dicom, { numberOfFrames, bitsPerFrame });
  const encoded = (await readFrame(dicom, index, 0)).slice();
  const frame = await decodeFrame({ encoded, transferSyntaxUid, imagePixel }, codecs);
  return { dataSet: frameDataSet({ dataSet }, 0), imagePixel, frame };
}

async function render(entry: Entry): Promise<Uint8ClampedArray> {
  const { dataSet, imagePixel, frame } = await open(entry.file);
  const attributes = readDisplayAttributes(dataSet, imagePixel);
  const free = freeWindow(entry, attributes.modality);
  const display = displayPipeline(attributes, frame, { voi: free });
  // The references draw padding like any value. Only where there is a window, its being black is all the same.
  const { padding, ...withoutPadding } = display;
  return renderPixels(frame, free === undefined ? display : withoutPadding);
}

/** Largest difference between RGBA and the grey or colour of a PNG. */
function largestDifference(rgba: Uint8ClampedArray, png: ReturnType<typeof decodePng>): number {
  const pixels = png.width * png.height;
  expect(rgba.length).toBe(pixels * 4);
  let largest = 0;
  for (let pixel = 0; pixel < pixels; pixel += 1)
    for (let channel = 0; channel < 3; channel += 1) {
      const at = pixel * png.channels + (png.channels >= 3 ? channel : 0);
      const difference = (rgba[pixel * 4 + channel] ?? 0) - (png.data[at] ?? 0);
      largest = Math.max(largest, Math.abs(difference));
    }
  return largest;
}

describe.skipIf(!isThere && !isRequired)("the rendering of the corpus", () => {
  it("is there to be compared", () => {
    expect(entries.length).toBeGreaterThan(100);
  });

  it.each(entries)("shows $file like the reference picture", async (entry) => {
    const { reference } = entry;
    const rgba = await render(entry);
    const png = decodePng(await readFile(corpus + (reference.display?.png ?? "")));
    expect(largestDifference(rgba, png), reference.display?.pipeline).toBeLessThanOrEqual(1);
  });
});

const overlaid = manifest.files.filter(({ reference }) => reference.overlays !== undefined);

describe.skipIf(!isThere && !isRequired)("the overlay planes of the corpus", () => {
  it("are there to be compared", () => {
    expect(overlaid.length).toBeGreaterThanOrEqual(2);
  });

  it.each(overlaid)("of $file are those of the reference, bit by bit", async (entry) => {
    const { dataSet, frame } = await open(entry.file);
    const planes = readOverlayPlanes(dataSet, 0).map((plane) => {
      const isSet = overlayPixels(plane, frame.embeddedOverlays);
      const { rows, columns, originRow, originColumn } = plane;
      const bitmap = Uint8Array.from({ length: rows * columns }, (_, at) =>
        isSet?.(Math.floor(at / columns), at % columns) === true ? 1 : 0,
      );
      return {
        group: plane.group.toString(16),
        rows,
        columns,
        origin: [originRow, originColumn],
        ones: bitmap.filter((bit) => bit === 1).length,
        sha256: createHash("sha256").update(bitmap).digest("hex"),
      };
    });
    expect(entry.reference.overlays).toMatchObject(planes);
  });
});
