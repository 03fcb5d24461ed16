import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import type { ArchivePart } from "./archive-part.ts";
import { CURRENT_SOFT_SERIES, NODULE, NODULE_INSTANCE_NUMBER, nodulePixel } from "./ct-chest.ts";
import { type DemoSeries, instanceUid, plainFile } from "./demo-file.ts";
import { CHEST_CT } from "./identities.ts";
import { CONCLUSION, FINDINGS } from "./report-text.ts";
import { demoUid } from "./uids.ts";

const ENHANCED_SR = "1.2.840.10008.5.1.4.1.1.88.22";
const CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";

const SERIES: DemoSeries = {
  study: CHEST_CT,
  key: "measurements",
  modality: "SR",
  attributes: {
    SOPClassUID: ENHANCED_SR,
    SeriesNumber: 900,
    SeriesDescription: "Measurement report",
    ManufacturerModelName: "Light Box Report",
    BurnedInAnnotation: undefined,
    ReferencedPerformedProcedureStepSequence: null,
  },
};

const REFERENCED_IMAGE: MadeDataSet = {
  ReferencedSOPClassUID: CT_IMAGE_STORAGE,
  ReferencedSOPInstanceUID: instanceUid(CURRENT_SOFT_SERIES, NODULE_INSTANCE_NUMBER),
};

/** The structured report on the current chest CT, in the manner of TID 1500 (PS3.16). */
export function structuredReportParts(): readonly ArchivePart[] {
  return [{ name: "structured report", make: async () => [plainFile(SERIES, 1, document())] }];
}

function document(): MadeDataSet {
  return {
    CompletionFlag: "COMPLETE",
    VerificationFlag: "VERIFIED",
    VerifyingObserverSequence: {
      VerifyingObserverName: "DEMO^Radiologist^Lena^Dr.",
      VerifyingOrganization: "Negato Demo Hospital",
      VerificationDateTime: "20261114112000",
      VerifyingObserverIdentificationCodeSequence: null,
    },
    PerformedProcedureCodeSequence: null,
    CurrentRequestedProcedureEvidenceSequence: {
      StudyInstanceUID: CHEST_CT.studyInstanceUid,
      ReferencedSeriesSequence: {
        SeriesInstanceUID: demoUid(`${CHEST_CT.key}/${CURRENT_SOFT_SERIES.key}`),
        ReferencedSOPSequence: REFERENCED_IMAGE,
      },
    },
    ContentTemplateSequence: { MappingResource: "DCMR", TemplateIdentifier: "1500" },
    ValueType: "CONTAINER",
    ConceptNameCodeSequence: code("126000", "DCM", "Imaging Measurement Report"),
    ContinuityOfContent: "SEPARATE",
    ContentSequence: [
      codeItem(
        "HAS CONCEPT MOD",
        code("121049", "DCM", "Language of Content Item and Descendants"),
        code("en", "RFC5646", "English"),
      ),
      codeItem(
        "HAS OBS CONTEXT",
        code("121005", "DCM", "Observer Type"),
        code("121006", "DCM", "Person"),
      ),
      {
        RelationshipType: "HAS OBS CONTEXT",
        ValueType: "PNAME",
        ConceptNameCodeSequence: code("121008", "DCM", "Person Observer Name"),
        PersonName: "DEMO^Radiologist^Lena^Dr.",
      },
      codeItem(
        "HAS CONCEPT MOD",
        code("121058", "DCM", "Procedure reported"),
        code("24627-2", "LN", "CT Chest"),
      ),
      container(
        code("121070", "DCM", "Findings"),
        FINDINGS.map((text) => textItem(code("121071", "DCM", "Finding"), text)),
      ),
      container(code("126010", "DCM", "Imaging Measurements"), [noduleGroup()]),
      container(code("121076", "DCM", "Conclusions"), [
        textItem(code("121077", "DCM", "Conclusion"), CONCLUSION),
      ]),
    ],
  };
}

/** The nodule: what it is, where, and its diameter with the line that was measured. */
function noduleGroup(): MadeDataSet {
  return container(code("125007", "DCM", "Measurement Group"), [
    {
      RelationshipType: "HAS OBS CONTEXT",
      ValueType: "TEXT",
      ConceptNameCodeSequence: code("112039", "DCM", "Tracking Identifier"),
      TextValue: "Nodule 1",
    },
    {
      RelationshipType: "HAS OBS CONTEXT",
      ValueType: "UIDREF",
      ConceptNameCodeSequence: code("112040", "DCM", "Tracking Unique Identifier"),
      UID: demoUid("nodule 1"),
    },
    codeItem("CONTAINS", code("121071", "DCM", "Finding"), code("27925004", "SCT", "Nodule")),
    codeItem(
      "HAS CONCEPT MOD",
      code("363698007", "SCT", "Finding Site"),
      code("45653009", "SCT", "Upper lobe of right lung"),
    ),
    {
      RelationshipType: "CONTAINS",
      ValueType: "NUM",
      ConceptNameCodeSequence: code("81827009", "SCT", "Diameter"),
      MeasuredValueSequence: {
        NumericValue: NODULE.radius * 2,
        MeasurementUnitsCodeSequence: code("mm", "UCUM", "millimeter"),
      },
      ContentSequence: measuredLine(),
    },
  ]);
}

function measuredLine(): MadeDataSet {
  const [from, to] = [nodulePixel(-NODULE.radius), nodulePixel(NODULE.radius)];
  return {
    RelationshipType: "INFERRED FROM",
    ValueType: "SCOORD",
    GraphicType: "POLYLINE",
    GraphicData: [...from, ...to],
    ContentSequence: {
      RelationshipType: "SELECTED FROM",
      ValueType: "IMAGE",
      ReferencedSOPSequence: REFERENCED_IMAGE,
    },
  };
}

function code(value: string, scheme: string, meaning: string): MadeDataSet {
  return { CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning };
}

function container(name: MadeDataSet, items: readonly MadeDataSet[]): MadeDataSet {
  return {
    RelationshipType: "CONTAINS",
    ValueType: "CONTAINER",
    ConceptNameCodeSequence: name,
    ContinuityOfContent: "SEPARATE",
    ContentSequence: items,
  };
}

function codeItem(relationship: string, name: MadeDataSet, value: MadeDataSet): MadeDataSet {
  return {
    RelationshipType: relationship,
    ValueType: "CODE",
    ConceptNameCodeSequence: name,
    ConceptCodeSequence: value,
  };
}

function textItem(name: MadeDataSet, text: string): MadeDataSet {
  return {
    RelationshipType: "CONTAINS",
    ValueType: "TEXT",
    ConceptNameCodeSequence: name,
    TextValue: text,
  };
}
