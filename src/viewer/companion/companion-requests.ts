export type { Failure } from "../../frames/failure.ts";

/** Requests to the companion before an archive; `CompanionClient` of `src/retrieve` is one. */
export interface CompanionRequests {
  /** Address of the archive that the viewer shows, without a slash at its end. */
  readonly dicomwebUrl: string;
  /** Name of the archive that the viewer shows; undefined for the default one. */
  readonly sourceName: string | undefined;
  /** Absolute address of a path below the companion's root. */
  addressOf(path: string): string;
  json(path: string, signal: AbortSignal): Promise<unknown>;
  lines(
    path: string,
    send: { readonly body: unknown } | undefined,
    signal: AbortSignal,
  ): AsyncIterable<unknown>;
}

/** Path of something that the companion offers for a source. */
export function sourcePath(name: string, rest: string): string {
  return `sources/${encodeURIComponent(name)}/${rest}`;
}
