import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { writePart10 } from "#core/dicom/part10-writer.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";
import { mapPoint } from "#core/geometry/view-transform.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import { displayPipeline, readDisplayAttributes } from "#core/pixels/display-pipeline.ts";
import { frameFromSamples } from "#core/pixels/frame-from-samples.ts";
import { readImagePixel } from "#core/pixels/image-pixel-reader.ts";
import { renderPixels } from "#core/pixels/render-pixels.ts";
import { readInstance } from "#core/study/instance.ts";
import { displayToImage, shownSize, wholeArea } from "#core/study/presentation-area.ts";
import { presentedValues } from "#core/study/presentation-attributes.ts";
import { readPresentationState } from "#core/study/presentation-reader.ts";
import type { PresentationState } from "#core/study/presentation-state.ts";
import { hasDcmtk } from "../../scripts/system-parts.mjs";

/*
 * Made images with made presentation states, drawn by DCMTK's dcmp2pgm and by us. It applies modality, VOI and
 * presentation LUT and the spatial transformation, which are what is compared; a grey may differ by one for rounding.
 */

const ROWS = 12;
const COLUMNS = 16;
const SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";
const GRAYSCALE_STATE = "1.2.840.10008.5.1.4.1.1.11.1";
const run = promisify(execFile);
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "negato-states-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const table = (count: number, entry: (index: number) => number): Uint16Array =>
  Uint16Array.from({ length: count }, (_, index) => entry(index));

const CASES: readonly (readonly [name: string, image: MadeDataSet, state: MadeDataSet])[] = [
  [
    "nothing of its own: the identity, whatever the image says",
    { WindowCenter: 1000, WindowWidth: 500, RescaleSlope: 2, RescaleIntercept: -100 },
    {},
  ],
  ["a window", {}, { SoftcopyVOILUTSequence: [{ WindowCenter: 1800, WindowWidth: 900 }] }],
  [
    "a window of an image with polarity MONOCHROME1, which is overridden",
    { PhotometricInterpretation: "MONOCHROME1" },
    { SoftcopyVOILUTSequence: [{ WindowCenter: 1800, WindowWidth: 900 }] },
  ],
  ["the shape INVERSE", {}, { PresentationLUTShape: "INVERSE" }],
  [
    "the shape INVERSE on MONOCHROME1",
    { PhotometricInterpretation: "MONOCHROME1" },
    { PresentationLUTShape: "INVERSE" },
  ],
  [
    "a rescale of its own in place of the image's",
    { RescaleSlope: 3, RescaleIntercept: 7 },
    {
      RescaleSlope: 0.5,
      RescaleIntercept: -100,
      RescaleType: "US",
      SoftcopyVOILUTSequence: [{ WindowCenter: 500, WindowWidth: 1000 }],
    },
  ],
  [
    "a rescale and no window: all values that there can be",
    {},
    { RescaleSlope: 2, RescaleIntercept: -1000, RescaleType: "US" },
  ],
  ["signed values without a window", { PixelRepresentation: 1, BitsStored: 16, HighBit: 15 }, {}],
  [
    "a modality LUT",
    {},
    {
      ModalityLUTSequence: [
        {
          LUTDescriptor: [4096, 0, 16],
          ModalityLUTType: "US",
          LUTData: table(4096, (index) => Math.round(Math.sqrt(index / 4095) * 65_535)),
        },
      ],
    },
  ],
  [
    "a VOI LUT",
    {},
    {
      SoftcopyVOILUTSequence: [
        {
          VOILUTSequence: [
            {
              LUTDescriptor: [2048, 1000, 12],
              LUTData: table(2048, (index) => 4095 - index * 2),
            },
          ],
        },
      ],
    },
  ],
  [
    "a presentation LUT with an entry for every value",
    {},
    {
      PresentationLUTShape: undefined,
      PresentationLUTSequence: [
        {
          LUTDescriptor: [4096, 0, 16],
          LUTData: table(4096, (index) => Math.round((index / 4095) ** 2 * 65_535)),
        },
      ],
    },
  ],
  ...[0, 90, 180, 270].flatMap((degrees) =>
    ["N", "Y"].map(
      (flip) =>
        [
          `a turn by ${degrees} degrees, then flip ${flip}`,
          {},
          { ImageRotation: degrees, ImageHorizontalFlip: flip },
        ] as const,
    ),
  ),
];

describe.skipIf(!hasDcmtk())(
  "an image under a presentation state is drawn as DCMTK draws it",
  () => {
    it.each(CASES)("with %s", async (_, image, state) => {
      const dataSets = { image: madeImage(image), state: madeState(state) };
      const theirs = await drawnByDcmtk(dataSets);
      const ours = drawnByUs(dataSets);
      expect([theirs.width, theirs.height]).toEqual([ours.width, ours.height]);
      const distances = ours.levels.map((level, at) => Math.abs(level - (theirs.levels[at] ?? -1)));
      expect(Math.max(...distances)).toBeLessThanOrEqual(1);
    });
  },
);

interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0 to 255, row by row. */
  readonly levels: readonly number[];
}

interface Pair {
  readonly image: ReturnType<typeof buildDataSet>;
  readonly state: ReturnType<typeof buildDataSet>;
}

