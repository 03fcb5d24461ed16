import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DataElement, DataSet } from "../dicom/data-set.ts";
import { DicomError } from "../dicom/dicom-error.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { Vr } from "../dicom/vr.ts";
import { readDisplayExtras, withDisplayExtras } from "./display-extras.ts";
import { displayPipeline, readDisplayAttributes } from "./display-pipeline.ts";
import { readImagePixel } from "./image-pixel-reader.ts";
import { renderPixels } from "./render-pixels.ts";

const SIDE = 8;

/** A made attribute; its VR may be another than the standard's, as files and archives have it. */
const element = (tag: Tag): fc.Arbitrary<DataElement> => {
  const vr = fc.constantFrom<Vr>("US", "SS", "OW", "OB", "UN", "DS", "IS", "CS");
  const numbers = fc.array(
    fc.oneof(
      fc.integer({ min: -2, max: 70_000 }),
      fc.constantFrom(0, 65_535, 2 ** 31, -(2 ** 31), 1e300, 0.5),
    ),
    { maxLength: 12 },
  );
  const strings = fc.array(
    fc.constantFrom(
      "",
      "RECTANGULAR",
      "CIRCULAR",
      "POLYGONAL",
      "BITMAP",
      "R",
      "x",
      "1e999",
      "INVERSE",
    ),
    { maxLength: 4 },
  );
  return fc.oneof(
    fc.record({ vr, numbers }).map(
      (made): DataElement => ({
        tag,
        vr: made.vr,
        value: { kind: "numbers", numbers: made.numbers },
      }),
    ),
    strings.map(
      (made): DataElement => ({ tag, vr: "CS", value: { kind: "strings", strings: made } }),
    ),
    fc
      .uint8Array({ maxLength: 64 })
      .map((bytes): DataElement => ({ tag, vr: "OW", value: { kind: "bytes", bytes } })),
    fc.constant<DataElement>({ tag, vr: "OW", value: { kind: "uri", uri: "elsewhere" } }),
  );
};

const LUT: readonly Tag[] = [TAGS.LUTDescriptor, TAGS.LUTData, TAGS.LUTExplanation];
const SEQUENCES: readonly Tag[] = [
  TAGS.ModalityLUTSequence,
  TAGS.VOILUTSequence,
  TAGS.PresentationLUTSequence,
  TAGS.OpticalPathSequence,
];
const PLAIN: readonly Tag[] = [
  ...[0x10, 0x11, 0x15, 0x40, 0x50, 0x51, 0x100, 0x102, 0x3000].map((at) => 0x6000_0000 + at),
  TAGS.ShutterShape,
  TAGS.ShutterLeftVerticalEdge,
  TAGS.ShutterRightVerticalEdge,
  TAGS.ShutterUpperHorizontalEdge,
  TAGS.ShutterLowerHorizontalEdge,
  TAGS.CenterOfCircularShutter,
  TAGS.RadiusOfCircularShutter,
  TAGS.VerticesOfThePolygonalShutter,
  TAGS.ShutterPresentationValue,
  TAGS.ShutterPresentationColorCIELabValue,
  TAGS.ShutterOverlayGroup,
  TAGS.RedPaletteColorLookupTableDescriptor,
  TAGS.GreenPaletteColorLookupTableDescriptor,
  TAGS.BluePaletteColorLookupTableDescriptor,
  TAGS.RedPaletteColorLookupTableData,
  TAGS.GreenPaletteColorLookupTableData,
  TAGS.BluePaletteColorLookupTableData,
  TAGS.SegmentedRedPaletteColorLookupTableData,
  TAGS.WindowCenter,
  TAGS.WindowWidth,
  TAGS.VOILUTFunction,
  TAGS.RescaleSlope,
  TAGS.RescaleIntercept,
  TAGS.PixelPaddingValue,
  TAGS.ICCProfile,
  TAGS.ColorSpace,
  TAGS.RealWorldValueFirstValueMapped,
  TAGS.RealWorldValueLastValueMapped,
  TAGS.RealWorldValueSlope,
  TAGS.RealWorldValueIntercept,
  TAGS.RealWorldValueLUTData,
];

/** Some of the attributes that displays read, each with a value that may be anything. */
const elements = (tags: readonly Tag[]): fc.Arbitrary<readonly DataElement[]> =>
  fc.subarray([...tags]).chain((chosen) => fc.tuple(...chosen.map(element)));

const sequence = (tag: Tag): fc.Arbitrary<DataElement> =>
  elements(LUT).map((items) => ({
    tag,
    vr: "SQ",
    value: { kind: "items", items: [new DataSet(items)] },
  }));

const number = (tag: Tag, value: number): DataElement => ({
  tag,
  vr: "US",
  value: { kind: "numbers", numbers: [value] },
});

const dataSets = fc
  .tuple(
    elements(PLAIN),
    fc.subarray([...SEQUENCES]).chain((tags) => fc.tuple(...tags.map(sequence))),
    fc.constantFrom("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR"),
    fc.constantFrom(0, 1),
  )
  .map(([plain, sequences, colours, sign]) => {
    const fixed: readonly DataElement[] = [
      number(TAGS.Rows, SIDE),
      number(TAGS.Columns, SIDE),
      number(TAGS.BitsAllocated, 16),
      number(TAGS.BitsStored, 12),
      number(TAGS.PixelRepresentation, sign),
      {
        tag: TAGS.PhotometricInterpretation,
        vr: "CS",
        value: { kind: "strings", strings: [colours] },
      },
    ];
    return new DataSet([...plain, ...sequences, ...fixed]);
  });

const samples = Int16Array.from({ length: SIDE * SIDE }, (_, at) => at * 60 - 1000);

/** The picture of a frame with these attributes, everything applied. */
function rendered(dataSet: DataSet): Uint8ClampedArray {
  const imagePixel = readImagePixel(dataSet);
  const isSigned = imagePixel.pixelRepresentation === 1;
  const frame = {
    rows: SIDE,
    columns: SIDE,
    meaning: imagePixel.photometricInterpretation === "PALETTE COLOR" ? "palette" : "monochrome",
    samples: isSigned ? samples : Uint16Array.from(samples, (sample) => sample + 1000),
    bitsStored: 12,
    isSigned,
    minimum: isSigned ? -1000 : 0,
    maximum: isSigned ? 2780 : 3780,
    decoder: "test",
    fidelity: "exact",
    deviations: [],
  } as const;
  const attributes = readDisplayAttributes(dataSet, imagePixel);
  const extras = readDisplayExtras(dataSet, imagePixel, 0);
  return renderPixels(frame, displayPipeline(withDisplayExtras(attributes, extras, frame), frame));
}

describe("a header that lies about the display of a frame", () => {
  it("gives an opaque picture or a DicomError, at once and never another error", () => {
    fc.assert(
      fc.property(dataSets, (dataSet) => {
        const before = performance.now();
        try {
          const rgba = rendered(dataSet);
          expect(rgba).toHaveLength(SIDE * SIDE * 4);
          expect(rgba.every((value, at) => at % 4 !== 3 || value === 255)).toBe(true);
        } catch (error) {
          if (!(error instanceof DicomError)) throw error;
        }
        expect(performance.now() - before).toBeLessThan(2000);
      }),
      { numRuns: 400 },
    );
  });
});
