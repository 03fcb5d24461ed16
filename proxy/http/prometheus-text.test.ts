import { describe, expect, it } from "vitest";
import { AssociationMetrics } from "../diagnostics/association-metrics.ts";
import { cacheMetricLines, pacsMetricLines } from "../diagnostics/source-metrics.ts";
import type { AssociationEvent } from "../dimse/association-event.ts";
import { Metrics } from "./metrics.ts";
import { Counter, Histogram } from "./prometheus-text.ts";

interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: { readonly name: string; readonly labels: string; readonly value: number }[];
}

/**
 * Reads the text format as strictly as Prometheus does: a family is one run of lines with HELP and TYPE before its
 * samples, names and labels are well formed, no sample comes twice, counters end with `_total`.
 */
function parsed(text: string): Map<string, Family> {
  expect(text.endsWith("\n")).toBe(true);
  const families = new Map<string, Family>();
  let help: { readonly name: string; readonly text: string } | undefined;
  let current = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const helped = /^# HELP ([a-z_]+) (\S.*)$/.exec(line);
    const typed = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(line);
    if (helped !== null) {
      help = { name: helped[1] ?? "", text: helped[2] ?? "" };
    } else if (typed !== null) {
      const [, name = "", type = ""] = typed;
      expect(help?.name, line).toBe(name);
      expect(families.has(name), `${name} comes twice`).toBe(false);
      if (type === "counter") expect(name).toMatch(/_total$/);
      families.set(name, { type, help: help?.text ?? "", samples: [] });
      current = name;
    } else {
      addSample(families.get(current), current, line);
    }
  }
  for (const [name, { samples }] of families) {
    const keys = samples.map((sample) => `${sample.name}{${sample.labels}}`);
    expect(new Set(keys).size, `${name} has a sample twice`).toBe(keys.length);
  }
  return families;
}

function addSample(family: Family | undefined, current: string, line: string): void {
  const sample = /^([a-z_]+)(?:\{((?:[a-z_]+="[^"\\\n]*"(?:,(?=[a-z])|))*)\})? (\S+)$/.exec(line);
  expect(sample, `no sample: ${line}`).not.toBeNull();
  const [, name = "", labels = "", value = ""] = sample ?? [];
  const base = family?.type === "histogram" ? name.replace(/_(bucket|sum|count)$/, "") : name;
  expect(base, line).toBe(current);
  expect(Number.isFinite(Number(value)), line).toBe(true);
  family?.samples.push({ name, labels, value: Number(value) });
}

const CACHE = {
  objects: 3,
  studies: 1,
  bytes: 500,
  maximumBytes: 1000,
  pendingBytes: 0,
  evictedStudies: 2,
  hits: 7,
  misses: 1,
  trouble: "disk-full",
} as const;

function observedMetrics(): AssociationMetrics {
  const metrics = new AssociationMetrics();
  let time = 1000;
  const observe = (association: number, event: AssociationEvent) => {
    time += 30;
    const ours = { callingAeTitle: "NEGATO", calledAeTitle: "PACS" };
    metrics.observe({ time, remote: "pacs", association, ...ours, event });
  };
  const message = (direction: "sent" | "received", command: string, status?: number) =>
    ({
      kind: "message",
      direction,
      command,
      messageId: 1,
      dataSetBytes: 0,
      ...(status === undefined ? {} : { status }),
    }) as const;
  observe(1, { kind: "requested", contexts: 3 });
  observe(1, message("sent", "C-GET-RQ"));
  observe(1, message("received", "C-STORE-RQ"));
  observe(1, message("sent", "C-STORE-RSP", 0));
  observe(1, message("received", "C-GET-RSP", 0xff00));
  observe(1, message("received", "C-GET-RSP", 0xa702));
  observe(1, { kind: "ended", how: "released", bytesSent: 10, bytesReceived: 20 });
  observe(2, { kind: "requested", contexts: 1 });
  observe(2, { kind: "ended", how: "failed", code: "unreachable", bytesSent: 0, bytesReceived: 0 });
  return metrics;
}

describe("the metrics", () => {
  it("are well formed text of Prometheus, all of them together", () => {
    const metrics = new Metrics();
    metrics.record({ method: "GET", route: "/a/:b", status: 200, seconds: 0.3, bytes: 5 });
    metrics.record({ method: "GET", route: "/a/:b", status: 404, seconds: 3, bytes: 5 });
    const status = {
      associations: { open: 2, idle: 1, waiting: 4 },
      cache: CACHE,
      queue: { wanted: 5, ahead: 6 },
      retrieved: { instances: 8, bytes: 9 },
      failures: { silent: 1 },
      retrieveBy: "get",
    } as const;
    const further = [
      ...observedMetrics().lines(),
      ...pacsMetricLines([
        { name: "one", isReachable: true, status },
        { name: "two", isReachable: false, status },
        { name: "three", isReachable: undefined, status },
      ]),
      ...cacheMetricLines([{ name: "one", status: CACHE }]),
    ];
    const families = parsed(metrics.text([], further));
    expect(families.get("negato_requests_total")?.samples).toHaveLength(2);
    const histogram = families.get("negato_request_duration_seconds")?.samples ?? [];
    expect(histogram.map(({ value }) => value)).toEqual([0, 0, 0, 1, 1, 2, 2, 2, 3.3, 2]);
    expect(families.get("negato_pacs_reachable")?.samples.map(({ value }) => value)).toEqual([
      1, 0,
    ]);
    expect(families.get("negato_dimse_associations")?.samples).toContainEqual({
      name: "negato_dimse_associations",
      labels: 'pacs="two",state="waiting"',
      value: 4,
    });
    expect(families.get("negato_cache_trouble")?.samples[0]?.value).toBe(1);
  });

  it("count operations by role, command and class of the final status, with their duration", () => {
    const families = parsed(`${observedMetrics().lines().join("\n")}\n`);
    expect(families.get("negato_dimse_operations_total")?.samples).toEqual([
      {
        name: "negato_dimse_operations_total",
        labels: 'pacs="pacs",role="scp",command="C-STORE",status="success"',
        value: 1,
      },
      {
        name: "negato_dimse_operations_total",
        labels: 'pacs="pacs",role="scu",command="C-GET",status="failure"',
        value: 1,
      },
    ]);
    const sums = families
      .get("negato_dimse_operation_duration_seconds")
      ?.samples.filter(({ name }) => name.endsWith("_sum"));
    expect(sums?.map(({ value }) => value)).toEqual([0.03, 0.12]);
    expect(
      families.get("negato_dimse_associations_ended_total")?.samples.map(({ labels }) => labels),
    ).toEqual([
      'pacs="pacs",how="released",code=""',
      'pacs="pacs",how="failed",code="unreachable"',
    ]);
  });

  it("keep signs out of labels that would end them", () => {
    const counter = new Counter("negato_x_total", "Line\nbreak.");
    counter.add({ name: 'a"b\\c\nd' });
    const histogram = new Histogram("negato_y", "Bare.", [1]);
    histogram.observe({}, 1);
    const families = parsed(`${[...counter.lines(), ...histogram.lines()].join("\n")}\n`);
    expect(families.get("negato_x_total")?.samples[0]?.labels).toBe('name="a_b_c_d"');
    expect(families.get("negato_y")?.samples).toHaveLength(4);
  });
});
