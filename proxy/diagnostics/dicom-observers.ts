import type { Settings } from "../config/settings.ts";
import type { AssociationObserver } from "../dimse/association-event.ts";
import { type LogTarget, logAssociations } from "./association-log.ts";
import { AssociationMetrics } from "./association-metrics.ts";
import { AssociationTrace } from "./association-trace.ts";
import { TraceFile } from "./trace-file.ts";

/** All who hear of what happens on associations. */
export interface DicomObservers {
  readonly observe: AssociationObserver;
  readonly trace: AssociationTrace;
  readonly metrics: AssociationMetrics;
  /** A further one. */
  add(observer: AssociationObserver): void;
  /** Settles when the trace file has everything. */
  close(): Promise<void>;
}

/** The trace, the metrics, the log and, where it is asked for, the trace file. */
export function dicomObservers(
  { trace: file }: Pick<Settings, "trace">,
  log: LogTarget,
): DicomObservers {
  const trace = new AssociationTrace();
  const metrics = new AssociationMetrics();
  const observers: AssociationObserver[] = [trace.observe, metrics.observe, logAssociations(log)];
  const traceFile =
    file === undefined ? undefined : new TraceFile(file.file, file.maximumBytes, cannotWrite(log));
  if (traceFile !== undefined) observers.push(traceFile.observe);
  return {
    observe: (event) => {
      for (const observer of observers) observer(event);
    },
    trace,
    metrics,
    add: (observer) => observers.push(observer),
    close: async () => await traceFile?.close(),
  };
}

function cannotWrite(log: LogTarget): (code: string) => void {
  return (code) => {
    const line = { level: 50, time: Date.now(), code, msg: "the trace file cannot be written" };
    log.write(`${JSON.stringify(line)}\n`);
  };
}
