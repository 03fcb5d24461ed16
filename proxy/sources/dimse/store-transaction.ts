import { DicomError } from "#core/dicom/dicom-error.ts";
import type { PacsSettings } from "../../config/pacs-settings.ts";
import type { AssociationPool } from "../../dimse/association-pool.ts";
import { DimseError, type DimseErrorCode } from "../../dimse/dimse-error.ts";
import { createCommitmentDesk } from "../../dimse/services/commitment-desk.ts";
import type { CommitmentDesk } from "../../dimse/services/commitment-report.ts";
import { requestOf } from "../../dimse/services/plan-contexts.ts";
import { statusMeaning } from "../../dimse/services/status.ts";
import { requestCommitment } from "../../dimse/services/storage-commitment.ts";
import { type StoreAnswer, store } from "../../dimse/services/store.ts";
import { sourceErrorOf } from "../../translate/source-error-of.ts";
import type { InstanceSelector, StoreOutcome, StoreTransaction } from "../source.ts";
import { confirmStored } from "./commitment-confirm.ts";
import { StoreContexts } from "./store-contexts.ts";
import { FAILURE_REASONS, failedOutcome } from "./store-failure.ts";
import type { LosslessDecoder } from "./store-lossless.ts";
import { CUT_OFF, ObjectBody } from "./store-object-body.ts";
import { type ObjectHead, readObjectHead } from "./store-object-head.ts";
import { type SendAnswer, sendObject } from "./store-send.ts";

/** What storing at a PACS works with. */
export interface StoreParts {
  readonly settings: PacsSettings;
  readonly pool: AssociationPool;
  /** Where reports of Storage Commitment arrive: the listener; without it only those on the association of the request do. */
  readonly desk: CommitmentDesk | undefined;
  /** Told of each instance that the PACS has taken, or may have: what is kept of it and lists are out of date. */
  readonly onStored: (selector: InstanceSelector) => void;
  /** Told of each failure of an association or an answer, for counting. */
  readonly onFailure?: (error: DimseError) => void;
  /** Decodes what is losslessly compressed for a PACS that takes nothing compressed; without it, it is refused. */
  readonly decoder?: LosslessDecoder | undefined;
  /** How long a report is waited for; 10 s by default. */
  readonly reportTimeoutMs?: number;
  /** The services; others in tests. */
  readonly services?: {
    readonly store: typeof store;
    readonly requestCommitment: typeof requestCommitment;
  };
}

/** Stores at one PACS, for all its requests. */
export interface PacsStore {
  /** The objects of one request of one user (empty where nobody signs in). */
  open(expectedStudy: string | undefined, user: string): StoreTransaction;
}

/** Objects of one request that are under way at a time, at most. */
const MOST_AT_A_TIME = 4;

/** Objects that go over one association before there is a second one: small requests need no more. */
const ALONE_AT_FIRST = 4;

/** An association that was not made; a PACS that takes one at a time lets the second wait, or rejects it. */
const NOT_MADE: ReadonlySet<DimseErrorCode> = new Set<DimseErrorCode>([
  "connect-timeout",
  "rejected",
  "busy",
]);

/** Associations that may fail one after the other before the rest is given up. */
const MOST_FAILURES = 3;

/** After these it makes no sense to try the next object; after the others the object may have been the reason. */
const HOPELESS: ReadonlySet<DimseErrorCode> = new Set<DimseErrorCode>([
  "unreachable",
  "connect-timeout",
  "tls-failure",
  "rejected",
  "silent",
  "overdue",
  "busy",
  "closed",
]);

/** Stores by C-STORE, and confirms by Storage Commitment where the settings say so. */
export function pacsStore(parts: StoreParts): PacsStore {
  const shared = { contexts: new StoreContexts(), desk: parts.desk ?? createCommitmentDesk() };
  return {
    open: (expectedStudy, user) => new PacsTransaction(parts, shared, expectedStudy, user),
  };
}

/** What the requests to one PACS share. */
interface SharedParts {
  readonly contexts: StoreContexts;
  readonly desk: CommitmentDesk;
}

class PacsTransaction implements StoreTransaction {
  readonly #parts: StoreParts;
  readonly #shared: SharedParts;
  readonly #expectedStudy: string | undefined;
  readonly #user: string;
  readonly #outcomes: (StoreOutcome | undefined)[] = [];
  /** By SOP Instance UID: objects under way. */
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #ended = new AbortController();
  readonly #failure = new AbortController();
  #either: { readonly of: AbortSignal; readonly signal: AbortSignal } | undefined;
  /** The last failure of an association, and whether there is no hope for what follows. */
  #lastError: DimseError | undefined;
  #isHopeless = false;
  #failuresInTurn = 0;
  #hasStored = false;
  #answers = 0;
  /** Whether a second association at a time was not to be had. */
  #isAlone = false;
  /** What is neither an outcome nor a DimseError. */
  #unexpected: { readonly error: unknown } | undefined;

