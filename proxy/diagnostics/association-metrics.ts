import type { AssociationObserver } from "../dimse/association-event.ts";
import { Counter, Histogram } from "../http/prometheus-text.ts";
import { trackOperations } from "./operation-tracker.ts";

/** Upper bounds of the duration of operations, in seconds: from a C-ECHO to a study from tape. */
const BUCKETS = [0.01, 0.05, 0.2, 1, 5, 20, 60, 300];

/** Counts of associations and operations, by PACS. */
export class AssociationMetrics {
  readonly #ends = new Counter(
    "negato_dimse_associations_ended_total",
    "Associations that ended or were never made, by how and why.",
  );
  readonly #bytes = new Counter(
    "negato_dimse_bytes_total",
    "Bytes on associations that have ended, protocol included.",
  );
  readonly #operations = new Counter(
    "negato_dimse_operations_total",
    "DIMSE operations by command and class of their final status; role scu: asked by us.",
  );
  readonly #durations = new Histogram(
    "negato_dimse_operation_duration_seconds",
    "Time from the request of a DIMSE operation to its final response.",
    BUCKETS,
  );

  readonly observe: AssociationObserver = trackOperations({
    association: ({ remote, how, code, bytesSent, bytesReceived }) => {
      this.#ends.add({ pacs: remote, how, code: code ?? "" });
      this.#bytes.add({ pacs: remote, direction: "sent" }, bytesSent);
      this.#bytes.add({ pacs: remote, direction: "received" }, bytesReceived);
    },
    operation: ({ remote, role, command, kind, seconds }) => {
      this.#operations.add({ pacs: remote, role, command, status: kind });
      this.#durations.observe({ pacs: remote, role, command }, seconds);
    },
  });

  lines(): readonly string[] {
    return [this.#ends, this.#bytes, this.#operations, this.#durations].flatMap((metric) =>
      metric.lines(),
    );
  }
}
