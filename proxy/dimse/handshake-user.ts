import { Deferred } from "./deferred.ts";
import { DimseError } from "./dimse-error.ts";
import type { AssociateAcceptPdu, AssociateRejectPdu, AssociateRequestPdu } from "./pdu.ts";
import type { UpperLayer } from "./upper-layer.ts";
import type { UpperLayerUser } from "./upper-layer-user.ts";

/** What a side does with what the other says before the association stands. */
interface Handshake {
  readonly requested?: (pdu: AssociateRequestPdu) => void;
  readonly answered?: (pdu: AssociateAcceptPdu | AssociateRejectPdu) => void;
}

/** Uses the upper layer until an association stands or does not; whoever comes then takes its place. */
export class HandshakeUser<Result> implements UpperLayerUser {
  readonly #handshake: Handshake;
  readonly #outcome = new Deferred<Result>();
  #whenSettled: () => void = () => {};
  #upper: UpperLayer | undefined;

  constructor(handshake: Handshake) {
    this.#handshake = handshake;
  }

  get promise(): Promise<Result> {
    return this.#outcome.promise;
  }

  /** Gives up after a time, or when the signal aborts. */
  limit(upper: UpperLayer, timeoutMs: number, timedOut: DimseError, signal: AbortSignal): void {
    this.#upper = upper;
    const onAbort = (): void => {
      this.fail(new DimseError("cancelled", "The association is not wanted any more."));
    };
    const timer = setTimeout(() => this.fail(timedOut), timeoutMs);
    signal.addEventListener("abort", onAbort);
    this.#whenSettled = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    };
    if (signal.aborted) onAbort();
  }

  succeed(result: Result): void {
    this.#whenSettled();
    this.#outcome.resolve(result);
  }

  /** No association comes of it; one that is there already is aborted. */
  fail(error: DimseError): void {
    this.#whenSettled();
    this.#outcome.reject(error);
    this.#upper?.abort();
  }

  requested(pdu: AssociateRequestPdu): void {
    this.#handshake.requested?.(pdu);
  }

  answered(pdu: AssociateAcceptPdu | AssociateRejectPdu): void {
    this.#handshake.answered?.(pdu);
  }

  ended(error: DimseError): void {
    this.fail(error);
  }

  data(): void {}
  releaseRequested(): void {}
  released(): void {}
  moved(): void {}
  held(): void {}
  dataRefused(): void {}
  drained(): void {}
  closed(): void {}
}
