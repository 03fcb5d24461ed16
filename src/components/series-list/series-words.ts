import { msg, str } from "@lit/localize";
import type { DisplaySet } from "#core/study/display-set.ts";
import type { StudyListEntry } from "../../viewer/study-list-entry.ts";
import type { IconName } from "../icon/icons.generated.ts";
import type { KeyImage } from "../viewport/key-images.ts";
import { keyMarkText } from "../viewport/viewport-notices.ts";

/** Key images that a tooltip names. */
const MOST_MARKS = 6;

/** What a study is to the one that was asked for, of that date. */
export function relationText(entry: StudyListEntry, date: string): string {
  return (entry.date ?? "") < date ? msg("Prior") : msg("Other study");
}

/** All that is known of a display set, for a tooltip. */
export function itemTitle(
  set: DisplaySet,
  description: string,
  marked: readonly KeyImage[],
): string {
  const warnings = set.warnings.map(({ message }) => message).join(" ");
  const marks = marked
    .slice(0, MOST_MARKS)
    .map((image) => msg(str`Image ${image.index + 1} ${image.marks.map(keyMarkText).join(" · ")}`));
  return [set.name, description, set.reason ?? "", warnings, ...marks].filter(Boolean).join("\n");
}

/** `3 key images`; empty where there are none. */
export function keyImageCountText({ length }: readonly KeyImage[]): string {
  if (length === 0) return "";
  return length === 1 ? msg("1 key image") : msg(str`${length} key images`);
}

/** What a display set without images is. */
export function kindText(set: DisplaySet): string {
  switch (set.kind) {
    case "report":
      return msg("report");
    case "document":
      return msg("document");
    case "video":
      return msg("video");
    case "waveform":
      return msg("waveform");
    case "presentation-state":
      return msg("presentation state");
    case "key-objects":
      return msg("key object selection");
    default:
      return msg("not displayable here yet");
  }
}

/** The icon of a display set without images. */
export function iconOf(set: DisplaySet): IconName {
  switch (set.kind) {
    case "report":
      return "list-checks";
    case "document":
      return "file-text";
    case "video":
      return "play";
    case "waveform":
      return "activity";
    case "presentation-state":
      return "presentation";
    case "key-objects":
      return "bookmark";
    default:
      return "file-x";
  }
}
