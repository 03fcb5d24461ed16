import { type SearchPage, SourceError, type WorkitemQuery } from "../sources/source.ts";
import type { RunFind, SearchAbilities } from "./search-plan.ts";

/** What is known of a worklist that searches depend on. */
export type WorklistAbilities = Pick<
  SearchAbilities,
  "fuzzyMatching" | "queryCharacterSet" | "fallbackCharacterSet"
>;

/**
 * What is scheduled and not yet acquired: Modality Worklist (PS3.4 annex K) as UPS Instances, read-only. Each match
 * has at least, where the worklist has them: SOPClassUID, SOPInstanceUID (made of the step's identifiers, always the
 * same), ProcedureStepState `SCHEDULED`, ScheduledProcedureStepStartDateTime, ProcedureStepLabel,
 * ScheduledStationNameCodeSequence, StudyInstanceUID, PatientName, PatientID, IssuerOfPatientID, PatientBirthDate,
 * PatientSex, AdmissionID, ReferencedRequestSequence with AccessionNumber, RequestedProcedureID, RequestedProcedure-
 * Description and StudyInstanceUID; and, beside UPS, of the worklist's own: Modality, ScheduledStationAETitle.
 * Ordered by start.
 * @throws SourceError `bad-request`
 * @throws DimseError of the C-FIND
 */
export function searchWorklist(
  _query: WorkitemQuery,
  _abilities: WorklistAbilities,
  _run: RunFind,
  _signal: AbortSignal,
): Promise<SearchPage> {
  return Promise.reject(new SourceError("not-implemented", "Worklists are not translated yet"));
}
