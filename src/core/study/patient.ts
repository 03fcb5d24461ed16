import type { DataSet } from "../dicom/data-set.ts";
import type { PersonName } from "../dicom/person-name.ts";
import * as TAGS from "../dicom/tags.generated.ts";

/** Who the images show, as far as the headers say (PS3.3 C.7.1.1, C.7.2.2). Dates as in DICOM: `YYYYMMDD`. */
export interface Patient {
  readonly name?: PersonName | undefined;
  readonly id?: string | undefined;
  readonly issuerOfId?: string | undefined;
  readonly birthDate?: string | undefined;
  readonly sex?: string | undefined;
  /** Patient's Age at the study: `042Y`. */
  readonly age?: string | undefined;
}

/** The identity of the patient, as the attributes of one instance say it. */
export function readPatient(dataSet: DataSet): Patient {
  return {
    name: dataSet.personName(TAGS.PatientName),
    id: dataSet.string(TAGS.PatientID),
    issuerOfId: dataSet.string(TAGS.IssuerOfPatientID),
    birthDate: dataSet.string(TAGS.PatientBirthDate),
    sex: dataSet.string(TAGS.PatientSex),
    age: dataSet.string(TAGS.PatientAge),
  };
}
