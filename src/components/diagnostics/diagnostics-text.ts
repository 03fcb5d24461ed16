import type {
  Asked,
  DiagnosticsState,
  PacsDiagnosis,
  SourceDiagnosis,
} from "../../viewer/companion/diagnostics-state.ts";
import type { PacsReport } from "../../viewer/companion/source-report.ts";
import {
  bytesText,
  countsText,
  kindText,
  retrieveText,
  stateText,
  statusText,
} from "./diagnostics-words.ts";
import { clockText, detailText, eventText } from "./trace-words.ts";

/** Problems and rows of a trace that go into a ticket. */
const MOST_LINES = 50;

/** Everything that the diagnostics screen shows as plain text, for a ticket. Reads signals without watching them. */
export function diagnosticsText(
  diagnostics: DiagnosticsState | undefined,
  version: string,
  now: Date,
): string {
  const head = [`Negato ${version}`, now.toISOString(), navigator.userAgent, ""];
  const sources = diagnostics?.sources.peek();
  if (sources === undefined) return [...head, "No companion."].join("\n");
  if (sources.kind !== "known") return [...head, failureLine(sources)].join("\n");
  return [...head, ...sources.value.flatMap(sourceLines)].join("\n");
}

function sourceLines({ report, problems, pacs }: SourceDiagnosis): readonly string[] {
  const listed = problems.peek();
  return [
    `${report.name}: ${kindText(report.kind)}, ${stateText(report).text}`,
    ...[countsText(report)].filter((text) => text !== "").map((text) => `  ${text}`),
    ...(pacs === undefined ? [] : pacsLines(pacs)),
    ...(listed.kind === "known"
      ? listed.value
          .slice(0, MOST_LINES)
          // Where it was may name a patient, as folders do.
          .map(({ severity, code, message }) => `  ${severity} ${code}: ${message}`)
      : [`  problems: ${failureLine(listed)}`]),
    "",
  ];
}

function pacsLines({ report, test, trace }: PacsDiagnosis): readonly string[] {
  const answer = report.peek();
  const steps = test.steps.peek().map(({ step, outcome, text, advice, milliseconds }) => {
    const took = milliseconds === undefined ? "" : ` (${Math.round(milliseconds)} ms)`;
    return `  test ${step}: ${outcome}${took}. ${text} ${advice}`.trimEnd();
  });
  const rows = trace.rows
    .peek()
    .slice(-MOST_LINES)
    .map(({ first, count, bytes }) => {
      const arrow = first.direction === "sent" ? ">" : first.direction === "received" ? "<" : "-";
      const status = first.status === undefined ? "" : statusText(first.status);
      const times = count === 1 ? "" : `x${count}`;
      const size = bytes === 0 ? "" : bytesText(bytes);
      const parts = [eventText(first), times, status, size, detailText(first)];
      const said = parts.filter((part) => part !== "").join(" ");
      return `  ${clockText(first.time)} #${first.association} ${arrow} ${said}`;
    });
  return [
    ...(answer.kind === "known" ? factLines(answer.value) : [`  PACS: ${failureLine(answer)}`]),
    ...steps,
    ...rows,
  ];
}

function factLines(pacs: PacsReport): readonly string[] {
  const { associations, queue, retrieved, cache } = pacs;
  const { open, idle, waiting, most = "?" } = associations;
  return [
    `  ${pacs.aeTitle} at ${pacs.host} port ${pacs.port ?? "?"}${pacs.isEncrypted ? ", TLS" : ""}; calling as ${pacs.callingAeTitle}; reaches us on port ${pacs.ourPort === null ? "none" : (pacs.ourPort ?? "?")}; ${retrieveText(pacs)}`,
    ...(pacs.quirks.length === 0 ? [] : [`  switches: ${pacs.quirks.join(", ")}`]),
    `  associations: ${open} open of ${most}, ${idle} idle, ${waiting} waiting; queue: ${queue.wanted} asked for, ${queue.ahead} ahead`,
    `  retrieved: ${retrieved.instances} objects, ${bytesText(retrieved.bytes)}`,
    ...(cache === undefined
      ? []
      : [
          `  cache: ${bytesText(cache.bytes)} of ${bytesText(cache.maximumBytes)}, ${bytesText(cache.pendingBytes)} pending, ${cache.evictedStudies} studies let go${cache.trouble === undefined ? "" : `, trouble: ${cache.trouble}`}`,
        ]),
    `  failures: ${pacs.failures.map(({ code, count }) => `${code} ${count}`).join(", ") || "none"}`,
  ];
}

function failureLine(answer: Exclude<Asked<unknown>, { kind: "known" }>): string {
  if (answer.kind === "asking") return "not answered yet";
  return `${answer.failure.code}: ${answer.failure.message}`;
}
