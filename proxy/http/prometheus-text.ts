/** Labels of a sample, in order. */
export type Labels = Readonly<Record<string, string>>;

/** A metric with all of its samples. */
export interface MetricFamily {
  readonly name: string;
  /** One sentence. */
  readonly help: string;
  readonly type: "counter" | "gauge";
  readonly samples: readonly (readonly [labels: Labels, value: number])[];
}

/** The lines of a metric in the text format of Prometheus; none where it has no samples. */
export function familyLines({ name, help, type, samples }: MetricFamily): readonly string[] {
  if (samples.length === 0) return [];
  return [
    ...headLines(name, help, type),
    ...samples.map(([labels, value]) => `${name}${braced(labelText(labels))} ${value}`),
  ];
}

/** `# HELP` and `# TYPE` of a metric. */
function headLines(name: string, help: string, type: string): readonly string[] {
  return [`# HELP ${name} ${help.replace(/[\\\n]/g, " ")}`, `# TYPE ${name} ${type}`];
}

/** `a="1",b="2"`. */
function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, "_")}"`)
    .join(",");
}

function braced(labels: string): string {
  return labels === "" ? "" : `{${labels}}`;
}

/** Counts by label, which only grow. */
export class Counter {
  readonly #name: string;
  readonly #help: string;
  readonly #values = new Map<string, { readonly labels: Labels; value: number }>();

  constructor(name: string, help: string) {
    this.#name = name;
    this.#help = help;
  }

  add(labels: Labels, amount = 1): void {
    const key = labelText(labels);
    const known = this.#values.get(key);
    if (known === undefined) this.#values.set(key, { labels, value: amount });
    else known.value += amount;
  }

  lines(): readonly string[] {
    const samples = [...this.#values.values()].map(({ labels, value }) => [labels, value] as const);
    return familyLines({ name: this.#name, help: this.#help, type: "counter", samples });
  }
}

interface Observed {
  readonly counts: number[];
  sum: number;
  total: number;
}

/** Durations by label, counted in buckets. */
export class Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  readonly #values = new Map<string, Observed>();

  /** Bounds are upper ones, rising. */
  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name;
    this.#help = help;
    this.#bounds = bounds;
  }

  observe(labels: Labels, value: number): void {
    const observed = this.#of(labelText(labels));
    this.#bounds.forEach((bound, index) => {
      if (value <= bound) observed.counts[index] = (observed.counts[index] ?? 0) + 1;
    });
    observed.sum += value;
    observed.total += 1;
  }

  lines(): readonly string[] {
    if (this.#values.size === 0) return [];
    return [
      ...headLines(this.#name, this.#help, "histogram"),
      ...[...this.#values].flatMap(([key, observed]) => this.#lines(key, observed)),
    ];
  }

  #lines(key: string, { counts, sum, total }: Observed): readonly string[] {
    const prefix = key === "" ? "" : `${key},`;
    return [
      ...this.#bounds.map(
        (bound, index) => `${this.#name}_bucket{${prefix}le="${bound}"} ${counts[index] ?? 0}`,
      ),
      `${this.#name}_bucket{${prefix}le="+Inf"} ${total}`,
      `${this.#name}_sum${braced(key)} ${sum}`,
      `${this.#name}_count${braced(key)} ${total}`,
    ];
  }

  #of(key: string): Observed {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const fresh = { counts: this.#bounds.map(() => 0), sum: 0, total: 0 };
    this.#values.set(key, fresh);
    return fresh;
  }
}
