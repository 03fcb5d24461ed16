/** Why something cannot be shown, in words for people. */
export interface Failure {
  /** Stable, for tests and support: a code of `RetrieveError`, `DicomError` or the decode pool. */
  readonly code: string;
  /** What is the matter, one sentence. */
  readonly message: string;
  /** What to do about it, one sentence; empty where nothing can be done. */
  readonly advice: string;
}
