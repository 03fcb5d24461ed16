import type { Source } from "../sources/source.ts";
import type { Authenticator } from "./authentication.ts";
import type { FrameDecoder } from "./frame-decoder.ts";
import type { Permissions } from "./permissions.ts";
import type { SourceDiagnostics } from "./source-diagnostics.ts";
import type { UserLimits } from "./user-limits.ts";

/** What the HTTP server of the companion is made of. */
export interface ServerOptions {
  /** At least one; the first is the default source, at `/dicom-web`. Names are unique, of `a-z`, `0-9` and `-`. */
  readonly sources: readonly Source[];
  readonly decoder: FrameDecoder;
  /** Folder of the built viewer, with `index.html`; without it the companion serves DICOMweb alone. */
  readonly viewerDirectory?: string;
  /** Absent: everyone who reaches the port may read. */
  readonly authenticator?: Authenticator;
  /** What more than reading signed-in users may do; everything where it is absent. */
  readonly permissions?: Permissions;
  /** What each user may have under way at a time; no limit where it is absent. */
  readonly limits?: UserLimits;
  /** What is known of the PACS behind sources; absent where there are none. */
  readonly diagnostics?: SourceDiagnostics;
  /**
   * Names that a Host header may carry, without port; others are refused, because a page of a stranger whose
   * name resolves to this machine would reach patient data (DNS rebinding). `any` where authentication guards.
   */
  readonly allowedHosts: readonly string[] | "any";
  /** Who may embed the viewer in a frame: values of CSP `frame-ancestors`. */
  readonly frameAncestors?: readonly string[];
  /** `https://host` under which browsers reach the companion, where a reverse proxy stands before it. */
  readonly publicUrl?: string;
  /** Largest request body of a store transaction, in bytes. */
  readonly maximumStoreBytes?: number;
  /** Where log lines go, one JSON document each; nowhere when absent. Never holds patient data. */
  readonly logTo?: { write(line: string): void };
  readonly version: string;
}
