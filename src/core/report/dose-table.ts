import type { Code, ReportItem } from "./content-item.ts";
import { allItems } from "./report.ts";

/** What a radiation dose report says of each exposure, side by side (PS3.16 TID 10003, 10013, 10022). */
export interface DoseTable {
  readonly columns: readonly Code[];
  /** For each event its items of each column in order: two sources have two voltages. None where it says nothing of it. */
  readonly rows: readonly (readonly (readonly ReportItem[])[])[];
}

/** Irradiation Event X-Ray Data, CT Acquisition, Radiopharmaceutical Administration. */
const EVENTS: ReadonlySet<string> = new Set(["113706", "113819", "113502"]);

/** Concepts that sum an exposure up, in the order of the columns (PS3.16 annex D, scheme DCM). */
const COLUMNS: readonly string[] = [
  "111526", // DateTime Started
  "125203", // Acquisition Protocol
  "123014", // Target Region
  "113820", // CT Acquisition Type
  "113721", // Irradiation Event Type
  "113764", // Acquisition Plane
  "113824", // Exposure Time
  "113830", // Mean CTDIvol
  "113838", // DLP
  "122130", // Dose Area Product
  "113738", // Dose (RP)
  "113733", // KVP
  "113742", // Irradiation Duration
  "113503", // Radiopharmaceutical Administration Event UID
];

/** The exposures of a report as a table; undefined where it has none, or says nothing of them that has a column. */
export function doseTable(root: ReportItem): DoseTable | undefined {
  const events = [...allItems(root)].filter(
    ({ name, value }) =>
      value.kind === "container" && name?.scheme === "DCM" && EVENTS.has(name.value),
  );
  const found = events.map(itemsByCode);
  const names = COLUMNS.flatMap((code) => {
    const name = found.map((items) => items.get(code)?.[0]?.name).find((one) => one !== undefined);
    return name === undefined ? [] : [name];
  });
  if (names.length === 0) return undefined;
  return {
    columns: names,
    rows: found.map((items) => names.map(({ value }) => items.get(value) ?? [])),
  };
}

function itemsByCode(event: ReportItem): ReadonlyMap<string, readonly ReportItem[]> {
  const found = new Map<string, ReportItem[]>();
  for (const item of allItems(event)) {
    if (item.name?.scheme !== "DCM") continue;
    const before = found.get(item.name.value);
    if (before === undefined) found.set(item.name.value, [item]);
    else before.push(item);
  }
  return found;
}
