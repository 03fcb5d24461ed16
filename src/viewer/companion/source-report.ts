import type { CompanionRequests } from "./companion-requests.ts";
import { countOf, listOf, memberOf, numberOf, textOf, textsOf } from "./json-reading.ts";

/** A source of the companion, as it describes itself. */
export interface SourceReport {
  readonly name: string;
  /** `folder`, `dimse`, `dicomweb`, `inbox`, or a kind that is not known here. */
  readonly kind: string;
  readonly isDefault: boolean;
  readonly canStore: boolean;
  readonly canForward: boolean;
  readonly hasWorklist: boolean;
  /** Whether it tells what arrives while it arrives. */
  readonly tellsChanges: boolean;
  readonly state: "ready" | "indexing" | "unavailable";
  /** Whether the archive behind it answered when it was last asked. */
  readonly reachability: "reachable" | "unreachable" | "unknown" | undefined;
  readonly progress: { readonly done: number; readonly total: number } | undefined;
  readonly studies: number | undefined;
  readonly series: number | undefined;
  readonly instances: number | undefined;
  readonly problems: number;
}

/** Something that a source could not offer, or not as it is. */
export interface ProblemReport {
  readonly severity: "failure" | "warning" | "remark";
  readonly where: string;
  readonly code: string;
  readonly message: string;
}

/** A PACS behind a source, and how things are with it. */
export interface PacsReport {
  readonly aeTitle: string;
  readonly callingAeTitle: string;
  /** The port on which it reaches the companion; null where that is off, undefined where it is not told. */
  readonly ourPort: number | null | undefined;
  readonly host: string;
  readonly port: number | undefined;
  readonly isEncrypted: boolean;
  /** How it is to be retrieved from, and how it is. */
  readonly retrieve: string | undefined;
  readonly retrieveBy: "get" | "move" | "unknown";
  /** Names of the switches that are on. */
  readonly quirks: readonly string[];
  readonly associations: {
    readonly open: number;
    readonly idle: number;
    readonly waiting: number;
    readonly most: number | undefined;
  };
  readonly queue: { readonly wanted: number; readonly ahead: number };
  readonly retrieved: { readonly instances: number; readonly bytes: number };
  readonly cache: CacheReport | undefined;
  /** How often each kind of failure happened since the start, the most frequent first. */
  readonly failures: readonly { readonly code: string; readonly count: number }[];
}

/** The companion's cache of received objects. */
interface CacheReport {
  readonly bytes: number;
  readonly maximumBytes: number;
  readonly pendingBytes: number;
  readonly objects: number;
  readonly studies: number;
  readonly evictedStudies: number;
  readonly hits: number;
  readonly misses: number;
  readonly trouble: string | undefined;
}

/** Reads the answer of `GET /sources`; undefined when it is none. */
export function readSources(answer: unknown): readonly SourceReport[] | undefined {
  if (!Array.isArray(memberOf(answer, "sources"))) return undefined;
  return listOf(answer, "sources").flatMap((item) => {
    const name = textOf(item, "name");
    return name === undefined ? [] : [readSource(name, item)];
  });
}

function readSource(name: string, item: unknown): SourceReport {
  const state = textOf(item, "state");
  const reachability = textOf(item, "reachability");
  const progress = memberOf(item, "progress");
  return {
    name,
    kind: textOf(item, "kind") ?? "",
    isDefault: memberOf(item, "isDefault") === true,
    canStore: memberOf(item, "canStore") === true,
    canForward: memberOf(item, "canForward") === true,
    hasWorklist: memberOf(item, "hasWorklist") === true,
    tellsChanges: memberOf(item, "tellsChanges") === true,
    state: state === "indexing" || state === "unavailable" ? state : "ready",
    reachability:
      reachability === "reachable" || reachability === "unreachable" || reachability === "unknown"
        ? reachability
        : undefined,
    progress:
      progress === undefined
        ? undefined
        : { done: countOf(progress, "done"), total: countOf(progress, "total") },
    studies: numberOf(item, "studies"),
    series: numberOf(item, "series"),
    instances: numberOf(item, "instances"),
    problems: countOf(item, "problems"),
  };
}

