import { msg, str } from "@lit/localize";
import type { Failure } from "../../viewer/companion/companion-requests.ts";
import type { PacsReport, SourceReport } from "../../viewer/companion/source-report.ts";

/** What a source is, by its kind. */
export function kindText(kind: string): string {
  switch (kind) {
    case "folder":
      return msg("Folder of DICOM files");
    case "dimse":
      return msg("PACS over DIMSE");
    case "dicomweb":
      return msg("DICOMweb service");
    case "inbox":
      return msg("Inbox for what is sent here");
    default:
      return kind;
  }
}

/** How a source is doing: a level for colour and icon, and the word beside it. */
export function stateText({ state, progress, reachability, kind }: SourceReport): {
  readonly level: "good" | "warn" | "bad" | "soft";
  readonly text: string;
} {
  if (state === "unavailable" || reachability === "unreachable")
    return {
      level: "bad",
      text: kind === "dimse" ? msg("does not answer") : msg("not available"),
    };
  if (state === "indexing") {
    const { done = 0, total = 0 } = progress ?? {};
    return {
      level: "warn",
      text: msg(str`reading, ${done.toLocaleString()} of ${total.toLocaleString()} files`),
    };
  }
  if (reachability === "unknown") return { level: "soft", text: msg("not asked yet") };
  return { level: "good", text: kind === "dimse" ? msg("answers") : msg("ready") };
}

/** `312 studies · 4,102 objects`; empty where nobody counts, as with a PACS: what it counts is in the cache. */
export function countsText({ kind, studies, series, instances }: SourceReport): string {
  if (kind === "dimse") return "";
  return [
    studies === undefined
      ? ""
      : studies === 1
        ? msg("1 study")
        : msg(str`${studies.toLocaleString()} studies`),
    series === undefined ? "" : msg(str`${series.toLocaleString()} series`),
    instances === undefined
      ? ""
      : instances === 1
        ? msg("1 object")
        : msg(str`${instances.toLocaleString()} objects`),
  ]
    .filter((text) => text !== "")
    .join(" · ");
}

/** How instances are retrieved from a PACS. */
export function retrieveText({ retrieve, retrieveBy }: PacsReport): string {
  if (retrieveBy === "get") return msg("C-GET");
  if (retrieveBy === "move") return msg("C-MOVE");
  if (retrieve === "get" || retrieve === "move")
    return msg(str`C-${retrieve.toUpperCase()}, not used yet`);
  return msg("C-GET or C-MOVE, found out at the first retrieval");
}

/** What a switch of a PACS means. */
export function quirkText(name: string): string {
  return QUIRKS.get(name.replaceAll("-", "").toLowerCase())?.() ?? name;
}

const QUIRKS: ReadonlyMap<string, () => string> = new Map([
  ["patientrootonly", () => msg("Patient Root only")],
  ["patientroot", () => msg("Patient Root only")],
  ["noimagelevelfind", () => msg("no C-FIND of images")],
  ["noimagefind", () => msg("no C-FIND of images")],
  ["nouidlists", () => msg("no lists of UIDs")],
  ["oneassociation", () => msg("one association at a time")],
  ["slowstart", () => msg("slow media: minutes of silence are waited for")],
]);

/** What a kind of failure means (`DimseErrorCode`). */
export function failureCodeText(code: string): string {
  return FAILURES.get(code)?.() ?? code;
}

const FAILURES: ReadonlyMap<string, () => string> = new Map([
  ["unreachable", () => msg("no connection to host and port")],
  ["connect-timeout", () => msg("no answer to the connection or association request")],
  ["tls-failure", () => msg("TLS could not be agreed on")],
  ["rejected", () => msg("association rejected")],
  ["no-context", () => msg("service or format not accepted")],
  ["aborted", () => msg("association aborted by the PACS")],
  ["connection-lost", () => msg("connection lost")],
  ["silent", () => msg("PACS fell silent")],
  ["overdue", () => msg("operation took too long")],
  ["protocol-violation", () => msg("PACS broke the protocol")],
  ["limit-exceeded", () => msg("more than the companion takes")],
  ["failed-status", () => msg("PACS answered with a failure")],
  ["cancelled", () => msg("given up, as nobody waited any more")],
  ["busy", () => msg("all associations in use")],
]);

/** What the steps of the test of a PACS are. */
export function stepText(step: string): string {
  return STEPS.get(step)?.() ?? step;
}

const STEPS: ReadonlyMap<string, () => string> = new Map([
  ["connect", () => msg("Connect")],
  ["associate", () => msg("Associate")],
  ["echo", () => msg("Echo (C-ECHO)")],
  ["find", () => msg("Search (C-FIND)")],
  ["get", () => msg("Retrieve (C-GET)")],
  ["move", () => msg("Retrieve (C-MOVE)")],
  ["worklist", () => msg("Worklist")],
  ["store", () => msg("Store (C-STORE)")],
]);

/** `0x0000 success`: a status of DIMSE by its class (PS3.7 annex C). */
export function statusText(status: number): string {
  const hex = `0x${status.toString(16).toUpperCase().padStart(4, "0")}`;
  const meaning = statusMeaning(status);
  return meaning === "" ? hex : `${hex} ${meaning}`;
}

/** How bad a status is. */
export function statusLevel(status: number): "soft" | "warn" | "bad" {
  if (status === 0 || status === 0xff00 || status === 0xff01) return "soft";
  const isWarning = status >> 12 === 0xb || status === 0xfe00 || status === 0x0107;
  return isWarning || status === 0x0116 ? "warn" : "bad";
}

function statusMeaning(status: number): string {
  if (status === 0) return msg("success");
  if (status === 0xff00 || status === 0xff01) return msg("pending");
  if (status === 0xfe00) return msg("cancelled");
  if (status === 0xa700) return msg("out of resources");
  if (status === 0xa801) return msg("destination unknown");
  if (status === 0xa900) return msg("does not match the class");
  if (statusLevel(status) === "warn") return msg("warning");
  return status >> 12 === 0xc ? msg("cannot understand or process") : msg("failure");
}

/** `12.4 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return msg(str`${bytes} bytes`);
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString()} ${units[unit]}`;
}

/** What a request of this screen failed with: heading and sentences for people. */
export function failureWords({ code, message, advice }: Failure): {
  readonly heading: string;
  readonly text: string;
} {
  switch (code) {
    case "forbidden":
      return {
        heading: msg("You may not see this"),
        text: msg("Ask the administrator of the companion for the permission “diagnose”."),
      };
    case "unauthorized":
      return { heading: msg("Sign in first"), text: msg("Reload the page and sign in.") };
    case "not-found":
      return {
        heading: msg("The companion does not offer this"),
        text: msg("An archive that is reached without the companion cannot be examined from here."),
      };
    case "network":
      return {
        heading: msg("The companion does not answer"),
        text: msg(
          "It may have been stopped, or the network is down. Start it again on its computer with “negato”, then try again.",
        ),
      };
    default:
      return { heading: msg("This could not be asked"), text: `${message} ${advice}`.trim() };
  }
}
