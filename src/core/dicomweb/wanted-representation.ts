import { type AcceptedMediaType, parseAccept, parseMediaType } from "./media-type.ts";

/** One thing that a client takes, out of its Accept header (PS3.18 8.7.5). */
export interface WantedRepresentation {
  /** `any`: a wildcard, which takes parts as well as one body. */
  readonly form: "multipart" | "single" | "any";
  /** Media type of a part, or of the body; may be `*` and `image/*`-like. */
  readonly essence: string;
  /** Transfer syntax UID, `*` for whatever is stored, undefined for the default of the media type. */
  readonly transferSyntaxUid: string | undefined;
}

/** What a client takes, most wanted first; without a header it takes anything. */
export function wantedRepresentations(accept: string | undefined): readonly WantedRepresentation[] {
  const header = accept === undefined || accept.trim() === "" ? "*/*" : accept;
  return parseAccept(header)
    .filter(({ quality }) => quality > 0)
    .map(wantedOf);
}

/** Whether a wanted media type, which may have wildcards, takes an essence. */
export function takes(wanted: WantedRepresentation, essence: string): boolean {
  if (wanted.essence === "*/*" || wanted.essence === essence) return true;
  return wanted.essence.endsWith("/*") && essence.startsWith(wanted.essence.slice(0, -1));
}

function wantedOf(range: AcceptedMediaType): WantedRepresentation {
  const transferSyntaxUid = range.parameters.get("transfer-syntax");
  if (range.essence === "multipart/related" || range.essence === "multipart/*") {
    const part = parseMediaType(range.parameters.get("type") ?? "*/*");
    return {
      form: "multipart",
      essence: part?.essence ?? "*/*",
      transferSyntaxUid: transferSyntaxUid ?? part?.parameters.get("transfer-syntax"),
    };
  }
  const form = range.essence === "*/*" ? "any" : "single";
  return { form, essence: range.essence, transferSyntaxUid };
}
