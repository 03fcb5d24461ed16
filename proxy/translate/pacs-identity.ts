/** Which PACS an error is about, in words that its team can use. */
export interface PacsIdentity {
  /** Name of the source. */
  readonly name: string;
  readonly aeTitle: string;
  readonly host: string;
  readonly port: number;
  readonly callingAeTitle: string;
  /** The port on which it reaches us; undefined where nothing listens, or that is not known. */
  readonly ourPort?: number | undefined;
}

/** What happened, and what to change: two halves of a sentence. */
export interface Explanation {
  readonly what: string;
  readonly advice: string;
}

/** `host:port`, IPv6 in brackets. */
export function addressOf({ host, port }: PacsIdentity): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
