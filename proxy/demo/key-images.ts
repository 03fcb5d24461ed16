import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import type { ArchivePart } from "./archive-part.ts";
import { CURRENT_SOFT_SERIES, NODULE_INSTANCE_NUMBER } from "./ct-chest.ts";
import { type DemoSeries, instanceUid, plainFile } from "./demo-file.ts";
import { CHEST_CT } from "./identities.ts";
import { demoUid } from "./uids.ts";

const KEY_OBJECT_SELECTION = "1.2.840.10008.5.1.4.1.1.88.59";
const CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";

const SERIES: DemoSeries = {
  study: CHEST_CT,
  key: "key-images",
  modality: "KO",
  attributes: {
    SOPClassUID: KEY_OBJECT_SELECTION,
    SeriesNumber: 902,
    SeriesDescription: "Key images",
    ManufacturerModelName: "Light Box Report",
    BurnedInAnnotation: undefined,
    ReferencedPerformedProcedureStepSequence: null,
  },
};

const KEY_IMAGES: readonly MadeDataSet[] = [NODULE_INSTANCE_NUMBER, NODULE_INSTANCE_NUMBER + 1].map(
  (number) => ({
    ReferencedSOPClassUID: CT_IMAGE_STORAGE,
    ReferencedSOPInstanceUID: instanceUid(CURRENT_SOFT_SERIES, number),
  }),
);

/** The key object selection of the current chest CT (PS3.16 TID 2010): the slices that show the nodule. */
export function keyImageParts(): readonly ArchivePart[] {
  return [{ name: "key images", make: async () => [plainFile(SERIES, 1, document())] }];
}

function document(): MadeDataSet {
  return {
    CurrentRequestedProcedureEvidenceSequence: {
      StudyInstanceUID: CHEST_CT.studyInstanceUid,
      ReferencedSeriesSequence: {
        SeriesInstanceUID: demoUid(`${CHEST_CT.key}/${CURRENT_SOFT_SERIES.key}`),
        ReferencedSOPSequence: KEY_IMAGES,
      },
    },
    ContentTemplateSequence: { MappingResource: "DCMR", TemplateIdentifier: "2010" },
    ValueType: "CONTAINER",
    ConceptNameCodeSequence: code("113000", "Of Interest"),
    ContinuityOfContent: "SEPARATE",
    ContentSequence: [
      {
        RelationshipType: "HAS OBS CONTEXT",
        ValueType: "PNAME",
        ConceptNameCodeSequence: code("121008", "Person Observer Name"),
        PersonName: "DEMO^Radiologist^Lena^Dr.",
      },
      {
        RelationshipType: "CONTAINS",
        ValueType: "TEXT",
        ConceptNameCodeSequence: code("113012", "Key Object Description"),
        TextValue: "Nodule in the right lung, 9 mm",
      },
      ...KEY_IMAGES.map((image) => ({
        RelationshipType: "CONTAINS",
        ValueType: "IMAGE",
        ReferencedSOPSequence: image,
      })),
    ],
  };
}

function code(value: string, meaning: string): MadeDataSet {
  return { CodeValue: value, CodingSchemeDesignator: "DCM", CodeMeaning: meaning };
}
