import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { type DemoFile, type DemoSeries, instanceUid, plainFile } from "./demo-file.ts";
import { CHEST_RADIOGRAPHS } from "./identities.ts";
import { demoUid } from "./uids.ts";

const GRAYSCALE_STATE = "1.2.840.10008.5.1.4.1.1.11.1";

const SERIES: DemoSeries = {
  study: CHEST_RADIOGRAPHS,
  key: "annotations",
  modality: "PR",
  attributes: {
    SOPClassUID: GRAYSCALE_STATE,
    SeriesNumber: 90,
    SeriesDescription: "Annotations",
    ManufacturerModelName: "Light Box Report",
    BurnedInAnnotation: undefined,
  },
};

/** The radiograph that a state is about. */
export interface PresentedRadiograph {
  readonly series: DemoSeries;
  readonly rows: number;
  readonly columns: number;
}

/**
 * The presentation state of a radiograph with polarity MONOCHROME1: a window of more contrast, a shutter over its edges, and
 * an arrow with words. Its presentation LUT says INVERSE, as it takes the place of the image's polarity (PS3.4 N.2.1.4).
 */
export function radiographState({ series, rows, columns }: PresentedRadiograph): DemoFile {
  const edge = Math.round(columns * 0.04);
  return plainFile(SERIES, 1, {
    ContentLabel: "HEART",
    ContentDescription: "Heart size, more contrast",
    ContentCreatorName: "DEMO^Radiologist^Lena^Dr.",
    PresentationCreationDate: CHEST_RADIOGRAPHS.date,
    PresentationCreationTime: "154500",
    ReferencedSeriesSequence: {
      SeriesInstanceUID: demoUid(`${CHEST_RADIOGRAPHS.key}/${series.key}`),
      ReferencedImageSequence: {
        ReferencedSOPClassUID: "1.2.840.10008.5.1.4.1.1.1.1",
        ReferencedSOPInstanceUID: instanceUid(series, 1),
      },
    },
    ShutterShape: "RECTANGULAR",
    ShutterLeftVerticalEdge: edge,
    ShutterRightVerticalEdge: columns - edge,
    ShutterUpperHorizontalEdge: 1,
    ShutterLowerHorizontalEdge: rows,
    ShutterPresentationValue: 0,
    DisplayedAreaSelectionSequence: {
      DisplayedAreaTopLeftHandCorner: [1, 1],
      DisplayedAreaBottomRightHandCorner: [columns, rows],
      PresentationSizeMode: "SCALE TO FIT",
      PresentationPixelAspectRatio: [1, 1],
    },
    RescaleIntercept: 0,
    RescaleSlope: 1,
    RescaleType: "US",
    SoftcopyVOILUTSequence: {
      WindowCenter: 1950,
      WindowWidth: 3200,
      WindowCenterWidthExplanation: "HEART AND LUNGS",
    },
    PresentationLUTShape: "INVERSE",
    GraphicLayerSequence: {
      GraphicLayer: "FINDINGS",
      GraphicLayerOrder: 1,
      GraphicLayerRecommendedDisplayGrayscaleValue: 0xffff,
      // L* 90, a* -8, b* 80: yellow.
      GraphicLayerRecommendedDisplayCIELabValue: [58_982, 30_840, 53_456],
      GraphicLayerDescription: "What the report speaks of",
    },
    GraphicAnnotationSequence: arrowWithWords(rows, columns),
  });
}

/** An arrow to the left border of the heart from the free lung above it, with its words at its tail. */
function arrowWithWords(rows: number, columns: number): MadeDataSet {
  const at = (x: number, y: number): [number, number] => [
    Math.round(x * columns * 10) / 10,
    Math.round(y * rows * 10) / 10,
  ];
  const head = at(0.715, 0.53);
  const polyline = (...points: readonly [number, number][]): MadeDataSet => ({
    GraphicAnnotationUnits: "PIXEL",
    GraphicDimensions: 2,
    NumberOfGraphicPoints: points.length,
    GraphicData: points.flat(),
    GraphicType: "POLYLINE",
    GraphicFilled: "N",
  });
  return {
    GraphicLayer: "FINDINGS",
    GraphicObjectSequence: [
      polyline(at(0.79, 0.36), head),
      polyline(at(0.715, 0.48), head, at(0.755, 0.505)),
    ],
    TextObjectSequence: {
      BoundingBoxAnnotationUnits: "PIXEL",
      UnformattedTextValue: "Heart border\r\nnot enlarged",
      BoundingBoxTopLeftHandCorner: at(0.72, 0.27),
      BoundingBoxBottomRightHandCorner: at(0.95, 0.35),
      BoundingBoxTextHorizontalJustification: "LEFT",
    },
  };
}