  constructor(
    parts: StoreParts,
    shared: SharedParts,
    expectedStudy: string | undefined,
    user: string,
  ) {
    this.#parts = parts;
    this.#shared = shared;
    this.#expectedStudy = expectedStudy;
    this.#user = user;
  }

  get failure(): AbortSignal {
    return this.#failure.signal;
  }

  async add(part10: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    this.#check(signal);
    const index = this.#outcomes.push(undefined) - 1;
    const chunks = part10[Symbol.asyncIterator]();
    const head = await readObjectHead(chunks);
    if ("kind" in head) {
      this.#outcomes[index] = head;
      return;
    }
    const refusal = this.#refusal(head);
    if (refusal !== undefined) {
      this.#outcomes[index] = refusal;
      return;
    }
    const body = new ObjectBody(head.begin, chunks, head.transferSyntaxUid);
    const isHeld = await body.hold();
    if (body.isCutOff) {
      this.#outcomes[index] = failedOutcome(FAILURE_REASONS.cannotUnderstand, CUT_OFF, head);
      return;
    }
    await this.#turn(head.sopInstanceUid);
    this.#check(signal);
    const sending = this.#send(index, head, body, signal);
    this.#underWay.set(head.sopInstanceUid, sending);
    if (isHeld) return;
    await sending;
    this.#check(signal);
    await body.quiet();
    if (body.failure !== undefined) throw body.failure.error;
  }

