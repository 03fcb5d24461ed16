import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { demoUid } from "./uids.ts";

/** Nobody: the patients of the demo archive and their studies. */
export interface DemoStudy {
  /** Key of its UIDs and name of its folder. */
  readonly key: string;
  readonly studyInstanceUid: string;
  /** Patient and General Study modules (PS3.3 C.7.1.1, C.7.2.1, C.7.2.2). */
  readonly attributes: MadeDataSet;
  /** Study Date and Time. */
  readonly date: string;
  readonly time: string;
}

const MARIA: MadeDataSet = {
  PatientName: "DEMO^Chest^Maria",
  PatientID: "4471-093",
  IssuerOfPatientID: "NEGATO-DEMO",
  PatientBirthDate: "19680312",
  PatientSex: "F",
};

const TAROU: MadeDataSet = {
  PatientName: "Yamada^Tarou=山田^太郎=やまだ^たろう",
  PatientID: "4471-118",
  IssuerOfPatientID: "NEGATO-DEMO",
  PatientBirthDate: "19790623",
  PatientSex: "M",
};

const SOEREN: MadeDataSet = {
  PatientName: "DEMO^Heart^Søren",
  PatientID: "4471-207",
  IssuerOfPatientID: "NEGATO-DEMO",
  PatientBirthDate: "19550830",
  PatientSex: "M",
};

export const CHEST_CT: DemoStudy = study("chest-ct-2026", MARIA, {
  StudyDate: "20261114",
  StudyTime: "094105",
  AccessionNumber: "26CT0091147",
  StudyID: "91147",
  StudyDescription: "CT chest with contrast",
  ReferringPhysicianName: "DEMO^Referrer^Anna^Dr.",
  PatientAge: "058Y",
  PatientSize: 1.66,
  PatientWeight: 71,
});

export const CHEST_CT_PRIOR: DemoStudy = study("chest-ct-2025", MARIA, {
  StudyDate: "20251202",
  StudyTime: "162012",
  AccessionNumber: "25CT0080213",
  StudyID: "80213",
  StudyDescription: "CT chest with contrast",
  ReferringPhysicianName: "DEMO^Referrer^Anna^Dr.",
  PatientAge: "057Y",
  PatientSize: 1.66,
  PatientWeight: 72,
});

export const CHEST_RADIOGRAPHS: DemoStudy = study("chest-dx-2026", MARIA, {
  StudyDate: "20261113",
  StudyTime: "151830",
  AccessionNumber: "26DX0090882",
  StudyID: "90882",
  StudyDescription: "Chest PA and lateral",
  ReferringPhysicianName: "DEMO^Practice^Jonas^Dr.",
  PatientAge: "058Y",
});

export const HEAD_MR: DemoStudy = study("head-mr-2026", TAROU, {
  StudyDate: "20261112",
  StudyTime: "110244",
  AccessionNumber: "26MR0030415",
  StudyID: "30415",
  StudyDescription: "MR head without contrast",
  ReferringPhysicianName: "DEMO^Neurology^Ines^Dr.",
  PatientAge: "047Y",
  PatientWeight: 68,
});

export const HEART_US: DemoStudy = study("heart-us-2026", SOEREN, {
  StudyDate: "20261110",
  StudyTime: "083317",
  AccessionNumber: "26US0017733",
  StudyID: "17733",
  StudyDescription: "Echocardiography",
  ReferringPhysicianName: "DEMO^Cardiology^Pavel^Dr.",
  PatientAge: "071Y",
});

function study(
  key: string,
  patient: MadeDataSet,
  attributes: MadeDataSet & { readonly StudyDate: string; readonly StudyTime: string },
): DemoStudy {
  const studyInstanceUid = demoUid(key);
  return {
    key,
    studyInstanceUid,
    attributes: { ...patient, ...attributes, StudyInstanceUID: studyInstanceUid },
    date: attributes.StudyDate,
    time: attributes.StudyTime,
  };
}
