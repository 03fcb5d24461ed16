import { msg, str } from "@lit/localize";
import { html, type TemplateResult } from "lit";
import { sopClassName } from "#core/dicom/sop-class-names.ts";
import type { ObjectReference } from "#core/report/content-item.ts";
import { InstanceRequestedEvent } from "../instance-requested-event.ts";

/** Says what a reference is called where it is open; undefined when it is not in what is open. */
export type NameInstance = (
  sopInstanceUid: string,
  frameNumber: number | undefined,
) => string | undefined;

/** A reference as a button that opens what it means, or as words that say that it is not here. */
export function referenceButton(
  reference: ObjectReference,
  nameInstance: NameInstance,
): TemplateResult {
  const { sopInstanceUid, frameNumbers } = reference;
  const first = frameNumbers[0];
  const found = nameInstance(sopInstanceUid, first);
  const details = detailsOf(reference);
  if (found === undefined)
    return html`<span class="missing" title=${sopInstanceUid}
      >${kindOf(reference)}${details} · ${
        nameInstance(sopInstanceUid, undefined) === undefined
          ? msg("not in the open studies")
          : msg("it has no such frame")
      } <span class="uid">${sopInstanceUid}</span></span
    >`;
  return html`<button
    type="button"
    class="reference"
    title=${msg(str`Show ${found}`)}
    @click=${(event: Event) =>
      event.currentTarget?.dispatchEvent(new InstanceRequestedEvent(sopInstanceUid, first))}
  >
    ${found}${details}
  </button>`;
}

function kindOf({ sopClassUid }: ObjectReference): string {
  return sopClassName(sopClassUid) ?? msg("Object");
}

/** Frames, segments and channels that are meant, and how the image is to be shown. */
function detailsOf(reference: ObjectReference): string {
  const { frameNumbers, segmentNumbers, waveformChannels, presentationStateUid } = reference;
  const list = (numbers: readonly number[]): string => numbers.join(", ");
  return [
    frameNumbers.length > 0 ? msg(str`frame ${list(frameNumbers)}`) : "",
    segmentNumbers.length > 0 ? msg(str`segment ${list(segmentNumbers)}`) : "",
    waveformChannels.length > 0 ? msg(str`channel ${channelsText(waveformChannels)}`) : "",
    presentationStateUid === undefined ? "" : msg("with a presentation state"),
  ]
    .filter((text) => text !== "")
    .map((text) => ` · ${text}`)
    .join("");
}

/** `1/3, 2/0`: group and channel, as recorded. */
function channelsText(numbers: readonly number[]): string {
  return Array.from(
    { length: Math.ceil(numbers.length / 2) },
    (_, pair) => `${numbers[2 * pair]}/${numbers[2 * pair + 1] ?? ""}`,
  ).join(", ");
}
