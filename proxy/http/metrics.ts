import type { Source } from "../sources/source.ts";
import { Counter, familyLines, Histogram } from "./prometheus-text.ts";

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

/** Counts of what was answered, in the text format of Prometheus. */
export class Metrics {
  readonly #requests = new Counter("negato_requests_total", "Requests that were answered.");
  readonly #durations = new Histogram(
    "negato_request_duration_seconds",
    "Time from a request's head to the end of its response.",
    BUCKETS,
  );
  readonly #bytes = new Counter("negato_response_bytes_total", "Bytes of response bodies.");

  record({ method, route, status, seconds, bytes }: AnsweredRequest): void {
    this.#requests.add({ method, route, status: String(status) });
    this.#durations.observe({ route }, seconds);
    this.#bytes.add({}, bytes);
  }

  /** `further`: lines of others, families of their own. */
  text(sources: readonly Source[], further: readonly string[] = []): string {
    const lines = [
      ...this.#requests.lines(),
      ...this.#durations.lines(),
      ...this.#bytes.lines(),
      ...familyLines({
        name: "negato_source_objects",
        help: "Objects that a source holds, as far as it knows, and files that it cannot offer.",
        type: "gauge",
        samples: sources.flatMap(samplesOf),
      }),
      ...further,
      ...familyLines({
        name: "process_resident_memory_bytes",
        help: "Resident memory of the companion.",
        type: "gauge",
        samples: [[{}, process.memoryUsage.rss()]],
      }),
    ];
    return `${lines.join("\n")}\n`;
  }
}

function samplesOf(source: Source) {
  const status = source.status();
  return (["studies", "series", "instances", "problems"] as const).flatMap((level) => {
    const count = status[level];
    return count === undefined ? [] : [[{ source: source.name, level }, count] as const];
  });
}
