import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";

/** The leads of a 12-lead ECG in the order of a print. */
export const STANDARD_LEADS = [
  "I",
  "II",
  "III",
  "aVR",
  "aVL",
  "aVF",
  "V1",
  "V2",
  "V3",
  "V4",
  "V5",
  "V6",
] as const;

/** Codes of the leads (PS3.16 CID 3001): of MDC as `2:1`, of SCP-ECG as `5.6.3-9-1`, by the last number of both. */
const LEADS_BY_CODE: ReadonlyMap<number, string> = new Map([
  [1, "I"],
  [2, "II"],
  [61, "III"],
  [62, "aVR"],
  [63, "aVL"],
  [64, "aVF"],
  [3, "V1"],
  [4, "V2"],
  [5, "V3"],
  [6, "V4"],
  [7, "V5"],
  [8, "V6"],
]);

/** `Lead II`, `aVR (Goldberger)`, `V3R`; nothing that may be another lead, or one upside down, such as `-aVR` or `V4-R`. */
const LABEL = /^(?:ECG\s+)?(?:lead|channel)?[\s:_]*(aV[RLF]|V[1-9]R?|I{1,3})(?=$|[\s,;:(])(.*)$/i;
const UPSIDE_DOWN = /inver|negat|minus|[-−]/i;

/**
 * The usual name of a lead by the code of the channel's source, else by its label, else the label itself. Where code and
 * label name two leads, both are given: nobody can tell here which of them is wrong.
 */
export function leadName(source: DataSet | undefined, label: string): string {
  const code = source?.string(TAGS.CodeValue) ?? "";
  const scheme = source?.string(TAGS.CodingSchemeDesignator) ?? "";
  const number =
    scheme === "MDC" ? /^2:(\d+)$/.exec(code)?.[1] : /^5\.6\.3-9-(\d+)$/.exec(code)?.[1];
  const byLabel = leadOfLabel(label);
  if (number === undefined) return byLabel ?? label;
  const byCode =
    LEADS_BY_CODE.get(Number(number)) ?? leadOfLabel(source?.string(TAGS.CodeMeaning) ?? label);
  if (byCode === undefined) return label;
  return byLabel === undefined || byLabel === byCode ? byCode : `${byLabel} (${byCode}?)`;
}

function leadOfLabel(label: string): string | undefined {
  const [, word, rest = ""] = LABEL.exec(label.trim()) ?? [];
  if (word === undefined || UPSIDE_DOWN.test(rest)) return undefined;
  return (
    STANDARD_LEADS.find((lead) => lead.toLowerCase() === word.toLowerCase()) ?? word.toUpperCase()
  );
}
