import { msg, str } from "@lit/localize";
import { html, nothing, type TemplateResult } from "lit";
import type { MultiplexGroup } from "#core/waveform/waveform.ts";
import type { WaveformAnnotation } from "#core/waveform/waveform-annotation.ts";

/** Moments that annotations mark in a group, s after its begin. Sample positions count from 1. */
export function marksOf(
  annotations: readonly WaveformAnnotation[],
  group: MultiplexGroup,
): readonly number[] {
  return annotations
    .filter((annotation) => isAbout(annotation, group))
    .flatMap(({ samplePositions }) => samplePositions)
    .map((position) => (position - 1) / group.samplesPerSecond);
}

/** What is noted: about the whole recording as a list, about moments of it as a table that is folded. */
export function annotationLists(
  annotations: readonly WaveformAnnotation[],
  group: MultiplexGroup,
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
              ({ name, text }) => html`<div>
                ${name === "" ? html`<dt>${msg("Text")}</dt>` : html`<dt>${name}</dt>`}
                <dd>${text}</dd>
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
                  <td>${[annotation.name, annotation.text].filter((text) => text !== "").join(": ")}</td>
                  <td>${whereText(annotation, group)}</td>
                </tr>`,
              )}
            </tbody>
          </table>
        </details>`
  }`;
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
  return msg(str`time offset ${offsets}`);
}
