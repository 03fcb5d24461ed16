import type { DataSet } from "#core/dicom/data-set.ts";
import type { PacsSettings } from "../../config/pacs-settings.ts";
import type { AssociationPool } from "../../dimse/association-pool.ts";
import type { DicomListener } from "../../dimse/dicom-listener.ts";
import { DimseError } from "../../dimse/dimse-error.ts";
import { type FindMatch, type FindRequest, find } from "../../dimse/services/find.ts";
import {
  type ContextPlan,
  findContexts,
  moveContexts,
  requestOf,
} from "../../dimse/services/plan-contexts.ts";
import {
  agreedQueryAbilities,
  proposeQueryAbilities,
  type QueryAbilities,
} from "../../dimse/services/query-negotiation.ts";
import { get, move, type RetrieveOutcome } from "../../dimse/services/retrieve.ts";
import type { StorageSink } from "../../dimse/storage-sink.ts";
import type { SearchAbilities } from "../../translate/search-plan.ts";
import { SourceError } from "../source.ts";
import { findOverPool } from "./find-over-pool.ts";

/** Statuses that say that a service is not offered at all (PS3.7 C.5.4 and C.5.18). */
const SERVICE_NOT_OFFERED: ReadonlySet<number> = new Set([0x0122, 0x0211]);

const NO_LISTENER = {
  what: "The PACS {pacs} has to send objects by C-MOVE, and nothing listens for them here",
  advice:
    "open a DICOM port (--dicom-port) and add AE title {aet} at the PACS with this host and port, or allow C-GET there",
};
const NEITHER = {
  what: "The PACS {pacs} offers neither C-GET nor C-MOVE",
  advice: "allow one of them there for AE title {aet}",
};

/** The services; others in tests. */
export interface PacsServices {
  readonly find: typeof find;
  readonly get: typeof get;
  readonly move: typeof move;
}

/** What a connection is made of. */
export interface PacsConnectionParts {
  readonly settings: PacsSettings;
  readonly pool: AssociationPool;
  readonly listener: DicomListener | undefined;
  readonly services?: PacsServices;
}

/** One C-GET or C-MOVE. */
export interface RetrieveOrder {
  readonly identifier: DataSet;
  /** Contexts for what is to come by C-GET. */
  readonly plan: ContextPlan;
  readonly sink: StorageSink;
  /** Whether an object that arrives for no operation in particular belongs to it. */
  readonly expects: (sopInstanceUid: string) => boolean;
  readonly user: string;
  readonly isUrgent: boolean;
  readonly signal: AbortSignal;
}

/** How the PACS did when it was last asked. */
export interface Contact {
  readonly state: "unknown" | "reached" | "failed";
  readonly at: number;
  readonly code?: string;
}

/** C-FIND, C-GET and C-MOVE at one PACS, and what is learned of it on the way. */
export class PacsConnection {
  readonly settings: PacsSettings;
  readonly model: "study-root" | "patient-root";
  readonly #pool: AssociationPool;
  readonly #listener: DicomListener | undefined;
  readonly #services: PacsServices;
  readonly #failures = new Map<string, number>();
  #abilities: QueryAbilities | undefined;
  #retrieveBy: "get" | "move" | "unknown";
  #contact: Contact = { state: "unknown", at: 0 };

  constructor({ settings, pool, listener, services }: PacsConnectionParts) {
    this.settings = settings;
    this.model = settings.quirks.patientRootOnly ? "patient-root" : "study-root";
    this.#pool = pool;
    this.#listener = listener;
    this.#services = services ?? { find, get, move };
    this.#retrieveBy = settings.retrieve === "auto" ? "unknown" : settings.retrieve;
  }

  get retrieveBy(): "get" | "move" | "unknown" {
    return this.#retrieveBy;
  }

  get contact(): Contact {
    return this.#contact;
  }

  /** Since the start, by `DimseErrorCode`. */
  get failures(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#failures);
  }

  /** What searches depend on; asks for an association where nothing was negotiated yet. @throws DimseError */
  async searchAbilities(user: string, signal: AbortSignal): Promise<SearchAbilities> {
    const { quirks, queryCharacterSet, fallbackCharacterSet, remote } = this.settings;
    const agreed = this.#abilities ?? (await this.#negotiate(user, signal));
    return {
      ...agreed,
      model: this.model,
      hasImageLevel: !quirks.noImageLevelFind,
      takesUidLists: !quirks.noUidLists,
      patienceMs: remote.silenceTimeoutMs,
      queryCharacterSet,
      fallbackCharacterSet,
    };
  }

  /** The matches of a C-FIND as they come; leaving the loop cancels it. @throws DimseError */
  find(
    request: FindRequest,
    user: string,
    signal: AbortSignal,
    isUrgent = true,
  ): AsyncGenerator<FindMatch> {
    return findOverPool(
      {
        pool: this.#pool,
        need: this.#findNeed(user, isUrgent),
        request,
        find: this.#services.find,
        onAssociation: (association) => {
          this.#abilities ??= agreedQueryAbilities(association, this.model);
        },
        onEnd: (error) => {
          if (error === undefined) this.#noteSuccess();
          else this.noteFailure(error);
        },
      },
      signal,
    );
  }

