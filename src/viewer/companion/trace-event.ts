import { countOf, memberOf, numberOf, textOf } from "./json-reading.ts";

/** What happened on an association with a PACS, without patient data. */
export interface TraceEvent {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly association: number;
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  readonly kind: "requested" | "accepted" | "message" | "ended" | "other";
  readonly direction: "sent" | "received" | undefined;
  /** `C-FIND-RSP` and so on; `released`, `aborted` or `failed` for the end. */
  readonly what: string;
  readonly status: number | undefined;
  readonly bytes: number;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  /** Numbers of presentation contexts, as far as they are known. */
  readonly contexts: {
    readonly offered?: number;
    readonly accepted?: number;
    readonly refused?: number;
  };
  /** Name of the peer's implementation, version of TLS, code of a failure. */
  readonly notes: readonly string[];
}

/** Reads one line of a trace; undefined when it is none. */
export function readTraceEvent(line: unknown): TraceEvent | undefined {
  const time = numberOf(line, "time");
  const event = memberOf(line, "event");
  if (time === undefined || event === undefined) return undefined;
  const kind = kindOf(textOf(event, "kind"));
  return {
    time,
    association: countOf(line, "association"),
    callingAeTitle: textOf(line, "callingAeTitle") ?? "",
    calledAeTitle: textOf(line, "calledAeTitle") ?? "",
    kind,
    direction: directionOf(line, event),
    what: textOf(event, "command") ?? textOf(event, "how") ?? textOf(event, "kind") ?? "",
    status: numberOf(event, "status"),
    bytes:
      kind === "ended"
        ? countOf(event, "bytesSent") + countOf(event, "bytesReceived")
        : countOf(event, "dataSetBytes"),
    sopClassUid: textOf(event, "sopClassUid") ?? "",
    transferSyntaxUid: textOf(event, "transferSyntaxUid") ?? "",
    contexts: contextsOf(event),
    notes: [textOf(event, "implementation"), textOf(event, "tls"), textOf(event, "code")].filter(
      (note) => note !== undefined,
    ),
  };
}

/** Requests of associations and their answers have one, too: it follows from who requested. */
function directionOf(line: unknown, event: unknown): TraceEvent["direction"] {
  const direction = textOf(event, "direction");
  if (direction === "sent" || direction === "received") return direction;
  const isIncoming = textOf(line, "remote") === "listener";
  const kind = textOf(event, "kind");
  if (kind === "requested") return isIncoming ? "received" : "sent";
  if (kind === "accepted") return isIncoming ? "sent" : "received";
  return undefined;
}

function kindOf(kind: string | undefined): TraceEvent["kind"] {
  const isKnown =
    kind === "requested" || kind === "accepted" || kind === "message" || kind === "ended";
  return isKnown ? kind : "other";
}

function contextsOf(event: unknown): TraceEvent["contexts"] {
  const present = (name: string, value: number | undefined) =>
    value === undefined ? {} : { [name]: value };
  return {
    ...present("offered", numberOf(event, "contexts")),
    ...present("accepted", numberOf(event, "acceptedContexts")),
    ...present("refused", numberOf(event, "refusedContexts")),
  };
}

/** Equal messages that follow one another on an association, as one row. */
export interface TraceRow {
  /** Counts up; for keeping rows apart. */
  readonly id: number;
  readonly first: TraceEvent;
  readonly lastTime: number;
  readonly count: number;
  /** Of all of them together. */
  readonly bytes: number;
}

/** So many rows back is looked for an equal message: requests and answers alternate, with pending answers between. */
const LOOK_BACK = 4;

/**
 * Adds events to rows. Messages that repeat what one of the last rows of their association says are counted there: a
 * C-GET of 500 instances is some rows, not a thousand and more. `most` bounds the rows; the oldest go.
 */
export function withEvents(
  rows: readonly TraceRow[],
  events: readonly TraceEvent[],
  most: number,
): readonly TraceRow[] {
  const all = [...rows];
  let id = (all.at(-1)?.id ?? 0) + 1;
  for (const event of events) {
    const at = repeatedRow(all, event);
    const row = at === undefined ? undefined : all[at];
    if (at === undefined || row === undefined) {
      all.push({ id: id++, first: event, lastTime: event.time, count: 1, bytes: event.bytes });
      continue;
    }
    all[at] = {
      ...row,
      lastTime: event.time,
      count: row.count + 1,
      bytes: row.bytes + event.bytes,
    };
  }
  return all.slice(-most);
}

function repeatedRow(rows: readonly TraceRow[], event: TraceEvent): number | undefined {
  if (event.kind !== "message") return undefined;
  let seen = 0;
  for (let at = rows.length - 1; at >= 0 && seen < LOOK_BACK; at--) {
    const first = rows[at]?.first;
    if (first?.association !== event.association) continue;
    if (isSameMessage(first, event)) return at;
    seen++;
  }
  return undefined;
}

function isSameMessage(a: TraceEvent, b: TraceEvent): boolean {
  return (
    a.kind === b.kind &&
    a.direction === b.direction &&
    a.what === b.what &&
    a.status === b.status &&
    a.sopClassUid === b.sopClassUid &&
    a.transferSyntaxUid === b.transferSyntaxUid
  );
}
