import type { PacsSettings } from "../config/pacs-settings.ts";
import type { Association } from "../dimse/association.ts";
import type { AssociationObserver } from "../dimse/association-event.ts";
import type { AssociationRequest } from "../dimse/association-request.ts";
import type { DicomListener } from "../dimse/dicom-listener.ts";
import { DimseError } from "../dimse/dimse-error.ts";
import type { RemoteAe } from "../dimse/remote-ae.ts";
import { requestAssociation } from "../dimse/request-association.ts";
import { explain, type PacsTask } from "../translate/dimse-sentences.ts";
import type { PacsCheckStep } from "./pacs-check.ts";

/** What a step found out. */
export type Finding = Pick<PacsCheckStep, "outcome" | "text" | "advice">;

/** An instance that is used for trying retrievals; its identifiers are told to nobody. */
export interface SampleInstance {
  readonly patientId: string | undefined;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  /** Undefined where the PACS answers no C-FIND at the IMAGE level: then the series stands for it. */
  readonly sopInstanceUid: string | undefined;
  readonly sopClassUid: string | undefined;
  readonly modality: string | undefined;
}

/** What is known while a PACS is tried; steps add to it. */
export class PacsVisit {
  readonly settings: PacsSettings;
  readonly listener: DicomListener | undefined;
  readonly signal: AbortSignal;
  readonly #observe: AssociationObserver | undefined;
  /** Our own address towards the PACS. */
  localAddress: string | undefined;
  /** SOP classes of services for which the PACS accepted a context. */
  offered: ReadonlySet<string> = new Set();
  sample: SampleInstance | undefined;
  /** Whether an image came by C-GET. */
  hasGot = false;

  constructor(
    settings: PacsSettings,
    listener: DicomListener | undefined,
    signal: AbortSignal,
    observe: AssociationObserver | undefined,
  ) {
    this.settings = settings;
    this.listener = listener;
    this.signal = signal;
    this.#observe = observe;
  }

  get model(): "study-root" | "patient-root" {
    return this.settings.quirks.patientRootOnly ? "patient-root" : "study-root";
  }

  /** Does the task on an association of its own, which is released afterwards, or aborted after a failure. */
  async withAssociation<Result>(
    request: AssociationRequest,
    task: (association: Association) => Promise<Result>,
    remote: RemoteAe = this.settings.remote,
  ): Promise<Result> {
    const { userIdentity } = this.settings;
    const identified = userIdentity === undefined ? request : { ...request, userIdentity };
    const association = await requestAssociation(remote, identified, this.signal, this.#observe);
    try {
      const result = await task(association);
      await association.release();
      return result;
    } catch (error) {
      association.abort();
      throw error;
    }
  }

  /** Host and port under which the PACS has to know us, in words. */
  ourPlace(): string {
    const { callingAeTitle } = this.settings.remote;
    const host = this.localAddress ?? "of this machine";
    const port = this.listener === undefined ? "" : ` and port ${this.listener.port}`;
    return `AE title ${callingAeTitle} with host ${host}${port}`;
  }

  /** The finding of a failure. @throws what is no failure of DIMSE */
  failure(error: unknown, task: PacsTask | undefined): Finding {
    if (!(error instanceof DimseError)) throw error;
    const { name, remote } = this.settings;
    const pacs = { ...remote, name, ourPort: this.listener?.port };
    const { what, advice } = explain(error.code, error.facts, pacs, task);
    const isStranger =
      error.code === "rejected" && error.facts.source === 1 && error.facts.reason !== 7;
    return {
      outcome: "failed",
      text: sentence(what),
      advice: sentence(isStranger ? `add ${this.ourPlace()} there` : advice),
    };
  }
}

/** With a capital letter at its beginning, and a full stop. */
export function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
