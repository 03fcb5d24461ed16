import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";

const CT = "1.2.840.10008.5.1.4.1.1.2";

/** Who the made images show. */
const PATIENT: MadeDataSet = {
  StudyInstanceUID: "1.2.3",
  PatientName: "DEMO^Chest",
  PatientID: "4471-093",
  PatientBirthDate: "19680312",
  PatientSex: "F",
};

/** A presentation state about one made image, `REVIEW`, without graphics; `rest` adds to it. */
export function madePresentationState(sopInstanceUid: string, rest: MadeDataSet = {}): MadeDataSet {
  return {
    ...PATIENT,
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.11.1",
    SOPInstanceUID: "1.2.3.9.1",
    SeriesInstanceUID: "1.2.3.9",
    Modality: "PR",
    ContentLabel: "REVIEW",
    PresentationCreationDate: "20261115",
    PresentationCreationTime: "101500",
    ReferencedSeriesSequence: [
      {
        SeriesInstanceUID: "1.2.3.4",
        ReferencedImageSequence: [
          { ReferencedSOPClassUID: CT, ReferencedSOPInstanceUID: sopInstanceUid },
        ],
      },
    ],
    DisplayedAreaSelectionSequence: [
      {
        DisplayedAreaTopLeftHandCorner: [1, 1],
        DisplayedAreaBottomRightHandCorner: [64, 64],
        PresentationSizeMode: "SCALE TO FIT",
        PresentationPixelSpacing: [0.7, 0.7],
      },
    ],
    PresentationLUTShape: "IDENTITY",
    ...rest,
  };
}

/** A key object selection, `Of Interest`, of one made image. */
export function madeKeyObjects(sopInstanceUid: string, comment: string): MadeDataSet {
  const reference = { ReferencedSOPClassUID: CT, ReferencedSOPInstanceUID: sopInstanceUid };
  return {
    ...PATIENT,
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.59",
    SOPInstanceUID: "1.2.3.8.1",
    SeriesInstanceUID: "1.2.3.8",
    Modality: "KO",
    ValueType: "CONTAINER",
    ConceptNameCodeSequence: [code("113000", "Of Interest")],
    CurrentRequestedProcedureEvidenceSequence: [
      {
        StudyInstanceUID: "1.2.3",
        ReferencedSeriesSequence: [
          { SeriesInstanceUID: "1.2.3.4", ReferencedSOPSequence: [reference] },
        ],
      },
    ],
    ContentSequence: [
      {
        RelationshipType: "CONTAINS",
        ValueType: "TEXT",
        ConceptNameCodeSequence: [code("113012", "Key Object Description")],
        TextValue: comment,
      },
      {
        RelationshipType: "CONTAINS",
        ValueType: "IMAGE",
        ReferencedSOPSequence: [reference],
      },
    ],
  };
}

function code(value: string, meaning: string): MadeDataSet {
  return { CodeValue: value, CodingSchemeDesignator: "DCM", CodeMeaning: meaning };
}
