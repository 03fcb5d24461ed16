import type { DataSet } from "#core/dicom/data-set.ts";
import type { Association } from "../association.ts";
import { DimseError } from "../dimse-error.ts";
import type { StorageSink } from "../storage-sink.ts";

/** Numbers of sub-operations (PS3.7 9.1.3, 9.1.4). */
export interface Suboperations {
  readonly remaining?: number;
  readonly completed: number;
  readonly failed: number;
  readonly warning: number;
}

/** How a C-GET or C-MOVE ended that was not a failure: 0000H, B000H or, after C-CANCEL, FE00H. */
export interface RetrieveOutcome {
  readonly status: number;
  readonly suboperations: Suboperations;
  /** Failed SOP Instance UID List (0008,0058), where the peer sent it. */
  readonly failedSopInstanceUids: readonly string[];
}

export interface RetrieveRequest {
  readonly model: "study-root" | "patient-root";
  /** Query/Retrieve Level and unique keys; lists of UIDs are several values. */
  readonly identifier: DataSet;
  readonly onProgress?: (suboperations: Suboperations) => void;
}

/**
 * C-GET: the objects arrive on the same association and go to the sink. An abort of the signal sends C-CANCEL, and
 * aborts the association when that is not confirmed soon.
 * @throws DimseError `no-context`, `failed-status` (A7xx, A900, Cxxx), `cancelled`, and those of the association's end
 */
export function get(
  _association: Association,
  _request: RetrieveRequest,
  _sink: StorageSink,
  _signal: AbortSignal,
): Promise<RetrieveOutcome> {
  return Promise.reject(new DimseError("closed", "C-GET is not there yet"));
}

/** The part of the listener that a C-MOVE needs: what the PACS stores here for it goes to its sink. */
export interface MoveDestination {
  readonly aeTitle: string;
  /** Routes objects of the C-MOVE to the sink until `done` is called; by originator where it is told, else by `expects`. */
  expect(expected: ExpectedMove): { done(): void };
}

/** How objects of a C-MOVE are known. */
export interface ExpectedMove {
  /** AE title of the PACS that was asked; objects may come from another of its AE titles. */
  readonly remoteAeTitle: string;
  /** Our AE title and message ID in the C-MOVE request. */
  readonly originator: { readonly aeTitle: string; readonly messageId: number };
  /** Whether an object without originator belongs to it. */
  readonly expects: (sopInstanceUid: string) => boolean;
  readonly sink: StorageSink;
}

/**
 * C-MOVE to ourselves: the objects arrive on associations that the PACS requests of the listener.
 * It throws like `get`; a destination unknown to the PACS is `failed-status` A801H.
 */
export function move(
  _association: Association,
  _request: RetrieveRequest & { readonly expects: (sopInstanceUid: string) => boolean },
  _destination: MoveDestination,
  _sink: StorageSink,
  _signal: AbortSignal,
): Promise<RetrieveOutcome> {
  return Promise.reject(new DimseError("closed", "C-MOVE is not there yet"));
}