  async finish(signal: AbortSignal): Promise<readonly StoreOutcome[]> {
    await Promise.all(this.#underWay.values());
    this.#check(signal);
    const outcomes = this.#outcomes.filter((outcome) => outcome !== undefined);
    if (!this.#hasStored && this.#lastError !== undefined) throw this.#errorOf(this.#lastError);
    const { settings, pool, services, reportTimeoutMs } = this.#parts;
    if (!settings.store.commitment) return outcomes;
    const service = services?.requestCommitment ?? requestCommitment;
    const parts = { settings, pool, desk: this.#shared.desk, requestCommitment: service };
    const given = reportTimeoutMs === undefined ? {} : { reportTimeoutMs };
    return await confirmStored(outcomes, { ...parts, ...given }, this.#user, signal);
  }

  abort(): void {
    this.#ended.abort();
  }

  /** Waits until another object may be under way, and none of the same UID is. */
  async #turn(sopInstanceUid: string): Promise<void> {
    await this.#underWay.get(sopInstanceUid);
    while (this.#underWay.size >= this.#places()) await Promise.race(this.#underWay.values());
  }

  #places(): number {
    const { associations, quirks } = this.#parts.settings;
    if (quirks.oneAssociation || this.#isAlone || this.#answers < ALONE_AT_FIRST) return 1;
    return Math.max(1, Math.min(MOST_AT_A_TIME, associations.most, associations.perRetrieval));
  }

  #check(signal: AbortSignal): void {
    signal.throwIfAborted();
    this.#failure.signal.throwIfAborted();
    if (this.#unexpected !== undefined) throw this.#unexpected.error;
  }

  /** Why an object is not even sent. */
  #refusal(head: ObjectHead): StoreOutcome | undefined {
    if (this.#expectedStudy !== undefined && head.studyInstanceUid !== this.#expectedStudy) {
      const message = "The object belongs to another study than the address names";
      return failedOutcome(FAILURE_REASONS.doesNotMatch, message, head);
    }
    if (!this.#isHopeless) return undefined;
    const message = `Not tried: ${this.#sentenceOf(this.#lastError)}`;
    return failedOutcome(FAILURE_REASONS.processingFailure, message, head);
  }

  /** Sends one object and notes what became of it; never rejects. */
  async #send(
    index: number,
    head: ObjectHead,
    body: ObjectBody,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const answer = await this.#askInTurn(head, body, this.#endOf(signal));
      this.#answers += 1;
      const outcome = outcomeOf(answer, head);
      this.#failuresInTurn = 0;
      this.#outcomes[index] = outcome;
      if (outcome.kind === "failed") return;
      this.#hasStored = true;
      this.#noteSent(head);
    } catch (error) {
      // Nobody knows whether the PACS took it before the association ended.
      this.#noteSent(head);
      if (signal.aborted || this.#ended.signal.aborted) return;
      if (body.failure === undefined) this.#noteFailure(index, head, error);
    } finally {
      this.#underWay.delete(head.sopInstanceUid);
    }
  }

  /** Aborts when the client leaves or the transaction ends; the same for all objects of the request. */
  #endOf(signal: AbortSignal): AbortSignal {
    if (this.#either?.of !== signal)
      this.#either = { of: signal, signal: AbortSignal.any([signal, this.#ended.signal]) };
    return this.#either.signal;
  }

  /** An object for which there was no further association waits for those that there are. */
  async #askInTurn(head: ObjectHead, body: ObjectBody, signal: AbortSignal): Promise<SendAnswer> {
    const others = [...this.#underWay.values()];
    try {
      return await this.#ask(head, body, signal);
    } catch (error) {
      const isSecond = error instanceof DimseError && NOT_MADE.has(error.code) && others.length > 0;
      if (!isSecond || !this.#hasStored) throw error;
      this.#isAlone = true;
      await Promise.all(others);
      return await this.#ask(head, body, signal);
    }
  }

  async #ask(head: ObjectHead, body: ObjectBody, signal: AbortSignal): Promise<SendAnswer> {
    const { settings, pool, services, decoder } = this.#parts;
    const parts = { service: services?.store ?? store, decoder };
    const plan = this.#shared.contexts.planFor(head.sopClassUid, head.transferSyntaxUid);
    if (plan === undefined) return { kind: "refused", what: "class" };
    const { userIdentity } = settings;
    const request = requestOf(plan);
    return await pool.use(
      {
        request: userIdentity === undefined ? request : { ...request, userIdentity },
        purpose: plan.purpose,
        user: this.#user,
        isUrgent: false,
      },
      (association) => sendObject(association, head, body, parts, signal),
      signal,
    );
  }

  #noteSent({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }: ObjectHead): void {
    this.#parts.onStored({ studyInstanceUid, seriesInstanceUid, sopInstanceUid });
  }

  #noteFailure(index: number, head: ObjectHead, error: unknown): void {
    if (error instanceof DicomError) {
      const { cannotUnderstand } = FAILURE_REASONS;
      this.#outcomes[index] = failedOutcome(cannotUnderstand, error.message, head);
      return;
    }
    if (!(error instanceof DimseError)) {
      this.#unexpected ??= { error };
      this.#failure.abort(error);
      return;
    }
    this.#parts.onFailure?.(error);
    this.#lastError = error;
    this.#failuresInTurn += 1;
    this.#isHopeless ||= HOPELESS.has(error.code) || this.#failuresInTurn >= MOST_FAILURES;
    const { processingFailure } = FAILURE_REASONS;
    this.#outcomes[index] = failedOutcome(processingFailure, this.#sentenceOf(error), head);
    // As long as others are under way one of them may be stored yet.
    const isLast = this.#underWay.size <= 1;
    if (this.#isHopeless && !this.#hasStored && isLast) this.#failure.abort(this.#errorOf(error));
  }

  #errorOf(error: DimseError): unknown {
    return sourceErrorOf(
      error,
      { ...this.#parts.settings.remote, name: this.#parts.settings.name },
      "store",
    );
  }

  #sentenceOf(error: DimseError | undefined): string {
    const described = error === undefined ? undefined : this.#errorOf(error);
    return described instanceof Error ? described.message : "the PACS cannot be reached";
  }
}

function outcomeOf(sent: SendAnswer, head: ObjectHead): StoreOutcome {
  if (sent.kind === "answered") return answeredOutcome(sent.answer, head);
  const { classNotSupported, syntaxNotSupported } = FAILURE_REASONS;
  return sent.what === "class"
    ? failedOutcome(classNotSupported, "The PACS does not store objects of this SOP class", head)
    : failedOutcome(
        syntaxNotSupported,
        `The PACS does not take the transfer syntax of the object, which cannot be given in another without a change: ${sent.why}`,
        head,
      );
}

/** The Status of a C-STORE response, passed on as it is (PS3.18 10.5.3, PS3.4 table GG.4-1). */
function answeredOutcome({ status }: StoreAnswer, head: ObjectHead): StoreOutcome {
  const { kind, meaning, advice } = statusMeaning("C-STORE", status);
  const code = status.toString(16).toUpperCase().padStart(4, "0");
  const message = `The PACS answered C-STORE with ${code}H (${meaning}): ${advice}`;
  if (kind === "failure" || kind === "pending" || kind === "cancel")
    return failedOutcome(status, message, head);
  const { sopClassUid, sopInstanceUid, studyInstanceUid, seriesInstanceUid } = head;
  return {
    ...{ sopClassUid, sopInstanceUid, studyInstanceUid, seriesInstanceUid },
    kind: kind === "warning" ? "warning" : "stored",
    status,
    message: kind === "warning" ? message : "Stored",
  };
}
