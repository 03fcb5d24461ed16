import { msg, str } from "@lit/localize";
import type { ReportItem, ReportValue } from "#core/report/content-item.ts";
import { measurementText, valueText } from "#core/report/value-text.ts";
import { dateText, timeText } from "../../dicom-text.ts";

/** The value of an item in words for people: dates without ambiguity, coordinates as what they mark. */
export function valueWords(value: ReportValue): string {
  switch (value.kind) {
    case "date":
      return dateText(value.text);
    case "time":
      return timeWords(value.text);
    case "datetime":
      return momentWords(value.text);
    case "number":
      return [
        value.measurement === undefined ? msg("no value") : measurementText(value.measurement),
        value.qualifier?.meaning ?? "",
      ]
        .filter((text) => text !== "")
        .join(" · ");
    case "coordinates":
      return coordinatesWords(value);
    case "time-coordinates":
      return `${rangeWords(value.rangeType)} ${positionsWords(value)}`;
    case "table":
      return msg(str`a table of ${value.rows} × ${value.columns} values`);
    case "cut":
      return msg("Further content lies too deep to be shown here.");
    case "unknown":
      return value.valueType === ""
        ? msg("content without a type")
        : msg(str`content of the type ${value.valueType}, not shown here`);
    default:
      return valueText(value);
  }
}

/** A DICOM time (VR TM) as exactly as it is recorded: `11:20`, `11:20:35.5`. */
export function timeWords(time: string): string {
  const [, seconds = "", fraction = ""] =
    /^\d{2}:?\d{2}:?([0-5]\d|60)(?:\.(\d{1,6}))?$/.exec(time.trim()) ?? [];
  const rest = fraction.replace(/0+$/, "");
  const isWhole = seconds === "" || (seconds === "00" && rest === "");
  return isWhole ? timeText(time) : `${timeText(time)}:${seconds}${rest === "" ? "" : `.${rest}`}`;
}

/** A DICOM date and time (VR DT): `14 Nov 2026 11:20:35`, `14 Nov 2026 11:20 UTC+01:00`. */
export function momentWords(moment: string): string {
  const [zone = "", sign, hours, minutes] = /([+-])(\d{2})(\d{2})$/.exec(moment) ?? [];
  const local = moment.slice(0, moment.length - zone.length);
  return [
    dateText(local.slice(0, 8)),
    timeWords(local.slice(8)),
    zone === "" ? "" : `UTC${sign}${hours}:${minutes}`,
  ]
    .filter((text) => text !== "")
    .join(" ");
}

/** How an item below another one relates to it, where that is not plain (PS3.3 C.17.3.2.4). */
export function relationshipWords({ relationship }: ReportItem): string {
  switch (relationship) {
    case "INFERRED FROM":
      return msg("inferred from");
    case "SELECTED FROM":
      return msg("in");
    default:
      return "";
  }
}

function coordinatesWords(value: Extract<ReportValue, { kind: "coordinates" }>): string {
  const shape = value.graphicType.toLowerCase();
  const count = value.pointCount;
  const points = count === 1 ? msg("1 point") : msg(str`${count} points`);
  const text = `${shape} (${points})`;
  return value.space === "patient" ? msg(str`${text} in patient space`) : text;
}

function rangeWords(rangeType: string): string {
  return rangeType === "" ? msg("at") : rangeType.toLowerCase();
}

function positionsWords({
  positions,
  unit,
}: Extract<ReportValue, { kind: "time-coordinates" }>): string {
  const list = positions.join(", ");
  if (unit === "samples") return msg(str`sample ${list}`);
  return unit === "seconds" ? `${list} s` : positions.map(momentWords).join(", ");
}
