/** Why an image was withdrawn (IHE IOCM; CID 7011 of PS3.16). */
export type RejectionReason =
  /** 113001: for quality. */
  | "quality"
  /** 113037: for the safety of the patient. */
  | "patient-safety"
  /** 113038: it was attributed to the wrong patient or order. */
  | "wrong-worklist-entry"
  /** 113039: its time of retention is over. */
  | "retention-expired";

/** What a Key Object Selection says about the images that it names. */
export interface KeyObjectSelection {
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  /** Code of the document title, `113000`. */
  readonly titleCode: string;
  /** Meaning of the title, `Of Interest`, with its modifiers. */
  readonly title: string;
  /** Key Object Description; empty when there is none. */
  readonly comment: string;
  /** Who selected, for display; empty when it is not said. */
  readonly observer: string;
  /** Content Date and Time as recorded; empty when there is none. */
  readonly date: string;
  readonly time: string;
  readonly rejection: RejectionReason | undefined;
  readonly references: readonly KeyObjectReference[];
}

/** One object that a selection names. */
export interface KeyObjectReference {
  readonly studyInstanceUid: string | undefined;
  readonly seriesInstanceUid: string | undefined;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** From 1; undefined: all frames. */
  readonly frameNumbers: readonly number[] | undefined;
}

/** The mark of one selection on one frame. */
export type KeyObjectMark = Pick<
  KeyObjectSelection,
  "sopInstanceUid" | "titleCode" | "title" | "comment" | "rejection"
>;
