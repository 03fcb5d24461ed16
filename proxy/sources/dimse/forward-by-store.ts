import { DicomError } from "#core/dicom/dicom-error.ts";
import type { AssociationPool } from "../../dimse/association-pool.ts";
import { DimseError } from "../../dimse/dimse-error.ts";
import type { RemoteAe } from "../../dimse/remote-ae.ts";
import { requestOf } from "../../dimse/services/plan-contexts.ts";
import { statusMeaning } from "../../dimse/services/status.ts";
import { store as storeService } from "../../dimse/services/store.ts";
import type { ObjectStore, StoredObject } from "../../object-store/object-store.ts";
import { sourceErrorOf } from "../../translate/source-error-of.ts";
import {
  type Forwarding,
  type ForwardProgress,
  type ForwardResult,
  type ResourceSelector,
  SourceError,
} from "../source.ts";
import { statusOf } from "./forward-progress.ts";
import { StoreContexts } from "./store-contexts.ts";
import type { LosslessDecoder } from "./store-lossless.ts";
import { ObjectBody } from "./store-object-body.ts";
import { type SendAnswer, sendObject } from "./store-send.ts";

/** What forwarding objects of our own works with. */
export interface ForwardByStoreParts {
  readonly destinations: readonly { readonly remote: RemoteAe; readonly pool: AssociationPool }[];
  readonly store: ObjectStore;
  /** The objects of a resource. @throws SourceError `not-found` */
  readonly select: (selector: ResourceSelector) => readonly StoredObject[];
  readonly user: string;
  /** Decodes what is losslessly compressed for a destination that takes nothing compressed. */
  readonly decoder?: LosslessDecoder | undefined;
  /** The service; another in tests. */
  readonly service?: typeof storeService;
}

type FailedInstance = ForwardResult["failedInstances"][number];

/** Sends objects that are here to the application entities of the list, by C-STORE. */
export function forwardingByStore(parts: ForwardByStoreParts): Forwarding {
  return {
    destinations: parts.destinations.map(({ remote }) => remote.aeTitle),
    forward: (selector, destination, signal) => forward(parts, selector, destination, signal),
  };
}

async function* forward(
  parts: ForwardByStoreParts,
  selector: ResourceSelector,
  aeTitle: string,
  signal: AbortSignal,
): AsyncGenerator<ForwardProgress | ForwardResult> {
  const destination = parts.destinations.find(({ remote }) => remote.aeTitle === aeTitle);
  if (destination === undefined)
    throw new SourceError("bad-request", "Nothing is forwarded to this AE title");
  const objects = parts.select(selector);
  const pin = parts.store.pin(selector.studyInstanceUid);
  const contexts = new StoreContexts();
  for (const { sopClassUid, transferSyntaxUid } of objects)
    contexts.planFor(sopClassUid, transferSyntaxUid);
  const counts = { completed: 0, failed: 0, warning: 0 };
  const failedInstances: FailedInstance[] = [];
  try {
    for (const [index, object] of objects.entries()) {
      signal.throwIfAborted();
      const sent = await send(parts, destination, contexts, object, signal);
      if (sent instanceof SourceError) {
        if (index === 0) throw sent;
        yield givenUp(counts, failedInstances, objects.slice(index), sent);
        return;
      }
      const kind = kindOf(sent);
      counts[kind.counter] += 1;
      if (kind.reason !== undefined)
        failedInstances.push({ sopInstanceUID: object.sopInstanceUid, reason: kind.reason });
      yield { ...counts, remaining: objects.length - index - 1 };
    }
  } finally {
    pin.release();
  }
  yield {
    ...counts,
    status: statusOf(counts),
    failedInstances,
    ...(counts.failed === 0
      ? {}
      : {
          code: "suboperations-failed",
          detail: `${counts.failed} of ${objects.length} instances were not taken by ${aeTitle}`,
        }),
  };
}

/** The answer; a SourceError when the destination cannot be worked with. */
async function send(
  { store, user, service, decoder }: ForwardByStoreParts,
  { remote, pool }: ForwardByStoreParts["destinations"][number],
  contexts: StoreContexts,
  object: StoredObject,
  signal: AbortSignal,
): Promise<SendAnswer | SourceError> {
  const plan = contexts.planFor(object.sopClassUid, object.transferSyntaxUid);
  if (plan === undefined) return { kind: "refused", what: "class" };
  try {
    return await pool.use(
      { request: requestOf(plan), purpose: plan.purpose, user, isUrgent: false },
      (association) => {
        // Opened anew each time: what is here can be read again.
        const body = new ObjectBody([], store.open(object)[Symbol.asyncIterator]());
        const head = { ...object, begin: [] };
        const sending = { service: service ?? storeService, decoder };
        return sendObject(association, head, body, sending, signal);
      },
      signal,
    );
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DicomError) return { kind: "refused", what: "syntax", why: error.message };
    if (!(error instanceof DimseError)) throw sourceErrorOf(error, remote);
    const described = sourceErrorOf(error, remote, "store");
    if (described instanceof SourceError) return described;
    throw error;
  }
}

interface Counted {
  readonly counter: "completed" | "failed" | "warning";
  readonly reason?: string;
}

function kindOf(sent: SendAnswer): Counted {
  if (sent.kind === "refused") {
    const what = sent.what === "class" ? "SOP class" : `transfer syntax: ${sent.why}`;
    return { counter: "failed", reason: `The destination does not take the ${what}` };
  }
  const { kind, meaning } = statusMeaning("C-STORE", sent.answer.status);
  if (kind === "success") return { counter: "completed" };
  if (kind === "warning") return { counter: "warning" };
  const code = sent.answer.status.toString(16).toUpperCase().padStart(4, "0");
  return { counter: "failed", reason: `${code}H: ${meaning}` };
}

function givenUp(
  counts: Omit<ForwardProgress, "remaining">,
  failed: readonly FailedInstance[],
  left: readonly StoredObject[],
  error: SourceError,
): ForwardResult {
  const all = { ...counts, failed: counts.failed + left.length };
  const { dimse } = error.facts;
  return {
    ...all,
    status: statusOf(all),
    failedInstances: [
      ...failed,
      ...left.map(({ sopInstanceUid }) => ({ sopInstanceUID: sopInstanceUid })),
    ],
    code: error.code,
    detail: error.message,
    ...(dimse === undefined ? {} : { dimse }),
  };
}
