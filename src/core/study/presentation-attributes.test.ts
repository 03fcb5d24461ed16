import { describe, expect, it } from "vitest";
import { buildDataSet, type MadeDataSet } from "../dicom/data-set-builder.ts";
import { readDisplayAttributes } from "../pixels/display-pipeline.ts";
import { readImagePixel } from "../pixels/image-pixel-reader.ts";
import { madeState } from "./made-state.ts";
import { presentedValues } from "./presentation-attributes.ts";

const PIXELS: MadeDataSet = {
  Rows: 4,
  Columns: 4,
  SamplesPerPixel: 1,
  PhotometricInterpretation: "MONOCHROME2",
  BitsAllocated: 16,
  BitsStored: 12,
  HighBit: 11,
  PixelRepresentation: 0,
};

const CT: MadeDataSet = {
  ...PIXELS,
  Modality: "CT",
  RescaleSlope: 1,
  RescaleIntercept: -1024,
  WindowCenter: 40,
  WindowWidth: 400,
};

function presented(state: MadeDataSet, image: MadeDataSet = CT, sopInstanceUid = "1.2.3.4.1") {
  const dataSet = buildDataSet(image);
  const imagePixel = readImagePixel(dataSet);
  return presentedValues(madeState(state), {
    sopInstanceUid,
    frameNumber: 1,
    imagePixel,
    attributes: readDisplayAttributes(dataSet, imagePixel),
    summary: { minimum: 100, maximum: 3000 },
  });
}

describe("values under a presentation state", () => {
  it("have no modality LUT of the image, and so none of its windows and units", () => {
    const { attributes, vois } = presented({
      SoftcopyVOILUTSequence: [{ WindowCenter: 9, WindowWidth: 5 }],
    });
    expect(attributes.modality).toEqual({ kind: "identity" });
    expect(attributes.vois).toEqual([]);
    expect(attributes.unit).toBeUndefined();
    expect(vois).toMatchObject([{ windowCenter: 9, windowWidth: 5, explanation: "TEST" }]);
  });

  it("keep the windows and the unit of the image where the modality LUT is the same", () => {
    const { attributes } = presented({ RescaleSlope: 1, RescaleIntercept: -1024 });
    expect(attributes.vois).toMatchObject([{ windowCenter: 40, windowWidth: 400 }]);
    expect(attributes.unit).toBe("HU");
  });

  it("without a window are all values that there can be: 12 bits less 1024 are -1024 to 3071", () => {
    const [voi] = presented({ RescaleSlope: 1, RescaleIntercept: -1024 }).vois;
    expect(voi).toMatchObject({
      windowCenter: 1023.5,
      windowWidth: 4095,
      function: "LINEAR_EXACT",
    });
  });

  it("may have a modality LUT of their own for each image", () => {
    const state = {
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.11.12",
      VariableModalityLUTSequence: [
        {
          ReferencedImageSequence: [{ ReferencedSOPInstanceUID: "1.2.3.4.2" }],
          RescaleSlope: 2,
          RescaleIntercept: 5,
        },
      ],
    };
    const modality = (uid: string) => presented(state, CT, uid).attributes.modality;
    expect(modality("1.2.3.4.2")).toEqual({ kind: "rescale", slope: 2, intercept: 5 });
    expect(modality("1.2.3.4.1")).toEqual({ kind: "identity" });
  });

  it("have a presentation LUT, or the shape that takes the place of the polarity", () => {
    const inverse = { ...CT, PhotometricInterpretation: "MONOCHROME1" };
    expect(presented({}, inverse).attributes.presentationLutShape).toBe("IDENTITY");
    const lut = {
      PresentationLUTSequence: [{ LUTDescriptor: [2, 0, 8], LUTData: Uint16Array.from([0, 255]) }],
    };
    expect(presented(lut, inverse).attributes).toMatchObject({
      presentationLutShape: "IDENTITY",
      presentationLut: { bits: 8 },
    });
  });

  it("become colours of a pseudo-colour state, the first for black", () => {
    const channel = (color: string, entries: readonly number[]): MadeDataSet => ({
      [`${color}PaletteColorLookupTableDescriptor`]: [2, 7, 16],
      [`${color}PaletteColorLookupTableData`]: Uint16Array.from(entries),
    });
    const palette = {
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.11.3",
      ...channel("Red", [0, 0xffff]),
      ...channel("Green", [0, 0x8080]),
      ...channel("Blue", [0xffff, 0]),
    };
    const { pseudoColor } = presented(palette).attributes;
    expect(pseudoColor?.firstMapped).toBe(0);
    expect([...(pseudoColor?.colors ?? [])]).toEqual([0, 0, 255, 255, 128, 0]);
  });

  it("of a colour image stay what they are", () => {
    const rgb = {
      ...PIXELS,
      SamplesPerPixel: 3,
      PhotometricInterpretation: "RGB",
      PlanarConfiguration: 0,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
    };
    const colour = { SOPClassUID: "1.2.840.10008.5.1.4.1.1.11.2" };
    expect(presented(colour, rgb)).toMatchObject({ vois: [], limits: [] });
    const broken = { ...colour, ICCProfile: Uint8Array.from([1, 2, 3]) };
    expect(presented(broken, rgb).limits).toEqual(["colour-profile"]);
  });
});
