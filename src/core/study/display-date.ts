const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * A date (DA, PS3.5 section 6.2; also the retired form with dots) that nobody can misread: `14 Nov 2026`. A value that is
 * no date is given as it stands, because a wrong date must be seen.
 * @param months twelve short names, from January.
 */
export function displayDate(value: string, months: readonly string[] = MONTHS): string {
  const parts = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(value.trim());
  const month = months[Number(parts?.[2] ?? 0) - 1];
  const day = Number(parts?.[3] ?? 0);
  return parts?.[1] === undefined || month === undefined || day < 1 || day > 31
    ? value
    : `${day} ${month} ${parts[1]}`;
}

/** A time (TM) to the minute: `09:05`; a value that is no time is given as it stands. */
export function displayTime(value: string): string {
  const parts = /^([01]\d|2[0-3]):?([0-5]\d)/.exec(value.trim());
  return parts?.[1] === undefined || parts[2] === undefined ? value : `${parts[1]}:${parts[2]}`;
}

/** An age (AS): `042Y` is `42 y`, `006M` is `6 mo`; a value that is none is given as it stands. */
export function displayAge(value: string): string {
  const parts = /^(\d{3})([DWMY])$/.exec(value.trim());
  const unit = { D: "d", W: "wk", M: "mo", Y: "y" }[parts?.[2] ?? ""];
  return parts === null || unit === undefined ? value : `${Number(parts[1])} ${unit}`;
}

/** The DICOM date (DA) of a local moment: `YYYYMMDD`. */
export function dicomDate(date: Date): string {
  const year = String(date.getFullYear()).padStart(4, "0");
  const month = String(date.getMonth() + 1).padStart(2, "0");
  return `${year}${month}${String(date.getDate()).padStart(2, "0")}`;
}
