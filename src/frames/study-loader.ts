import type { DataSet } from "#core/dicom/data-set.ts";
import type { Failure } from "./failure.ts";

/** Where metadata came from, and how far it can be trusted (C7). */
export type MetadataOrigin =
  /** The archive gave it, or confirmed it, now. */
  | { readonly kind: "archive"; readonly fetchedAt: Date }
  /** The archive could not be asked: as it was at `fetchedAt`, unverified. */
  | { readonly kind: "cache"; readonly fetchedAt: Date; readonly reason: Failure };

/** Some more instances of a study that is being loaded. */
export interface StudyPart {
  readonly instances: readonly DataSet[];
  readonly origin: MetadataOrigin;
}

/** Loads the metadata of studies from the archive, or from the cache when the archive cannot be reached. */
export interface StudyLoader {
  /**
   * The instances of a study in parts, as they arrive; never ends without at least one.
   * @throws RetrieveError when neither archive nor cache can answer, or the answer breaks off.
   */
  loadStudy(studyInstanceUid: string, signal: AbortSignal): AsyncIterable<StudyPart>;
}