  /**
   * Has the PACS send objects to the sink: by C-GET where it offers that, else by C-MOVE; which one is remembered.
   * @throws DimseError
   */
  async retrieve(order: RetrieveOrder): Promise<RetrieveOutcome> {
    try {
      const outcome = await this.#retrieve(order);
      this.#noteSuccess();
      return outcome;
    } catch (error) {
      if (!order.signal.aborted) this.noteFailure(error);
      throw error;
    }
  }

  async #retrieve(order: RetrieveOrder): Promise<RetrieveOutcome> {
    if (this.#retrieveBy === "move") return await this.#move(order, undefined);
    try {
      const outcome = await this.#get(order);
      this.#retrieveBy = "get";
      return outcome;
    } catch (error) {
      const isFixed = this.settings.retrieve === "get" || this.#retrieveBy === "get";
      if (isFixed || !isServiceMissing(error)) throw error;
      const outcome = await this.#move(order, error);
      this.#retrieveBy = "move";
      return outcome;
    }
  }

  async #get(order: RetrieveOrder): Promise<RetrieveOutcome> {
    const { plan, user, isUrgent, signal, identifier, sink } = order;
    return await this.#pool.use(
      { request: this.#identified(requestOf(plan)), purpose: plan.purpose, user, isUrgent },
      (association) =>
        this.#services.get(
          association,
          { model: this.model, identifier, stallTimeoutMs: this.settings.remote.silenceTimeoutMs },
          sink,
          signal,
        ),
      signal,
    );
  }

  async #move(order: RetrieveOrder, getFailure: unknown): Promise<RetrieveOutcome> {
    const { user, isUrgent, signal, identifier, expects, sink } = order;
    const { callingAeTitle } = this.settings.remote;
    const listener = this.#listener;
    if (listener === undefined) throw this.#cannotRetrieve(NO_LISTENER, getFailure);
    try {
      return await this.#pool.use(
        {
          request: this.#identified({ contexts: moveContexts(this.model) }),
          purpose: `move:${this.model}`,
          user,
          isUrgent,
        },
        (association) =>
          this.#services.move(
            association,
            {
              model: this.model,
              identifier,
              expects,
              stallTimeoutMs: this.settings.remote.silenceTimeoutMs,
            },
            listener.destination(callingAeTitle),
            sink,
            signal,
          ),
        signal,
      );
    } catch (error) {
      const isNeither = getFailure !== undefined && isServiceMissing(error);
      throw isNeither ? this.#cannotRetrieve(NEITHER, error) : error;
    }
  }

  #cannotRetrieve({ what, advice }: typeof NEITHER, cause: unknown): SourceError {
    const { name, remote } = this.settings;
    const filled = advice.replace("{aet}", remote.callingAeTitle);
    return new SourceError(
      "upstream-failure",
      `${what.replace("{pacs}", remote.aeTitle)}: ${filled}`,
      cause,
      { pacs: name, dimse: { code: "no-context" }, hint: filled },
    );
  }

  async #negotiate(user: string, signal: AbortSignal): Promise<QueryAbilities> {
    try {
      return await this.#pool.use(
        this.#findNeed(user, true),
        async (association) => {
          this.#abilities = agreedQueryAbilities(association, this.model);
          return this.#abilities;
        },
        signal,
      );
    } catch (error) {
      if (!signal.aborted) this.noteFailure(error);
      throw error;
    }
  }

  #findNeed(user: string, isUrgent: boolean) {
    return {
      request: this.#identified({
        contexts: findContexts(this.model),
        extendedNegotiations: proposeQueryAbilities(this.model),
      }),
      purpose: `find:${this.model}`,
      user,
      isUrgent,
    };
  }

  #identified<Request extends object>(request: Request) {
    const { userIdentity } = this.settings;
    return userIdentity === undefined ? request : { ...request, userIdentity };
  }

  #noteSuccess(): void {
    this.#contact = { state: "reached", at: Date.now() };
  }

  /** Counts a failure, and remembers it as the state of the PACS. */
  noteFailure(error: unknown): void {
    if (!(error instanceof DimseError) || error.code === "cancelled") return;
    this.#failures.set(error.code, (this.#failures.get(error.code) ?? 0) + 1);
    const isAnswer = error.code === "failed-status" || error.code === "no-context";
    const state = isAnswer ? "reached" : "failed";
    this.#contact = { state, at: Date.now(), code: error.code };
  }
}

function isServiceMissing(error: unknown): boolean {
  if (!(error instanceof DimseError)) return false;
  const { status } = error.facts;
  return (
    error.code === "no-context" ||
    (error.code === "failed-status" && status !== undefined && SERVICE_NOT_OFFERED.has(status))
  );
}
