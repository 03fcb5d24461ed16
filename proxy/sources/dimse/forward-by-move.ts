import type { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import type { PacsSettings } from "../../config/pacs-settings.ts";
import type { Association } from "../../dimse/association.ts";
import type { AssociationPool } from "../../dimse/association-pool.ts";
import { DimseError } from "../../dimse/dimse-error.ts";
import { moveContexts } from "../../dimse/services/plan-contexts.ts";
import {
  type MoveDestination,
  move,
  type RetrieveOutcome,
  type Suboperations,
} from "../../dimse/services/retrieve.ts";
import { STORAGE_STATUSES } from "../../dimse/services/storage-statuses.ts";
import type { StorageSink } from "../../dimse/storage-sink.ts";
import { sourceErrorOf } from "../../translate/source-error-of.ts";
import {
  type Forwarding,
  type ForwardProgress,
  type ForwardResult,
  type ResourceSelector,
  SourceError,
} from "../source.ts";
import { ProgressRelay, statusOf } from "./forward-progress.ts";

/** What forwarding from a PACS works with. */
export interface ForwardParts {
  readonly settings: PacsSettings;
  readonly pool: AssociationPool;
  /** The Patient ID of a study, which the Patient Root model needs; asked of the PACS by C-FIND. */
  readonly patientIdOf?: (studyInstanceUid: string, signal: AbortSignal) => Promise<string>;
  /** The service; another in tests. */
  readonly move?: typeof move;
}

const MOVE_DESTINATION_UNKNOWN = 0xa801;
const CANCELLED = 0xfe00;
/** Silence of the PACS while it sends one large object to a third party. */
const PATIENCE_MS = 60_000;

/** Has the PACS send what it holds to the AE titles of `settings.forwardTo`, by C-MOVE on behalf of a user. */
export function forwardingByMove(parts: ForwardParts, user: string): Forwarding {
  return {
    destinations: parts.settings.forwardTo,
    forward: (selector, destination, signal) => forward(parts, user, selector, destination, signal),
  };
}

async function* forward(
  parts: ForwardParts,
  user: string,
  selector: ResourceSelector,
  destination: string,
  signal: AbortSignal,
): AsyncGenerator<ForwardProgress | ForwardResult> {
  if (!parts.settings.forwardTo.includes(destination))
    throw new SourceError("bad-request", "Nothing is forwarded to this AE title");
  const left = new AbortController();
  const relay = new ProgressRelay();
  const either = AbortSignal.any([signal, left.signal]);
  const running = run(parts, user, selector, destination, relay, either).then(
    (outcome) => conclude(outcome, relay),
    (error: unknown) => relay.fail(error),
  );
  try {
    yield* relay.read();
  } catch (error) {
    signal.throwIfAborted();
    const described = inWords(error, parts.settings, destination);
    if (relay.latest === undefined || !(described instanceof SourceError)) throw described;
    yield failedResult(relay.latest, described);
  } finally {
    left.abort();
    await running;
  }
}

/** @throws DimseError, SourceError */
async function run(
  { settings, pool, patientIdOf, move: service = move }: ForwardParts,
  user: string,
  selector: ResourceSelector,
  aeTitle: string,
  relay: ProgressRelay,
  signal: AbortSignal,
): Promise<RetrieveOutcome> {
  const model = settings.quirks.patientRootOnly ? "patient-root" : "study-root";
  const patientId =
    model === "patient-root" ? await patientIdOf?.(selector.studyInstanceUid, signal) : undefined;
  const { userIdentity } = settings;
  return await pool.use(
    {
      request: {
        contexts: moveContexts(model),
        ...(userIdentity === undefined ? {} : { userIdentity }),
      },
      purpose: `move:${model}`,
      user,
      isUrgent: false,
    },
    async (association) => {
      const patience = new Patience(association);
      const onProgress = (suboperations: Suboperations) => {
        patience.renew();
        relay.report(suboperations);
      };
      const identifier = identifierOf(selector, patientId);
      const request = { model, identifier, onProgress, expects: () => false } as const;
      try {
        return await service(association, request, thirdParty(aeTitle), NOTHING_HERE, signal);
      } finally {
        patience.end();
      }
    },
    signal,
  );
}

/** A destination that is not ourselves: nothing arrives here. */
function thirdParty(aeTitle: string): MoveDestination {
  return { aeTitle, expect: () => ({ done: () => undefined }) };
}

const NOTHING_HERE: StorageSink = { begin: () => STORAGE_STATUSES.outOfResources };

/** Once the PACS has begun to send, it may be silent for as long as one large object takes. */
class Patience {
  readonly #association: Association;
  #until = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(association: Association) {
    this.#association = association;
  }

  renew(): void {
    this.#until = Date.now() + PATIENCE_MS;
    this.#timer ??= setInterval(() => {
      if (Date.now() < this.#until) this.#association.heard();
    }, 1000).unref();
  }

  end(): void {
    clearInterval(this.#timer);
  }
}

