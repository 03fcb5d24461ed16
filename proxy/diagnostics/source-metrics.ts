import { familyLines, type MetricFamily } from "../http/prometheus-text.ts";
import type { ObjectStoreStatus } from "../object-store/object-store.ts";
import type { DimseSourceStatus } from "../sources/dimse/dimse-source.ts";

/** A PACS source with its numbers of the moment. */
export interface NamedStatus {
  readonly name: string;
  readonly isReachable: boolean | undefined;
  readonly status: DimseSourceStatus;
}

type Samples<Of> = readonly (readonly [
  labels: Readonly<Record<string, string>>,
  value: (of: Of) => number,
])[];

interface Table<Of> {
  readonly name: string;
  readonly help: string;
  readonly type: MetricFamily["type"];
  readonly samples: Samples<Of>;
}

const CACHE: readonly Table<ObjectStoreStatus>[] = [
  gauge("negato_cache_objects", "Objects in the cache.", ({ objects }) => objects),
  gauge(
    "negato_cache_studies",
    "Studies of which the cache holds something.",
    ({ studies }) => studies,
  ),
  gauge("negato_cache_bytes", "Bytes of the objects in the cache.", ({ bytes }) => bytes),
  gauge(
    "negato_cache_maximum_bytes",
    "Bytes that the cache may hold.",
    (status) => status.maximumBytes,
  ),
  gauge(
    "negato_cache_pending_bytes",
    "Bytes in memory that the disk has not yet.",
    (status) => status.pendingBytes,
  ),
  gauge("negato_cache_trouble", "1 while the disk of the cache fails.", ({ trouble }) =>
    trouble === undefined ? 0 : 1,
  ),
  counter(
    "negato_cache_hits_total",
    "Objects that were asked for and were there.",
    ({ hits }) => hits,
  ),
  counter(
    "negato_cache_misses_total",
    "Objects that were asked for and were not there.",
    ({ misses }) => misses,
  ),
  counter(
    "negato_cache_evicted_studies_total",
    "Studies that had to leave the cache.",
    (status) => status.evictedStudies,
  ),
];

const PACS: readonly Table<DimseSourceStatus>[] = [
  {
    name: "negato_dimse_associations",
    help: "Associations with the PACS: open ones, idle ones among them, and requests that wait for one.",
    type: "gauge",
    samples: [
      [{ state: "open" }, ({ associations }) => associations.open],
      [{ state: "idle" }, ({ associations }) => associations.idle],
      [{ state: "waiting" }, ({ associations }) => associations.waiting],
    ],
  },
  {
    name: "negato_pacs_queue_instances",
    help: "Instances that requests wait for, and that are fetched ahead.",
    type: "gauge",
    samples: [
      [{ kind: "wanted" }, ({ queue }) => queue.wanted],
      [{ kind: "ahead" }, ({ queue }) => queue.ahead],
    ],
  },
  counter(
    "negato_pacs_retrieved_instances_total",
    "Instances that came from the PACS.",
    (status) => status.retrieved.instances,
  ),
  counter(
    "negato_pacs_retrieved_bytes_total",
    "Bytes of the instances that came from the PACS.",
    (status) => status.retrieved.bytes,
  ),
];

/** The metrics of PACS sources. */
export function pacsMetricLines(sources: readonly NamedStatus[]): readonly string[] {
  const families: readonly MetricFamily[] = [
    {
      name: "negato_pacs_reachable",
      help: "1 when the PACS accepted an association at the last attempt.",
      type: "gauge",
      samples: sources
        .filter(({ isReachable }) => isReachable !== undefined)
        .map(({ name, isReachable }) => [{ pacs: name }, isReachable === true ? 1 : 0]),
    },
    ...PACS.map((table) => familyOf(table, "pacs", sources)),
    {
      name: "negato_pacs_failures_total",
      help: "Failures with the PACS, by code.",
      type: "counter",
      samples: sources.flatMap(({ name, status }) =>
        Object.entries(status.failures).map(
          ([code, count]) => [{ pacs: name, code }, count] as const,
        ),
      ),
    },
  ];
  return families.flatMap(familyLines);
}

/** The metrics of stores of received objects. */
export function cacheMetricLines(
  stores: readonly { readonly name: string; readonly status: ObjectStoreStatus }[],
): readonly string[] {
  return CACHE.flatMap((table) => familyLines(familyOf(table, "source", stores)));
}

function familyOf<Of>(
  { name, help, type, samples }: Table<Of>,
  label: string,
  all: readonly { readonly name: string; readonly status: Of }[],
): MetricFamily {
  return {
    name,
    help,
    type,
    samples: all.flatMap((one) =>
      samples.map(
        ([labels, value]) => [{ [label]: one.name, ...labels }, value(one.status)] as const,
      ),
    ),
  };
}

function gauge<Of>(name: string, help: string, value: (of: Of) => number): Table<Of> {
  return { name, help, type: "gauge", samples: [[{}, value]] };
}

function counter<Of>(name: string, help: string, value: (of: Of) => number): Table<Of> {
  return { name, help, type: "counter", samples: [[{}, value]] };
}
