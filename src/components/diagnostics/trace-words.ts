import { msg, str } from "@lit/localize";
import { sopClassName } from "#core/dicom/sop-class-names.ts";
import { transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import type { TraceEvent } from "../../viewer/companion/trace-event.ts";

/** SOP classes of services, as PACS and their logs call them. */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ["1.2.840.10008.1.1", "Verification"],
  ["1.2.840.10008.1.20.1", "Storage Commitment"],
  ["1.2.840.10008.5.1.4.1.2.1.1", "Patient Root"],
  ["1.2.840.10008.5.1.4.1.2.1.2", "Patient Root"],
  ["1.2.840.10008.5.1.4.1.2.1.3", "Patient Root"],
  ["1.2.840.10008.5.1.4.1.2.2.1", "Study Root"],
  ["1.2.840.10008.5.1.4.1.2.2.2", "Study Root"],
  ["1.2.840.10008.5.1.4.1.2.2.3", "Study Root"],
  ["1.2.840.10008.5.1.4.31", "Modality Worklist"],
]);

/** Local time to the millisecond: `20:21:04.123`. */
export function clockText(time: number): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, "0");
  const milliseconds = String(date.getMilliseconds()).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`;
}

/** What happened: the command of a message, or what became of the association. */
export function eventText({ kind, what }: TraceEvent): string {
  switch (kind) {
    case "requested":
      return "A-ASSOCIATE-RQ";
    case "accepted":
      return "A-ASSOCIATE-AC";
    case "ended":
      return what === "released"
        ? msg("released")
        : what === "aborted"
          ? msg("aborted")
          : msg("failed");
    case "message":
    case "other":
      return what;
  }
}

/** What more is known: presentation contexts, class and syntax, the other side's name. */
export function detailText({
  contexts,
  sopClassUid,
  transferSyntaxUid,
  notes,
}: TraceEvent): string {
  const { offered, accepted, refused = 0 } = contexts;
  return [
    offered === undefined
      ? ""
      : offered === 1
        ? msg("1 presentation context")
        : msg(str`${offered} presentation contexts`),
    accepted === undefined ? "" : msg(str`${accepted} accepted, ${refused} refused`),
    SERVICES.get(sopClassUid) ?? sopClassName(sopClassUid) ?? shortUid(sopClassUid),
    transferSyntaxOf(transferSyntaxUid)?.name ?? shortUid(transferSyntaxUid),
    ...notes,
  ]
    .filter((text) => text !== "")
    .join(" · ");
}

/** UIDs of DICOM itself without the part that all of them share. */
function shortUid(uid: string): string {
  return uid.replace(/^1\.2\.840\.10008\./, "…");
}
