/** The services whose responses carry a Status (0000,0900). */
export type StatusService =
  | "C-ECHO"
  | "C-FIND"
  | "C-GET"
  | "C-MOVE"
  | "C-STORE"
  | "N-ACTION"
  | "N-EVENT-REPORT";

/** Types of status (PS3.7 C.1 to C.5). */
export type StatusKind = "success" | "pending" | "cancel" | "warning" | "failure";

/** What a Status says. */
export interface StatusMeaning {
  readonly kind: StatusKind;
  /** The standard's words. */
  readonly meaning: string;
  /** A plain sentence for the PACS team: what it means here, and what to look at. */
  readonly advice: string;
}

/** What the Status means as an answer to the service; a value that the standard does not know is a failure. */
export function statusMeaning(_service: StatusService, _status: number): StatusMeaning {
  return { kind: "failure", meaning: "Unknown", advice: "The table of statuses is not there yet." };
}
