import { msg } from "@lit/localize";
import type { PresentationLimit } from "#core/study/presentation-state.ts";
import type { PresentationObstacle } from "../../viewer/presentation.ts";

/** Why a presentation state is not applied, for a menu (safety C21). */
export function obstacleText(obstacle: PresentationObstacle): string {
  switch (obstacle) {
    case "unsupported-class":
      return msg("Not applied: this kind of presentation state is not displayable here");
    case "unreadable":
      return msg("Not applied: it contradicts the standard");
    case "incomplete":
      return msg("Not applied: a part of it could not be fetched");
    case "other-patient":
      return msg("Not applied: it names another patient");
  }
}

/** What of the applied state is not on the screen, for a menu (safety C21). */
export function limitText(limit: PresentationLimit): string {
  return TEXTS.get(limit)?.() ?? msg("A part of it is not applied");
}

const TEXTS: ReadonlyMap<PresentationLimit, () => string> = new Map([
  ["mask-subtraction", () => msg("Not applied: mask subtraction")],
  ["compound-graphics", () => msg("Not drawn: compound graphics")],
  ["unknown-graphics", () => msg("Not drawn: graphics of an unknown type")],
  ["overlay-missing", () => msg("Not drawn: an overlay whose data is missing")],
  ["table-missing", () => msg("Not applied: a table that cannot be read")],
  ["too-many-graphics", () => msg("Not drawn: more graphics than are drawn")],
]);
