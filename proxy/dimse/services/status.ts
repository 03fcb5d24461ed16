import {
  STATUS_TABLE,
  type StatusKind,
  type StatusRow,
  type StatusService,
} from "./status-table.ts";

/** What a Status says. */
export interface StatusMeaning {
  readonly kind: StatusKind;
  /** The standard's words. */
  readonly meaning: string;
  /** A plain sentence for the PACS team: what it means here, and what to look at. */
  readonly advice: string;
}

const UNKNOWN: StatusMeaning = {
  kind: "failure",
  meaning: "Status that the standard does not know",
  advice: "The log or the conformance statement of the peer may explain it.",
};

/** What the Status means as an answer to the service; a value that the standard does not know is a failure. */
export function statusMeaning(service: StatusService, status: number): StatusMeaning {
  return rowOf(service, status) ?? UNKNOWN;
}

function rowOf(service: StatusService, status: number): StatusRow | undefined {
  return STATUS_TABLE.find(
    ({ first, last, services }) => status >= first && status <= last && services.includes(service),
  );
}

/** `A801H`, as the standard writes statuses. */
export function formatStatus(status: number): string {
  return `${status.toString(16).toUpperCase().padStart(4, "0")}H`;
}
