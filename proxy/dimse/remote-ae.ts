/** How TLS is spoken (PS3.15 B.12 and B.13, the BCP 195 profiles). */
export interface TlsSettings {
  /** PEM texts. Certificates that are trusted; those of the platform without it. */
  readonly ca?: string;
  /** PEM texts of our own certificate and its key, for mutual authentication. */
  readonly certificate?: string;
  readonly key?: string;
  /** `non-downgrading` (B.12): TLS 1.2 with the ciphers of BCP 195, or 1.3; `extended` (B.13): 1.2 with forward secrecy and AES-GCM only, or 1.3. */
  readonly profile: "non-downgrading" | "extended";
  /** Name that the peer's certificate has to have; the host by default; `any` for a PACS known by its address alone. */
  readonly serverName?: string | { readonly kind: "any" };
}

/** An application entity that associations are requested of, and how patient one is with it. */
export interface RemoteAe {
  /** Name by which settings, metrics and traces know it. */
  readonly name: string;
  readonly aeTitle: string;
  /** Name or address, IPv4 or IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Our own AE title towards it. */
  readonly callingAeTitle: string;
  readonly tls?: TlsSettings;
  /** Until TCP and TLS stand, and again until the association is answered; milliseconds. */
  readonly connectTimeoutMs: number;
  /** Until the association is answered, where that is to differ; milliseconds. */
  readonly associationTimeoutMs?: number;
  /** Longest silence while an answer is due; milliseconds. */
  readonly silenceTimeoutMs: number;
  /** Longest duration of one operation, however lively; milliseconds. */
  readonly operationTimeoutMs: number;
  /** PDU length that we offer to receive; bytes, 65536 by default. */
  readonly maximumPduLength: number;
}
