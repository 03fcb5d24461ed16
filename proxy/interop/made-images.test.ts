import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { writePart10 } from "#core/dicom/part10-writer.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";
import { readDisplayExtras, withDisplayExtras } from "#core/pixels/display-extras.ts";
import { displayPipeline, readDisplayAttributes } from "#core/pixels/display-pipeline.ts";
import { frameFromSamples } from "#core/pixels/frame-from-samples.ts";
import { readImagePixel } from "#core/pixels/image-pixel-reader.ts";
import { renderPixels } from "#core/pixels/render-pixels.ts";
import { hasDcmtk } from "../../scripts/system-parts.mjs";
import { greysOf, pictureOf } from "./foreign-codecs.ts";

/*
 * Made images with what meets in a grayscale pipeline only now and then, drawn by DCMTK's dcm2pnm and by us: signs, slopes
 * and tables together. A grey may differ by one for rounding.
 */

const ROWS = 24;
const COLUMNS = 32;
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "negato-made-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SIGNED = { PixelRepresentation: 1, BitsStored: 12, HighBit: 11 };
const MONOCHROME1 = { PhotometricInterpretation: "MONOCHROME1" };
const WINDOW = { WindowCenter: 300, WindowWidth: 1500 };
const word = (value: number): number => value & 0xffff;

const table = (count: number, entry: (index: number) => number): Uint16Array<ArrayBuffer> =>
  Uint16Array.from({ length: count }, (_, index) => Math.round(entry(index)));
const curve = (count: number, bits: number) =>
  table(count, (index) => (index / (count - 1)) ** 2 * (2 ** bits - 1));
const voiLut = (first: number, count = 1024, bits = 12): MadeDataSet => ({
  VOILUTSequence: [{ LUTDescriptor: [count, first, bits], LUTData: curve(count, bits) }],
});
const modalityLut = (first: number, count = 2048, bits = 12): MadeDataSet => ({
  ModalityLUTSequence: [
    { LUTDescriptor: [count, first, bits], ModalityLUTType: "US", LUTData: curve(count, bits) },
  ],
});

const CASES: readonly (readonly [name: string, image: MadeDataSet, options: readonly string[]])[] =
  [
    ["a window", WINDOW, ["+Wi", "1"]],
    ["a window over signed values", { ...SIGNED, ...WINDOW }, ["+Wi", "1"]],
    ["a window and MONOCHROME1", { ...MONOCHROME1, ...WINDOW }, ["+Wi", "1"]],
    [
      "MONOCHROME1 and the shape INVERSE, which says the same again",
      { ...MONOCHROME1, ...WINDOW, PresentationLUTShape: "INVERSE" },
      ["+Wi", "1"],
    ],
    ["the shape INVERSE alone", { ...WINDOW, PresentationLUTShape: "INVERSE" }, ["+Wi", "1"]],
    ["the second of two windows", { WindowCenter: [0, 900], WindowWidth: [10, 800] }, ["+Wi", "2"]],
    ["a rescale that falls", { ...WINDOW, RescaleSlope: -1, RescaleIntercept: 2000 }, ["+Wi", "1"]],
    // DCMTK rounds what leaves the modality LUT: the window is so wide that this does not show.
    [
      "a rescale into fractions",
      { WindowCenter: 800, WindowWidth: 1500, RescaleSlope: 0.3, RescaleIntercept: -100.25 },
      ["+Wi", "1"],
    ],
    ["a sigmoid", { ...WINDOW, VOILUTFunction: "SIGMOID" }, ["+Wi", "1"]],
    ["a window one value wide", { WindowCenter: 1000, WindowWidth: 1 }, ["+Wi", "1"]],
    ["a VOI LUT", voiLut(700), ["+Wl", "1"]],
    ["a VOI LUT of signed values", { ...SIGNED, ...voiLut(word(-512)) }, ["+Wl", "1"]],
    [
      "a VOI LUT after a rescale to negative values",
      { ...voiLut(word(-1000)), RescaleSlope: 1, RescaleIntercept: -1024 },
      ["+Wl", "1"],
    ],
    [
      "a VOI LUT after a rescale that falls",
      { ...voiLut(word(-600)), RescaleSlope: -1, RescaleIntercept: 1000 },
      ["+Wl", "1"],
    ],
    ["a VOI LUT of 8 bits", { ...voiLut(0, 4096, 8) }, ["+Wl", "1"]],
    ["a modality LUT and a window", { ...modalityLut(500), ...WINDOW }, ["+Wi", "1"]],
    [
      "a modality LUT of signed values and a window",
      { ...SIGNED, ...modalityLut(word(-1024)), ...WINDOW },
      ["+Wi", "1"],
    ],
    ["a modality LUT and a VOI LUT", { ...modalityLut(0, 4096), ...voiLut(1024) }, ["+Wl", "1"]],
    ["smallest to largest value", {}, ["+Wm"]],
    [
      "smallest to largest value of a rescale that falls",
      { RescaleSlope: -0.5, RescaleIntercept: 7 },
      ["+Wm"],
    ],
    ["smallest to largest value, MONOCHROME1", MONOCHROME1, ["+Wm"]],
  ];