/** Level and unique keys (PS3.4 C.4.2.2.1). */
function identifierOf(selector: ResourceSelector, patientId: string | undefined): DataSet {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = selector;
  const seriesLevel = seriesInstanceUid === undefined ? "STUDY" : "SERIES";
  return buildDataSet({
    QueryRetrieveLevel: sopInstanceUid === undefined ? seriesLevel : "IMAGE",
    PatientID: patientId,
    StudyInstanceUID: studyInstanceUid,
    SeriesInstanceUID: seriesInstanceUid,
    SOPInstanceUID: sopInstanceUid,
  });
}

function conclude(outcome: RetrieveOutcome, relay: ProgressRelay): void {
  const { completed, failed, warning, remaining = 0 } = outcome.suboperations;
  if (outcome.status !== CANCELLED && completed + failed + warning + remaining === 0) {
    relay.fail(new SourceError("not-found", "The PACS holds nothing under these UIDs"));
    return;
  }
  const status =
    outcome.status === CANCELLED ? "cancelled" : statusOf({ completed, failed, warning });
  relay.finish({
    status,
    ...{ completed, failed, warning },
    failedInstances: outcome.failedSopInstanceUids.map((sopInstanceUID) => ({ sopInstanceUID })),
    ...(failed === 0
      ? {}
      : {
          code: "suboperations-failed",
          detail: `${failed} of ${completed + failed + warning} instances did not reach the destination; its log and that of the PACS say why`,
        }),
  });
}

function failedResult(latest: ForwardProgress, error: SourceError): ForwardResult {
  const { completed, failed, warning } = latest;
  const { dimse } = error.facts;
  return {
    status: completed + warning > 0 ? "partial" : "failed",
    ...{ completed, failed, warning },
    failedInstances: [],
    code: error.code,
    detail: error.message,
    ...(dimse === undefined ? {} : { dimse }),
  };
}

/** The failure in words for the PACS team: it is the destination that the PACS has to reach, not us. */
function inWords(error: unknown, settings: PacsSettings, destination: string): unknown {
  const { name, remote } = settings;
  const described = sourceErrorOf(error, { ...remote, name }, "retrieve");
  const isAnswer = error instanceof DimseError && error.code === "failed-status";
  if (!isAnswer || !(described instanceof SourceError)) return described;
  const { status = 0 } = error.facts;
  const isUnknown = status === MOVE_DESTINATION_UNKNOWN;
  const code = status.toString(16).toUpperCase().padStart(4, "0");
  const what = isUnknown
    ? `does not know the AE title ${destination}`
    : `could not send to ${destination} (status ${code})`;
  const hint = isUnknown
    ? "add it there with its host and port"
    : `check that it knows ${destination} and can connect to it, and the logs of both`;
  const message = `The PACS ${remote.aeTitle} ${what}: ${hint}`;
  return new SourceError(described.code, message, error, { ...described.facts, hint });
}
