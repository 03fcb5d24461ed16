import { COMMAND_FIELDS, type CommandSet, RESPONSE } from "./command-set.ts";

/** Names of DIMSE services by Command Field of the request (PS3.7 table E.1-1). */
const NAMES: ReadonlyMap<number, string> = new Map([
  [COMMAND_FIELDS.cStore, "C-STORE"],
  [COMMAND_FIELDS.cGet, "C-GET"],
  [COMMAND_FIELDS.cFind, "C-FIND"],
  [COMMAND_FIELDS.cMove, "C-MOVE"],
  [COMMAND_FIELDS.cEcho, "C-ECHO"],
  [COMMAND_FIELDS.nEventReport, "N-EVENT-REPORT"],
  [COMMAND_FIELDS.nAction, "N-ACTION"],
]);

/** `C-FIND-RSP` and so on; the number in hexadecimal where there is no name. */
export function commandName({ commandField }: CommandSet): string {
  if (commandField === COMMAND_FIELDS.cCancel) return "C-CANCEL-RQ";
  const name = NAMES.get(commandField & ~RESPONSE);
  if (name === undefined) return `${commandField.toString(16).padStart(4, "0").toUpperCase()}H`;
  return `${name}-${isResponse(commandField) ? "RSP" : "RQ"}`;
}

/** Whether a Command Field is that of a response. */
export function isResponse(commandField: number): boolean {
  return (commandField & RESPONSE) !== 0;
}

/** Whether a status says that further responses follow: FF00H, FF01H (PS3.7 annex C). */
export function isPending(status: number | undefined): boolean {
  return status === 0xff00 || status === 0xff01;
}