describe.skipIf(!hasDcmtk())("a made image is drawn as DCMTK draws it", () => {
  it.each(CASES)("with %s", async (_, attributes, options) => {
    const dataSet = madeImage(attributes);
    const file = path.join(folder, "image.dcm");
    await writeFile(file, writePart10({ dataSet, transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN }));
    const theirs = greysOf(new Uint8Array(await readFile(await pictureOf(file, options))));
    const ours = drawn(dataSet, Number(options[1] ?? 0) - 1);
    const differences = Array.from(theirs, (grey, at) => Math.abs(grey - (ours[at * 4] ?? -1)));
    expect(differences.length).toBe(ROWS * COLUMNS);
    expect(Math.max(...differences)).toBeLessThanOrEqual(1);
    expect(new Set(theirs).size, "greys of the picture").toBeGreaterThan(1);
  });
});

/** @param place of the VOI LUT among those of its kind, from 0; -1 for none of them */
function drawn(dataSet: ReturnType<typeof madeImage>, place: number): Uint8ClampedArray {
  const imagePixel = readImagePixel(dataSet);
  const isSigned = imagePixel.pixelRepresentation === 1;
  const { bitsStored } = imagePixel;
  const how = { decoder: "none", fidelity: "exact", deviations: [], bitsStored, isSigned } as const;
  const frame = frameFromSamples(samples(isSigned), imagePixel, how);
  const own = readDisplayAttributes(dataSet, imagePixel);
  const attributes = withDisplayExtras(own, readDisplayExtras(dataSet, imagePixel, 0), frame);
  const vois = place < 0 ? [] : attributes.vois.slice(place);
  return renderPixels(frame, displayPipeline({ ...attributes, vois }, frame));
}

/** All of 12 bits in steps of 5, signed ones from the lowest on. */
function samples(isSigned: boolean): Uint16Array<ArrayBuffer> | Int16Array<ArrayBuffer> {
  const length = ROWS * COLUMNS;
  return isSigned
    ? Int16Array.from({ length }, (_, index) => index * 5 - 2048)
    : Uint16Array.from({ length }, (_, index) => index * 5);
}

function madeImage(attributes: MadeDataSet) {
  return buildDataSet({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.7",
    SOPInstanceUID: "1.2.3.4.1",
    StudyInstanceUID: "1.2.3",
    SeriesInstanceUID: "1.2.3.4",
    Modality: "OT",
    Rows: ROWS,
    Columns: COLUMNS,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    PixelData: new Uint8Array(samples(attributes["PixelRepresentation"] === 1).buffer),
    ...attributes,
  });
}
