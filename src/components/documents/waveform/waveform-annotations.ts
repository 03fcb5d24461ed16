import { msg, str } from "@lit/localize";
import { html, nothing, type TemplateResult } from "lit";
import { isUsable } from "#core/waveform/read-waveform.ts";
import type { MultiplexGroup, UnusableGroup } from "#core/waveform/waveform.ts";
import type { WaveformAnnotation } from "#core/waveform/waveform-annotation.ts";

/** Moments that annotations mark in a group, s after its begin. Sample positions count from 1. */
export function marksOf(
  annotations: readonly WaveformAnnotation[],
  group: MultiplexGroup,
): readonly number[] {
  return annotations
    .filter((annotation) => isAbout(annotation, group))
    .flatMap(({ samplePositions, timeOffsets }) =>
      samplePositions.length > 0
        ? samplePositions.map((position) => (position - 1) / group.samplesPerSecond)
        : timeOffsets.map(Number),
    )
    .filter(Number.isFinite);
}

/** What is noted: about the whole recording as a list, about moments of it as a table that is folded. */
export function annotationLists(
  annotations: readonly WaveformAnnotation[],
  group: MultiplexGroup,
  groups: readonly (MultiplexGroup | UnusableGroup)[],
): TemplateResult {
  const isPlaced = ({ samplePositions, timeOffsets }: WaveformAnnotation): boolean =>
    samplePositions.length > 0 || timeOffsets.length > 0;
  const whole = annotations.filter((annotation) => !isPlaced(annotation));
  const placed = annotations.filter((one) => isPlaced(one) && isAbout(one, group));
  return html`${
    whole.length === 0
      ? nothing
      : html`<section>
          <h3>${msg("Notes of the device or its user")}</h3>
          <dl>
            ${whole.map(
              (annotation) => html`<div>
                <dt>${annotation.name || msg("Text")}${after(leadsText(annotation, groups))}</dt>
                <dd>${annotation.text}</dd>
              </div>`,
            )}
          </dl>
        </section>`
  }
  ${
    placed.length === 0
      ? nothing
      : html`<details>
          <summary>${msg(str`${placed.length} marks in this recording`)}</summary>
          <table>
            <thead>
              <tr>
                <th scope="col">${msg("Mark")}</th>
                <th scope="col">${msg("Where")}</th>
              </tr>
            </thead>
            <tbody>
              ${placed.map(
                (annotation) => html`<tr>
                  <td>
                    ${[annotation.name, annotation.text].filter((text) => text !== "").join(": ")}${after(leadsText(annotation, groups))}
                  </td>
                  <td>${whereText(annotation, group)}</td>
                </tr>`,
              )}
            </tbody>
          </table>
        </details>`
  }`;
}

/** The leads that an annotation is about: an amplitude means nothing without its lead. Empty where it is about all. */
function leadsText(
  { channels }: WaveformAnnotation,
  groups: readonly (MultiplexGroup | UnusableGroup)[],
): string {
  const leads = channels.flatMap(([groupNumber, number]) => {
    if (number === 0) return [];
    const group = groups.find((one) => one.number === groupNumber);
    const channel = group !== undefined && isUsable(group) ? group.channels[number - 1] : undefined;
    return [channel?.lead ?? `${groupNumber}/${number}`];
  });
  return [...new Set(leads)].join(", ");
}

function after(text: string): string {
  return text === "" ? "" : ` · ${text}`;
}

function isAbout({ channels }: WaveformAnnotation, { number }: MultiplexGroup): boolean {
  return channels.length === 0 || channels.some(([group]) => group === number);
}

function whereText(
  { samplePositions, timeOffsets }: WaveformAnnotation,
  { samplesPerSecond }: MultiplexGroup,
): string {
  if (samplePositions.length > 0)
    return samplePositions
      .map((position) => `${Math.round(((position - 1) * 1000) / samplesPerSecond)} ms`)
      .join(" – ");
  const offsets = timeOffsets.join(" – ");
  return `${offsets} s`;
}
