import type { PacsSettings } from "../../../config/pacs-settings.ts";
import type { Association } from "../../../dimse/association.ts";
import type { AssociationNeed, AssociationPool } from "../../../dimse/association-pool.ts";
import type { OutgoingObject, StoreAnswer } from "../../../dimse/services/store.ts";

/** Settings of a PACS that nobody reaches. */
export function fakeSettings(changes: Partial<PacsSettings> = {}): PacsSettings {
  return {
    name: "pacs",
    remote: {
      name: "pacs",
      aeTitle: "PACS",
      host: "127.0.0.1",
      port: 104,
      callingAeTitle: "NEGATO",
      connectTimeoutMs: 5000,
      silenceTimeoutMs: 10_000,
      operationTimeoutMs: 60_000,
      maximumPduLength: 65_536,
    },
    retrieve: "auto",
    quirks: {
      patientRootOnly: false,
      noImageLevelFind: false,
      noUidLists: false,
      oneAssociation: false,
      slowStart: false,
    },
    associations: { most: 4, perRetrieval: 2, perUser: 4 },
    queryCharacterSet: ["ISO_IR 192"],
    fallbackCharacterSet: ["ISO_IR 100"],
    store: { isAllowed: true, commitment: false },
    forwardTo: [],
    cache: { maximumBytes: 1e9, maximumAgeMs: 1e9 },
    ...changes,
  };
}

/** How a made PACS takes contexts. */
export interface FakePeer {
  /** Whether a syntax of a SOP class is accepted; all are by default. */
  readonly accepts?: (sopClassUid: string, transferSyntaxUid: string) => boolean;
  /** What use of an association fails with, before the task. */
  readonly failure?: () => Error | undefined;
  /** How often the task is begun anew, as after a pooled association that was dead. */
  readonly restarts?: number;
}

/** A pool whose associations accept what the peer does; it remembers what was asked of it. */
export function fakePool(peer: FakePeer = {}): AssociationPool & { needs: AssociationNeed[] } {
  const needs: AssociationNeed[] = [];
  return {
    needs,
    use: async (need, task, signal) => {
      signal.throwIfAborted();
      needs.push(need);
      const failure = peer.failure?.();
      if (failure !== undefined) throw failure;
      const association = fakeAssociation(need, peer);
      for (let left = peer.restarts ?? 0; left > 0; left -= 1) {
        const isDone = await task(association).then(
          () => true,
          () => false,
        );
        if (isDone) throw new Error("The first use was to fail");
      }
      return await task(association);
    },
    status: () => ({ open: 0, idle: 0, waiting: 0 }),
    close: () => Promise.resolve(),
  };
}

function fakeAssociation({ request }: AssociationNeed, { accepts }: FakePeer): Association {
  const roles = { scu: true, scp: false };
  const taken = request.contexts.map(({ abstractSyntaxUid, transferSyntaxUids }, index) => {
    const syntax = transferSyntaxUids.find((uid) => accepts?.(abstractSyntaxUid, uid) ?? true);
    return { id: index * 2 + 1, abstractSyntaxUid, syntax };
  });
  return {
    id: 1,
    callingAeTitle: "NEGATO",
    calledAeTitle: "PACS",
    contexts: taken.flatMap(({ id, abstractSyntaxUid, syntax }) =>
      syntax === undefined ? [] : [{ id, abstractSyntaxUid, transferSyntaxUid: syntax, roles }],
    ),
    refused: taken.flatMap(({ abstractSyntaxUid, syntax }) =>
      syntax === undefined ? [{ abstractSyntaxUid, result: 3 }] : [],
    ),
    peer: {
      maximumPduLength: 0,
      asynchronousOperations: { invoked: 1, performed: 1 },
      extendedNegotiations: new Map(),
    },
    isOpen: true,
    receive: () => undefined,
    nextMessageId: () => 1,
    send: () => Promise.resolve(),
    heard: () => undefined,
    release: () => Promise.resolve(),
    abort: () => undefined,
  };
}

/** An object that a made PACS was sent. */
interface TakenObject {
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  readonly bytes: Uint8Array;
}

/** A C-STORE service that reads the data set and answers what it is told. */
export function fakeStore(
  answer: (object: OutgoingObject) => StoreAnswer | Error = () => ({ status: 0 }),
) {
  const taken: TakenObject[] = [];
  return {
    taken,
    store: async (
      _association: Association,
      object: OutgoingObject,
      signal: AbortSignal,
    ): Promise<StoreAnswer> => {
      const pieces: Uint8Array[] = [];
      for await (const piece of object.dataSet) {
        signal.throwIfAborted();
        pieces.push(piece);
      }
      const { sopInstanceUid, transferSyntaxUid } = object;
      const said = answer(object);
      if (said instanceof Error) throw said;
      taken.push({ sopInstanceUid, transferSyntaxUid, bytes: Buffer.concat(pieces) });
      return said;
    },
  };
}
