import type { PacsSettings } from "../config/pacs-settings.ts";
import type { AssociationObserver } from "../dimse/association-event.ts";
import type { DicomListener } from "../dimse/dicom-listener.ts";

/** A step of `negato pacs test`, and what came of it in plain words. */
export interface PacsCheckStep {
  readonly step: "connect" | "associate" | "echo" | "find" | "get" | "move" | "worklist" | "store";
  readonly outcome: "ok" | "warning" | "failed" | "skipped";
  /** What happened, as a sentence. */
  readonly text: string;
  /** What to change, and where; for outcomes other than `ok`. */
  readonly advice?: string;
  readonly milliseconds: number;
}

/** Tries a PACS step by step; never throws but for an abort. */
export type PacsCheck = (
  settings: PacsSettings,
  listener: DicomListener | undefined,
  signal: AbortSignal,
  observe?: AssociationObserver,
) => AsyncIterable<PacsCheckStep>;
