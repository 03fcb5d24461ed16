import type { Source } from "../sources/source.ts";

/** Upper bounds of the duration histogram, in seconds. */
const BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60];

/** One answered request. */
export interface AnsweredRequest {
  readonly method: string;
  /** Pattern of the route, never the address: addresses name patients' studies. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
  readonly bytes: number;
}

interface Durations {
  readonly counts: number[];
  sum: number;
  total: number;
}

/** Counts of what was answered, in the text format of Prometheus. */
export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #durations = new Map<string, Durations>();
  #bytes = 0;

  record({ method, route, status, seconds, bytes }: AnsweredRequest): void {
    const key = labels({ method, route, status: String(status) });
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
    const durations = this.#durationsOf(labels({ route }));
    BUCKETS.forEach((bound, index) => {
      if (seconds <= bound) durations.counts[index] = (durations.counts[index] ?? 0) + 1;
    });
    durations.sum += seconds;
    durations.total += 1;
    this.#bytes += bytes;
  }

  text(sources: readonly Source[]): string {
    const lines = [
      "# TYPE negato_requests_total counter",
      ...[...this.#requests].map(([key, count]) => `negato_requests_total{${key}} ${count}`),
      "# TYPE negato_request_duration_seconds histogram",
      ...[...this.#durations].flatMap(([key, durations]) => histogramLines(key, durations)),
      "# TYPE negato_response_bytes_total counter",
      `negato_response_bytes_total ${this.#bytes}`,
      "# TYPE negato_source_objects gauge",
      ...sources.flatMap(sourceLines),
      "# TYPE process_resident_memory_bytes gauge",
      `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    ];
    return `${lines.join("\n")}\n`;
  }

  #durationsOf(key: string): Durations {
    const known = this.#durations.get(key);
    if (known !== undefined) return known;
    const fresh = { counts: BUCKETS.map(() => 0), sum: 0, total: 0 };
    this.#durations.set(key, fresh);
    return fresh;
  }
}

function histogramLines(key: string, { counts, sum, total }: Durations): readonly string[] {
  const name = "negato_request_duration_seconds";
  return [
    ...BUCKETS.map((bound, index) => `${name}_bucket{${key},le="${bound}"} ${counts[index] ?? 0}`),
    `${name}_bucket{${key},le="+Inf"} ${total}`,
    `${name}_sum{${key}} ${sum}`,
    `${name}_count{${key}} ${total}`,
  ];
}

function sourceLines(source: Source): readonly string[] {
  const status = source.status();
  return (["studies", "series", "instances", "problems"] as const).flatMap((level) => {
    const count = status[level];
    const key = labels({ source: source.name, level });
    return count === undefined ? [] : [`negato_source_objects{${key}} ${count}`];
  });
}

function labels(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, "_")}"`)
    .join(",");
}
