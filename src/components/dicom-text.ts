import { msg, str } from "@lit/localize";
import {
  displayPersonName,
  displayPersonNameGroup,
  type PersonName,
} from "#core/dicom/person-name.ts";
import { dicomDate, displayAge, displayDate, displayTime } from "#core/study/display-date.ts";

/** A DICOM date for people, without ambiguity in any country: `14 Nov 2026`; an absent date is empty. */
export function dateText(date: string | undefined): string {
  return date === undefined ? "" : displayDate(date);
}

/** A DICOM time to the minute: `09:41`; an absent time is empty. */
export function timeText(time: string | undefined): string {
  return time === undefined ? "" : displayTime(time);
}

/** `14 Nov 2026 09:41`, or as much of it as there is. */
export function dateTimeText(date: string | undefined, time: string | undefined): string {
  return [dateText(date), timeText(time)].filter((text) => text !== "").join(" ");
}

/** A local moment: `09:41` when it is today, else with its date. */
export function momentText(moment: Date, now: Date = new Date()): string {
  const clock = `${String(moment.getHours()).padStart(2, "0")}:${String(moment.getMinutes()).padStart(2, "0")}`;
  if (moment.toDateString() === now.toDateString()) return clock;
  return `${displayDate(dicomDate(moment))} ${clock}`;
}

/** Patient ID and birth date, which tell two people of one name apart; a missing ID is named. */
export function identityText(patientId: string | undefined, birthDate: string | undefined): string {
  const born = dateText(birthDate);
  return [patientId ?? msg("no ID"), born].filter((text) => text !== "").join(" · ");
}

/** Completed years between two DICOM dates; undefined when either is missing or no date. */
function ageInYears(birthDate?: string, date?: string): number | undefined {
  if (!/^\d{8}$/.test(birthDate ?? "") || !/^\d{8}$/.test(date ?? "")) return undefined;
  const years = Math.floor((Number(date) - Number(birthDate)) / 10_000);
  return years >= 0 && years < 150 ? years : undefined;
}

/** The name with all its groups; a patient without a name is called so. */
export function nameText(name: PersonName | undefined): string {
  const text = name === undefined ? "" : displayPersonName(name);
  return text === "" ? msg("No name") : text;
}

/** The groups of a name apart: the first that is present, and the others. */
export function nameGroups(name: PersonName | undefined): {
  first: string;
  others: readonly string[];
} {
  const groups = [name?.alphabetic, name?.ideographic, name?.phonetic]
    .map((group) => displayPersonNameGroup(group ?? ""))
    .filter((group) => group !== "");
  const [first = msg("No name"), ...others] = groups;
  return { first, others };
}

/** `58 F · born 12 Mar 1968 · ID 4471-093`, as much of it as there is. */
export function demographicsText(facts: {
  readonly birthDate?: string | undefined;
  readonly sex?: string | undefined;
  /** As recorded with the images; it counts before what the dates give. */
  readonly age?: string | undefined;
  readonly id?: string | undefined;
  readonly studyDate?: string | undefined;
}): string {
  const computed = ageInYears(facts.birthDate, facts.studyDate);
  const age = facts.age === undefined ? computed?.toString() : displayAge(facts.age);
  return [
    [age ?? "", facts.sex ?? ""].filter((text) => text !== "").join(" "),
    facts.birthDate === undefined ? "" : msg(str`born ${dateText(facts.birthDate)}`),
    facts.id === undefined ? msg("no patient ID") : msg(str`ID ${facts.id}`),
  ]
    .filter((text) => text !== "")
    .join(" · ");
}

/** `1 image`, `312 images`. */
export function imageCountText(count: number): string {
  return count === 1 ? msg("1 image") : msg(str`${count.toLocaleString()} images`);
}