/** Reads the answer of `GET /sources/:name/problems`. */
export function readProblems(answer: unknown): readonly ProblemReport[] {
  return listOf(answer, "problems").map((item) => {
    const severity = textOf(item, "severity");
    return {
      severity: severity === "failure" || severity === "remark" ? severity : "warning",
      where: textOf(item, "where") ?? "",
      code: textOf(item, "code") ?? "",
      message: textOf(item, "message") ?? "",
    };
  });
}

/** Reads the answer of `GET /sources/:name/pacs`. */
export function readPacs(answer: unknown): PacsReport {
  const associations = memberOf(answer, "associations");
  const queue = memberOf(answer, "queue");
  const retrieved = memberOf(answer, "retrieved");
  const retrieveBy = textOf(answer, "retrieveBy");
  return {
    aeTitle: textOf(answer, "aeTitle") ?? "",
    callingAeTitle: textOf(answer, "callingAeTitle") ?? "",
    ourPort:
      memberOf(answer, "listener") === null ? null : numberOf(memberOf(answer, "listener"), "port"),
    host: textOf(answer, "host") ?? "",
    port: numberOf(answer, "port"),
    isEncrypted: ![undefined, null, false].some((no) => no === memberOf(answer, "tls")),
    retrieve: textOf(answer, "retrieve"),
    retrieveBy: retrieveBy === "get" || retrieveBy === "move" ? retrieveBy : "unknown",
    quirks: readQuirks(answer),
    associations: {
      open: countOf(associations, "open"),
      idle: countOf(associations, "idle"),
      waiting: countOf(associations, "waiting"),
      most: numberOf(associations, "most"),
    },
    queue: { wanted: countOf(queue, "wanted"), ahead: countOf(queue, "ahead") },
    retrieved: {
      instances: countOf(retrieved, "instances"),
      bytes: countOf(retrieved, "bytes"),
    },
    cache: readCache(memberOf(answer, "cache")),
    failures: readFailures(memberOf(answer, "failures")),
  };
}

/** A list of names, or an object of switches. */
function readQuirks(answer: unknown): readonly string[] {
  const listed = textsOf(answer, "quirks");
  const switches = memberOf(answer, "quirks");
  if (listed.length > 0 || typeof switches !== "object" || switches === null) return listed;
  return Object.entries(switches).flatMap(([name, isOn]) => (isOn === true ? [name] : []));
}

function readCache(value: unknown): CacheReport | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return {
    bytes: countOf(value, "bytes"),
    maximumBytes: countOf(value, "maximumBytes"),
    pendingBytes: countOf(value, "pendingBytes"),
    objects: countOf(value, "objects"),
    studies: countOf(value, "studies"),
    evictedStudies: countOf(value, "evictedStudies"),
    hits: countOf(value, "hits"),
    misses: countOf(value, "misses"),
    trouble: textOf(value, "trouble"),
  };
}

function readFailures(value: unknown): PacsReport["failures"] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .flatMap(([code, count]) => (typeof count === "number" && count > 0 ? [{ code, count }] : []))
    .sort((a, b) => b.count - a.count);
}

/** The source whose archive the viewer shows; undefined where no companion answers. */
export async function currentSource(
  requests: CompanionRequests,
  signal: AbortSignal,
): Promise<SourceReport | undefined> {
  const answer = await requests.json("sources", signal).catch(() => undefined);
  return sourceShown(requests, readSources(answer) ?? []);
}

/** The one of these sources whose archive the viewer shows. */
export function sourceShown(
  { sourceName }: Pick<CompanionRequests, "sourceName">,
  sources: readonly SourceReport[],
): SourceReport | undefined {
  return sources.find(({ name, isDefault }) =>
    sourceName === undefined ? isDefault : name === sourceName,
  );
}
