import { msg, str } from "@lit/localize";
import type { MultiplexGroup, UnusableGroup } from "#core/waveform/waveform.ts";
import type { CaliperReading } from "./caliper.ts";
import { durationOf, type TraceFormat } from "./trace-layout.ts";

/** `812 ms · 74/min · 0.85 mV`. */
export function caliperWords({ milliseconds, perMinute, amplitude, unit }: CaliperReading): string {
  return [
    `${Math.round(milliseconds)} ms`,
    perMinute === undefined || perMinute > 1000 ? "" : msg(str`${Math.round(perMinute)}/min`),
    `${Number(amplitude.toPrecision(3))} ${unit}`.trim(),
  ]
    .filter((text) => text !== "")
    .join(" · ");
}

export function formatWords(format: TraceFormat): string {
  switch (format) {
    case "3x4":
      return msg("3 × 4 and rhythm");
    case "6x2":
      return msg("6 × 2");
    case "rows":
      return msg("One under another");
  }
}

/** What a group is called among the groups of its object. */
export function groupWords(group: MultiplexGroup | UnusableGroup): string {
  const name = group.label === "" ? msg(str`Recording ${group.number}`) : group.label;
  return "reason" in group ? `${name} · ${unusableWords(group.reason)}` : name;
}

function unusableWords(reason: UnusableGroup["reason"]): string {
  switch (reason) {
    case "no-channels":
      return msg("its channels are not described");
    case "no-frequency":
      return msg("its sampling frequency is missing");
    case "no-samples":
      return msg("it has no samples");
    case "unknown-encoding":
      return msg("its samples are encoded in an unknown way");
    case "too-large":
      return msg("it is too large to be shown here");
  }
}

/** `10 s · 1000 Hz · 0.05–300 Hz · notch 50 Hz · derived`. */
export function groupFacts(group: MultiplexGroup): string {
  const { channels, samplesPerSecond, originality } = group;
  const filters = new Set(channels.map(filterWords));
  return [
    `${Number(durationOf(group).toFixed(2))} s`,
    msg(str`${samplesPerSecond} samples/s`),
    filters.size > 1 ? msg("filters differ between channels") : ([...filters][0] ?? ""),
    originality === "DERIVED" ? msg("derived") : "",
  ]
    .filter((text) => text !== "")
    .join(" · ");
}

function filterWords({
  filter: { lowHz, highHz, notchHz },
}: MultiplexGroup["channels"][number]): string {
  const band =
    lowHz === undefined && highHz === undefined ? "" : `${lowHz ?? 0}–${highHz ?? "?"} Hz`;
  return [band === "" ? "" : msg(str`filter ${band}`), notchHz ? msg(str`notch ${notchHz} Hz`) : ""]
    .filter((text) => text !== "")
    .join(" · ");
}
