/** What holds for a PACS when nothing else is said; times in milliseconds. */
export const PACS_DEFAULTS = {
  callingAeTitle: "NEGATO",
  dicomPort: 11_112,
  dicomTlsPort: 2762,
  connectTimeoutMs: 5000,
  associationTimeoutMs: 8000,
  silenceTimeoutMs: 12_000,
  /** With `slow-start`. */
  slowSilenceTimeoutMs: 120_000,
  operationTimeoutMs: 30 * 60_000,
  maximumPduLength: 65_536,
  associations: { most: 10, perRetrieval: 8, perUser: 10 },
  cache: { maximumBytes: 10_000_000_000, maximumAgeMs: 72 * 3_600_000 },
  /** What is received unasked is nowhere else: it is kept until somebody removes it. */
  inbox: { maximumBytes: 100_000_000_000, maximumAgeMs: Number.MAX_SAFE_INTEGER },
  characterSet: "ISO_IR 192",
  /** Associations that others may have open with us. */
  maximumAssociations: 20,
  traceBytes: 10_000_000,
  requestsPerUser: 256,
  retrievalsPerUser: 16,
} as const;