async function drawnByDcmtk({ image, state }: Pair): Promise<Picture> {
  const names = ["image.dcm", "state.dcm", "out.pgm"].map((name) => path.join(folder, name));
  const [imageFile = "", stateFile = "", outFile = ""] = names;
  for (const [file, dataSet] of [
    [imageFile, image],
    [stateFile, state],
  ] as const)
    await writeFile(file, writePart10({ dataSet, transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN }));
  await run("dcmp2pgm", ["-p", stateFile, imageFile, outFile]);
  const bytes = await readFile(outFile);
  const [, width = 0, height = 0] =
    /^P5\s+(\d+) (\d+)/.exec(bytes.toString("latin1"))?.map(Number) ?? [];
  return { width, height, levels: [...bytes.subarray(bytes.length - width * height)] };
}

function drawnByUs({ image, state }: Pair): Picture {
  const read = stateOf(state);
  const imagePixel = readImagePixel(image);
  const attributes = readDisplayAttributes(image, imagePixel);
  const frame = frameOf(image);
  const values = presentedValues(read, {
    sopInstanceUid: "1.2.3.4.1",
    frameNumber: 1,
    imagePixel,
    attributes,
    summary: frame,
  });
  const pipeline = displayPipeline(values.attributes, frame, { voi: values.vois[0] });
  return turned(renderPixels(frame, pipeline), read);
}

/** The picture as the state turns and flips it, pixel by pixel through fractions of the displayed area. */
function turned(rgba: Uint8ClampedArray, { transformation }: PresentationState): Picture {
  const place = { area: wholeArea(COLUMNS, ROWS), transformation, pixelAspect: 1 };
  const [width, height] = shownSize(place);
  const map = displayToImage(place);
  const levels = Array.from({ length: width * height }, (_, at) => {
    const across = ((at % width) + 0.5) / width;
    const down = (Math.floor(at / width) + 0.5) / height;
    const { x, y } = mapPoint(map, { x: across, y: down });
    return rgba[(Math.floor(y) * COLUMNS + Math.floor(x)) * 4] ?? -1;
  });
  return { width, height, levels };
}

function stateOf(dataSet: Pair["state"]): PresentationState {
  const instance = readInstance(dataSet);
  const read = instance === undefined ? undefined : readPresentationState(instance);
  if (read?.ok !== true) throw new Error("The made state cannot be read");
  return read.state;
}

function frameOf(image: Pair["image"]): DecodedFrame {
  const imagePixel = readImagePixel(image);
  const isSigned = imagePixel.pixelRepresentation === 1;
  return frameFromSamples(samplesOf(isSigned), imagePixel, {
    bitsStored: imagePixel.bitsStored,
    isSigned,
    decoder: "none",
    fidelity: "exact",
    deviations: [],
  });
}

/** Values from the smallest to nearly the largest of 12 bits. */
function samplesOf(isSigned: boolean): Uint16Array<ArrayBuffer> | Int16Array<ArrayBuffer> {
  const value = (index: number): number => (index * 37) % 4096;
  const length = ROWS * COLUMNS;
  return isSigned
    ? Int16Array.from({ length }, (_, index) => value(index) * 13 - 26_000)
    : Uint16Array.from({ length }, (_, index) => value(index));
}

const COMMON: MadeDataSet = {
  PatientName: "DEMO^State",
  PatientID: "1",
  PatientBirthDate: "",
  PatientSex: "",
  StudyInstanceUID: "1.2.3",
  StudyDate: "20260104",
  StudyTime: "101500",
  StudyID: "1",
  AccessionNumber: "",
  ReferringPhysicianName: "",
  SeriesNumber: 1,
  InstanceNumber: 1,
};

function madeImage(attributes: MadeDataSet): Pair["image"] {
  return buildDataSet({
    ...COMMON,
    SOPClassUID: SECONDARY_CAPTURE,
    SOPInstanceUID: "1.2.3.4.1",
    SeriesInstanceUID: "1.2.3.4",
    Modality: "OT",
    ConversionType: "WSD",
    Rows: ROWS,
    Columns: COLUMNS,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    PixelData: samplesOf(attributes["PixelRepresentation"] === 1),
    ...attributes,
  });
}

function madeState(attributes: MadeDataSet): Pair["state"] {
  return buildDataSet({
    ...COMMON,
    SOPClassUID: GRAYSCALE_STATE,
    SOPInstanceUID: "1.2.3.5.1",
    SeriesInstanceUID: "1.2.3.5",
    Modality: "PR",
    Manufacturer: "Negato",
    ContentLabel: "TEST",
    ContentDescription: "Made for a test",
    PresentationCreationDate: "20260104",
    PresentationCreationTime: "101500",
    ContentCreatorName: "DEMO^Reader",
    ReferencedSeriesSequence: [
      {
        SeriesInstanceUID: "1.2.3.4",
        ReferencedImageSequence: [
          {
            ReferencedSOPClassUID: SECONDARY_CAPTURE,
            ReferencedSOPInstanceUID: "1.2.3.4.1",
          },
        ],
      },
    ],
    DisplayedAreaSelectionSequence: [
      {
        DisplayedAreaTopLeftHandCorner: [1, 1],
        DisplayedAreaBottomRightHandCorner: [COLUMNS, ROWS],
        PresentationSizeMode: "SCALE TO FIT",
        PresentationPixelAspectRatio: [1, 1],
      },
    ],
    PresentationLUTShape: "IDENTITY",
    ...attributes,
  });
}
