import type { AssociationObserver } from "./association-event.ts";
import { DimseError } from "./dimse-error.ts";
import type { TlsSettings } from "./remote-ae.ts";
import type { CommitmentDesk } from "./services/commitment-report.ts";
import type { MoveDestination } from "./services/retrieve.ts";
import type { StorageSink } from "./storage-sink.ts";

/** Where others reach us, and what they may do. */
export interface ListenerOptions {
  /** Our AE titles; a request for another is rejected (called AE title not recognised). */
  readonly aeTitles: readonly string[];
  /** Address to listen on; all, IPv6 and IPv4, by default. */
  readonly host?: string;
  /** 0 for any free one. */
  readonly port: number;
  /** A further port that speaks TLS. */
  readonly tls?: { readonly port: number; readonly settings: TlsSettings };
  /** Whether an AE may associate at all: the PACS of the settings and the allow-list of the inbox. */
  readonly allows: (callingAeTitle: string, address: string) => boolean;
  /** Takes what is stored here and belongs to no C-MOVE; without it such objects are refused. */
  readonly inbox?: StorageSink & { readonly allows: (callingAeTitle: string) => boolean };
  readonly maximumAssociations: number;
  readonly maximumPduLength: number;
  readonly silenceTimeoutMs: number;
  readonly observe?: AssociationObserver;
}

/** The listening side: C-ECHO, C-STORE of our C-MOVEs and of the inbox, N-EVENT-REPORT of Storage Commitment. */
export interface DicomListener extends CommitmentDesk {
  /** Ports that are listened on. */
  readonly port: number;
  readonly tlsPort: number | undefined;
  /** Ourselves as the destination of C-MOVE, under one of the AE titles. */
  destination(aeTitle: string): MoveDestination;
  close(): Promise<void>;
}

/** @throws DimseError `unreachable` when the port cannot be listened on, with the reason */
export function openDicomListener(_options: ListenerOptions): Promise<DicomListener> {
  return Promise.reject(new DimseError("closed", "Nothing listens yet"));
}
