import type { CommandSet } from "../command-set.ts";
import { DimseError } from "../dimse-error.ts";
import { formatStatus, statusMeaning } from "./status.ts";
import type { StatusService } from "./status-table.ts";

/** The failure that a final response tells; what the peer wrote about it is among the facts alone. */
export function failedStatus(service: StatusService, command: CommandSet): DimseError {
  const status = command.status ?? 0;
  const { meaning, advice } = statusMeaning(service, status);
  return new DimseError(
    "failed-status",
    `${service} ended with status ${formatStatus(status)} (${meaning}). ${advice}`,
    {
      status,
      ...(command.errorComment === undefined ? {} : { comment: command.errorComment }),
    },
  );
}
