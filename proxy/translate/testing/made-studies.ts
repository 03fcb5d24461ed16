import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";

/** Instances of a few studies of a few patients, whose values tell them apart. */
export const MADE_STUDIES: readonly MadeDataSet[] = [
  ...study("1.2.1", "P1", "DOE^JOHN", "20240110", "0830", ["CT", "CT", "SR"], "CHEST ROUTINE"),
  ...study("1.2.2", "P1", "DOE^JOHN", "20240111", "1430", ["MR"], "Brain"),
  ...study("1.2.3", "p1", "Müller^Eva", "20240112", "0915", ["CR"], "THORAX PA"),
  ...study("1.2.4", "P2", "Иванов^Пётр=", "20240112", "1600", ["US", "CR"], "ABDOMEN"),
  ...study("1.2.5", "P3", "Yamada^Tarou=山田^太郎=やまだ^たろう", "20240113", "0700", ["MG"], ""),
];

function study(
  uid: string,
  patientId: string,
  name: string,
  date: string,
  time: string,
  modalities: readonly string[],
  description: string,
): readonly MadeDataSet[] {
  return modalities.flatMap((modality, index) =>
    [1, 2].map((number) => ({
      PatientName: name,
      PatientID: patientId,
      PatientBirthDate: `19${patientId.length}00101`,
      PatientSex: "O",
      StudyInstanceUID: uid,
      StudyDate: date,
      StudyTime: `${time}00`,
      StudyID: `S${uid}`,
      AccessionNumber: `A${uid.replaceAll(".", "")}`,
      StudyDescription: description,
      ReferringPhysicianName: "HOUSE^GREGORY",
      SeriesInstanceUID: `${uid}.${index + 1}`,
      SeriesNumber: index + 1,
      SeriesDescription: `${modality} series`,
      Modality: modality,
      RequestAttributesSequence: [
        { ScheduledProcedureStepID: `SPS${index + 1}`, RequestedProcedureID: `RP${uid}` },
      ],
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
      SOPInstanceUID: `${uid}.${index + 1}.${number}`,
      InstanceNumber: number,
      Rows: 512,
      Columns: 512,
      BitsAllocated: 16,
    })),
  );
}
