import type { QuirkName } from "./pacs-address.ts";

/** TLS files of the configuration, relative to it. */
export interface TlsFiles {
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly profile?: "non-downgrading" | "extended";
}

/** `cache` of a PACS or of the inbox. */
export interface CacheEntry {
  readonly maximumBytes?: number;
  readonly maximumAgeHours?: number;
}

/** A PACS of the configuration file, as `DICOM_PROPERTIES` describes it. */
export interface PacsEntry {
  readonly aet: string;
  readonly host: string;
  readonly port: number;
  readonly name?: string;
  readonly callingAet?: string;
  readonly retrieve?: "auto" | "get" | "move";
  readonly quirks?: readonly QuirkName[];
  readonly tls?:
    | boolean
    | (TlsFiles & { readonly serverName?: string; readonly anyServerName?: boolean });
  readonly associations?: {
    readonly most?: number;
    readonly perRetrieval?: number;
    readonly perUser?: number;
  };
  readonly timeouts?: {
    readonly connect?: number;
    readonly association?: number;
    readonly silence?: number;
    readonly operation?: number;
  };
  readonly maximumPduLength?: number;
  readonly queryCharacterSet?: string | readonly string[];
  readonly fallbackCharacterSet?: string | readonly string[];
  readonly worklist?: string | true;
  readonly store?: boolean | { readonly commitment?: boolean };
  readonly forwardTo?: readonly string[];
  readonly userIdentity?: {
    readonly kind: "user" | "jwt" | "saml" | "kerberos";
    readonly name?: string;
    readonly file?: string;
  };
  readonly cache?: CacheEntry;
}

/** The parts of the configuration file that are about DIMSE. */
export interface DicomEntries {
  readonly pacs?: readonly (string | PacsEntry)[];
  readonly aet?: string;
  readonly dicomPort?: number;
  readonly dicomHost?: string;
  readonly dicomTls?: TlsFiles & { readonly port?: number };
  readonly alsoFrom?: readonly string[];
  readonly dicomAssociations?: number;
  readonly inbox?: {
    readonly from: readonly string[];
    readonly name?: string;
    readonly forwardTo?: readonly string[];
    readonly cache?: CacheEntry;
  };
  readonly cacheKey?: "session" | { readonly folder: string };
  readonly trace?: string | { readonly file: string; readonly maximumBytes?: number };
  readonly limits?: { readonly requestsPerUser?: number; readonly retrievalsPerUser?: number };
}
