import { msg, str } from "@lit/localize";
import type { ForwardTarget } from "../../viewer/companion/forwarding.ts";
import type { ViewportController } from "../../viewer/viewport-controller.ts";
import { dateText, identityText, nameText } from "../dicom-text.ts";

/** What of the shown image can be sent on: its study, its series and itself; undefined while nothing is shown. */
export function forwardTarget(viewport: ViewportController): ForwardTarget | undefined {
  const content = viewport.state.content.peek();
  if (content === undefined) return undefined;
  const { study, displaySet } = content;
  const index = viewport.state.frameIndex.peek();
  const instance = displaySet.frames[index]?.instance;
  const { seriesInstanceUid, name, seriesNumber } = displaySet;
  const series = seriesNumber === undefined ? name : `${seriesNumber} · ${name}`;
  const about = [study.description ?? "", dateText(study.date)];
  return {
    studyInstanceUid: study.studyInstanceUid,
    patient: nameText(study.patient.name),
    identity: identityText(study.patient.id, study.patient.birthDate),
    study: about.filter((text) => text !== "").join(" · "),
    series: { seriesInstanceUid, name: series },
    ...(instance === undefined
      ? {}
      : {
          instance: {
            sopInstanceUid: instance.sopInstanceUid,
            name: msg(str`image ${index + 1} of ${displaySet.frames.length}`),
          },
        }),
  };
}
