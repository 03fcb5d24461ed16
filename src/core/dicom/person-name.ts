/** A person name (PS3.5 section 6.2.1): up to three component groups, each `family^given^middle^prefix^suffix`. */
export interface PersonName {
  readonly alphabetic: string;
  readonly ideographic: string;
  readonly phonetic: string;
}

/** The groups of a PN value as it stands in a data set, separated by `=`. */
export function parsePersonName(text: string): PersonName {
  const [alphabetic = "", ideographic = "", phonetic = ""] = text.split("=").map(trimGroup);
  return { alphabetic, ideographic, phonetic };
}

/** The inverse of `parsePersonName`, without trailing empty groups. */
export function joinPersonName(name: PersonName): string {
  return [name.alphabetic, name.ideographic, name.phonetic].join("=").replace(/=+$/, "");
}

/** A group for people: `DEMO, Chest Maria` with the family name first; prefix and suffix at the end. */
export function displayPersonNameGroup(group: string): string {
  const [family = "", given = "", middle = "", prefix = "", suffix = ""] = group
    .split("^")
    .map((part) => part.trim());
  const rest = [given, middle, prefix, suffix].filter((part) => part !== "").join(" ");
  return [family, rest].filter((part) => part !== "").join(", ");
}

/** All groups that are present, for people, the alphabetic one first: `Yamada, Tarou · 山田, 太郎 · やまだ, たろう`. */
export function displayPersonName(name: PersonName): string {
  return [name.alphabetic, name.ideographic, name.phonetic]
    .map(displayPersonNameGroup)
    .filter((group) => group !== "")
    .join(" · ");
}

function trimGroup(group: string): string {
  return group.replace(/[\s^]+$/, "").replace(/^ +/, "");
}
