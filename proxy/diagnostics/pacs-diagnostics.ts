import type { PacsSettings } from "../config/pacs-settings.ts";
import type { ObservedEvent } from "../dimse/association-event.ts";
import type { DicomListener } from "../dimse/dicom-listener.ts";
import { HttpProblem } from "../http/problem.ts";
import type { SourceDiagnostics, Told } from "../http/source-diagnostics.ts";
import type { ObjectStore } from "../object-store/object-store.ts";
import type { DimseSource } from "../sources/dimse/dimse-source.ts";
import type { TraceFilter } from "./association-trace.ts";
import type { DicomObservers } from "./dicom-observers.ts";
import type { PacsCheck } from "./pacs-check.ts";
import type { PacsReachability } from "./pacs-reachability.ts";
import { cacheMetricLines, pacsMetricLines } from "./source-metrics.ts";

/** A PACS with its source. */
export interface OpenPacs {
  readonly settings: PacsSettings;
  readonly source: DimseSource;
}

/** What the diagnostics are made of. */
export interface PacsDiagnosticsParts {
  readonly pacs: readonly OpenPacs[];
  /** The inbox, where there is one. */
  readonly inbox?: { readonly name: string; readonly store: ObjectStore };
  readonly listener: DicomListener | undefined;
  readonly observers: DicomObservers;
  readonly reachability: PacsReachability;
  readonly check: PacsCheck;
  /** Aborts when the companion ends, and with it tests and traces that are followed. */
  readonly ending: AbortSignal;
}

/** By which associations of others with us are known in traces. */
const LISTENER = "listener";

/** What is told of the PACS behind the sources. */
export function pacsDiagnostics(parts: PacsDiagnosticsParts): SourceDiagnostics {
  const { pacs, inbox, listener, observers, reachability, ending } = parts;
  const testing = new Set<string>();
  const find = (name: string) => pacs.find(({ settings }) => settings.name === name);
  const filterOf = (name: string): TraceFilter | undefined => {
    if (name === inbox?.name) return ({ remote }) => remote === LISTENER;
    return find(name) === undefined ? undefined : eventsOf(name, pacs);
  };
  return {
    pacs: (name) => {
      const one = find(name);
      return one === undefined ? undefined : toldOf(one, listener, reachability);
    },
    reachability: (name) => reachability.state(name),
    test: (name, signal) => {
      const one = find(name);
      if (one === undefined) throw new HttpProblem(404, "no-pacs", "There is no PACS of this name");
      if (testing.has(name)) {
        throw new HttpProblem(
          409,
          "test-runs",
          "This PACS is being tried already; wait for the result",
        );
      }
      testing.add(name);
      const given = AbortSignal.any([signal, ending]);
      const steps = parts.check(one.settings, listener, given, observers.observe);
      return toldUntilDone(steps, () => testing.delete(name));
    },
    trace: (name) => {
      const filter = filterOf(name);
      return filter === undefined ? undefined : observers.trace.recent(filter).map(told);
    },
    follow: (name, signal) => {
      const given = AbortSignal.any([signal, ending]);
      return eachTold(observers.trace.follow(filterOf(name) ?? none, given));
    },
    metrics: () => [
      ...observers.metrics.lines(),
      ...pacsMetricLines(
        pacs.map(({ settings: { name }, source }) => {
          const state = reachability.lastState(name);
          const isReachable = state === "unknown" ? undefined : state === "reachable";
          return { name, isReachable, status: source.dimseStatus() };
        }),
      ),
      ...cacheMetricLines([
        ...pacs.map(({ settings: { name }, source }) => ({
          name,
          status: source.dimseStatus().cache,
        })),
        ...(inbox === undefined ? [] : [{ name: inbox.name, status: inbox.store.status() }]),
      ]),
    ],
  };
}

/** Events of the PACS, and those of associations with us that do not belong to another PACS. */
function eventsOf(name: string, pacs: readonly OpenPacs[]): TraceFilter {
  const others = new Set(
    pacs
      .filter(({ settings }) => settings.name !== name)
      .map(({ settings }) => settings.remote.aeTitle),
  );
  const own = pacs.find(({ settings }) => settings.name === name)?.settings.remote.aeTitle;
  return ({ remote, callingAeTitle }) =>
    remote === name ||
    (remote === LISTENER && (callingAeTitle === own || !others.has(callingAeTitle)));
}

const none: TraceFilter = () => false;

/** Settings and numbers of a PACS, without secrets. */
function toldOf(
  { settings, source }: OpenPacs,
  listener: DicomListener | undefined,
  reachability: PacsReachability,
): Told {
  const { name, remote, retrieve, quirks, worklist, store, forwardTo } = settings;
  const status = source.dimseStatus();
  return {
    name,
    aeTitle: remote.aeTitle,
    host: remote.host,
    port: remote.port,
    callingAeTitle: remote.callingAeTitle,
    tls: remote.tls !== undefined,
    reachability: reachability.state(name),
    retrieve,
    quirks: namesOfQuirks(quirks),
    listener: listener === undefined ? null : { port: listener.port, tlsPort: listener.tlsPort },
    ...(worklist === undefined
      ? {}
      : { worklist: { aeTitle: worklist.aeTitle, host: worklist.host, port: worklist.port } }),
    store,
    forwardTo,
    queryCharacterSet: settings.queryCharacterSet,
    fallbackCharacterSet: settings.fallbackCharacterSet,
    timeouts: {
      connectMs: remote.connectTimeoutMs,
      silenceMs: remote.silenceTimeoutMs,
      operationMs: remote.operationTimeoutMs,
    },
    ...status,
    associations: { ...status.associations, ...settings.associations },
  };
}

/** The names that command line and configuration file give the deviations. */
function namesOfQuirks(quirks: PacsSettings["quirks"]): readonly string[] {
  const names: Readonly<Record<keyof PacsSettings["quirks"], string>> = {
    patientRootOnly: "patient-root",
    noImageLevelFind: "no-image-find",
    noUidLists: "no-uid-lists",
    oneAssociation: "one-association",
    slowStart: "slow-start",
  };
  return Object.entries(quirks).flatMap(([key, isOn]) => {
    const name = Object.entries(names).find(([known]) => known === key)?.[1];
    return isOn && name !== undefined ? [name] : [];
  });
}

async function* toldUntilDone(
  values: AsyncIterable<object>,
  onDone: () => void,
): AsyncGenerator<Told> {
  try {
    yield* eachTold(values);
  } finally {
    onDone();
  }
}

async function* eachTold(values: AsyncIterable<object>): AsyncGenerator<Told> {
  for await (const value of values) yield told(value);
}

function told(value: object | ObservedEvent): Told {
  return { ...value };
}
