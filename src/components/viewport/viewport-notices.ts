import { msg, str } from "@lit/localize";
import type { DisplayNotice } from "#core/pixels/display-extras.ts";
import type { CornerLine } from "#core/study/corner-texts.ts";
import type { KeyObjectMark } from "#core/study/key-objects.ts";
import type { Shown } from "../../viewer/shown-frame.ts";
import type { ViewportController } from "../../viewer/viewport-controller.ts";

type ImageShown = Extract<Shown, { readonly kind: "image" }>;

/** `Presentation state: NAME`, with what of it is not applied; nothing where none is. Reads signals. */
export function presentationLines(viewport: ViewportController): readonly CornerLine[] {
  const applied = viewport.presentation.value;
  if (applied === undefined) return [];
  const { label, className } = applied.title;
  const name = label === "" ? className : label;
  const lines = [msg(str`Presentation state: ${name}`)];
  if (applied.size === "true-size-assumed-96-dpi") lines.push(msg("true size if 96 dpi"));
  if (applied.limits.length > 0) lines.push(msg("in part"));
  return [{ key: "presentation", text: lines.join(" · ") }];
}

/** What belongs to the image and is not on the screen, and which images it was chosen among (safety C21). Reads signals. */
export function presentationNotices(
  viewport: ViewportController,
  { description, reference }: ImageShown,
): readonly CornerLine[] {
  const { overlays, shutter, graphics } = viewport.displayParts.value;
  const { hasOverlay, hasShutter } = description.facts;
  const presented = viewport.state.content.value?.study.presented;
  const isPresented =
    viewport.presentationStates.value.length > 0 ||
    presented?.has(reference.instance.sopInstanceUid) === true;
  const hasFailed = viewport.presented.failure.value !== undefined;
  const lacksState = hasFailed || (isPresented && viewport.presentation.value === undefined);
  const notices = [
    ...viewport.keyMarks.value.filter(isKept).map(keyMarkText),
    overlays === "hidden" ? msg("overlay hidden") : "",
    overlays === "none" && hasOverlay ? msg("overlay not shown") : "",
    shutter === "hidden" ? msg("shutter off") : "",
    shutter === "none" && hasShutter ? msg("shutter not applied") : "",
    graphics === "hidden" ? msg("graphics hidden") : "",
    lacksState ? msg("presentation state not applied") : "",
    ...viewport.presented.notices.value.map(({ code }) => NOTICES.get(code)?.() ?? ""),
  ];
  return notices.filter((text) => text !== "").map((text) => ({ key: "notice", text }));
}

/** What of the image itself cannot be shown as it is meant; that there is no colour profile is said beside the window. */
const NOTICES: ReadonlyMap<DisplayNotice["code"], () => string> = new Map([
  ["colour-profile-broken", () => msg("colour profile broken")],
  ["colour-profile-unsupported", () => msg("colour profile not applied")],
  ["overlay-missing", () => msg("overlay not shown")],
  ["shutter-unreadable", () => msg("shutter not applied")],
  ["table-missing", () => msg("a table is missing")],
  ["enhanced-palette", () => msg("colours not applied")],
]);

/** Marks of an image that was withdrawn, which is not to be overlooked (IHE IOCM). Reads signals. */
export function rejectionMarks(viewport: ViewportController): readonly string[] {
  return viewport.keyMarks.value.filter((mark) => !isKept(mark)).map(keyMarkText);
}

/** `★ Of Interest`, with the comment; `rejected: for quality`. */
export function keyMarkText({ title, comment, rejection }: KeyObjectMark): string {
  if (rejection !== undefined) return msg(str`rejected: ${rejectionText(rejection)}`);
  return comment === "" ? `★ ${title}` : `★ ${title}: ${comment}`;
}

function isKept({ rejection }: KeyObjectMark): boolean {
  return rejection === undefined;
}

function rejectionText(reason: NonNullable<KeyObjectMark["rejection"]>): string {
  switch (reason) {
    case "quality":
      return msg("for quality");
    case "patient-safety":
      return msg("for patient safety");
    case "wrong-worklist-entry":
      return msg("wrong patient or order");
    case "retention-expired":
      return msg("retention expired");
  }
}
