import type { AssociationObserver } from "../dimse/association-event.ts";
import { formatStatus } from "../dimse/services/status.ts";
import { trackOperations } from "./operation-tracker.ts";

/** Where log lines go. */
export interface LogTarget {
  write(line: string): void;
}

const INFO = 30;
const WARNING = 40;

/**
 * One JSON line per association that ended and per operation that failed, in the form of the other lines of the
 * log. AE titles, codes, durations and counts: nothing of it says whose images they are.
 */
export function logAssociations(
  target: LogTarget,
  now: () => number = Date.now,
): AssociationObserver {
  const write = (level: number, message: string, facts: object) => {
    target.write(`${JSON.stringify({ level, time: now(), ...facts, msg: message })}\n`);
  };
  return trackOperations({
    association: ({ remote, seconds, how, ...facts }) => {
      const level = how === "failed" ? WARNING : INFO;
      const milliseconds = Math.round(seconds * 1000);
      write(level, "association ended", { pacs: remote, how, milliseconds, ...facts });
    },
    operation: ({ remote, association, role, command, status, kind, seconds }) => {
      if (kind !== "failure") return;
      write(WARNING, "operation failed", {
        pacs: remote,
        association,
        role,
        command,
        status: formatStatus(status),
        milliseconds: Math.round(seconds * 1000),
      });
    },
  });
}
