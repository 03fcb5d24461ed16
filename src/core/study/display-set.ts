import type { Instance } from "./instance.ts";
import type { RejectionReason } from "./key-objects.ts";

/** What a display set is made of, which decides what shows it. */
export type DisplaySetKind =
  /** Frames of several instances, in order. */
  | "stack"
  /** The frames of one multi-frame instance. */
  | "multi-frame"
  | "report"
  /** An encapsulated document; `mimeType` says of which kind (`application/pdf`, `text/XML` of a CDA). */
  | "document"
  /** A film in a video transfer syntax (PS3.5 A.4.5 to A.4.9): it has no `frames`, and plays as a whole. */
  | "video"
  /** ECG and other curves over time (PS3.3 C.10.9), one instance each. */
  | "waveform"
  | "presentation-state"
  | "key-objects"
  | "unsupported";

/** One frame of one instance. */
export interface FrameReference {
  readonly instance: Instance;
  /** From 0. */
  readonly frameIndex: number;
  /** What tells it from the other frames of its object or series: `b 1000 · phase 3/10`; undefined when nothing does. */
  readonly label?: string | undefined;
}

/** Something a person should know about a display set. */
export interface DisplaySetWarning {
  readonly code:
    | "irregular-spacing"
    | "missing-slices"
    | "no-geometry"
    | "gantry-tilt"
    /** A report that nobody has verified, or that is not complete (PS3.3 C.17.2). */
    | "unverified-report"
    | "incomplete-report";
  /** One sentence for people. */
  readonly message: string;
}

/** Instances of one series that are shown together. Every instance of a series is in exactly one of its display sets. */
export interface DisplaySet {
  /** Unique among the display sets of a study, and the same when it is made again from the same instances. */
  readonly id: string;
  readonly kind: DisplaySetKind;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly seriesNumber: number | undefined;
  readonly modality: string | undefined;
  /** For people; never empty. */
  readonly name: string;
  /** Of an encapsulated document, as it says itself. */
  readonly mimeType?: string | undefined;
  /** Why its images were withdrawn (IHE IOCM); undefined for others. */
  readonly rejection?: RejectionReason | undefined;
  /** Why it shows no image, in words; only where it shows none. */
  readonly reason: string | undefined;
  readonly instances: readonly Instance[];
  /** In the order of showing; empty where nothing can be shown as an image. */
  readonly frames: readonly FrameReference[];
  readonly warnings: readonly DisplaySetWarning[];
  /** Whether it is meant to be watched as a film. */
  readonly isCine: boolean;
  /** Duration of each frame, ms, as many as `frames`; undefined when the object says nothing. */
  readonly frameTimesMs: readonly number[] | undefined;
  /** Whether several frames lie at one place (b-values, echoes, phases): it is then no volume. */
  readonly sharesPlaces?: boolean | undefined;
  /** Usual distance between neighbouring slices along the normal, mm. */
  readonly spacingMm: number | undefined;
}
