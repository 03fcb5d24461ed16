/** A value that becomes a line or a body of JSON; holds no patient data. */
export type Told = Readonly<Record<string, unknown>>;

/**
 * What the companion knows of its sources beyond DICOMweb, for the people who run them. Names that it does not know
 * are of sources that have no such side.
 */
export interface SourceDiagnostics {
  /** The archive behind the source: AE titles, host, port, quirks, associations, cache, queue; undefined where there is no PACS behind it. */
  pacs(name: string): Told | undefined;
  /** Whether the archive answered when it was last asked; `unknown` before that. Asks it again in the background now and then. */
  reachability(name: string): "reachable" | "unreachable" | "unknown" | undefined;
  /** Tries the archive step by step; gives steps while they happen. @throws HttpProblem where there is nothing to try, or a trial runs */
  test(name: string, signal: AbortSignal): AsyncIterable<Told>;
  /** Recent events on the associations of the source, oldest first; undefined where there are none to be had. */
  trace(name: string): readonly Told[] | undefined;
  /** Recent events, and those that follow until the signal aborts. */
  follow(name: string, signal: AbortSignal): AsyncIterable<Told>;
  /** Further lines of `/metrics`, in the text format of Prometheus. */
  metrics(): readonly string[];
}
