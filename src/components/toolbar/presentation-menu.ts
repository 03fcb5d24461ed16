import { msg, str } from "@lit/localize";
import { html, type TemplateResult } from "lit";
import type { PartVisibility, PresentationOption } from "../../viewer/presentation.ts";
import type { ViewportController } from "../../viewer/viewport-controller.ts";
import { dateTimeText } from "../dicom-text.ts";
import { layerName } from "../graphics/graphics-words.ts";
import { commandLabel } from "../viewport/command-labels.ts";
import { keyImages } from "../viewport/key-images.ts";
import { keyMarkText } from "../viewport/viewport-notices.ts";
import { type MenuItem, menuGroup, menuItem } from "./menu-item.ts";
import { limitText, obstacleText } from "./presentation-words.ts";
import { shortcutOf } from "./toolbar-words.ts";

/** Key images that the menu names; the others are reached one after another. */
const MOST_KEY_IMAGES = 60;

/**
 * How the shown image is presented: its presentation states, what lies over it, its graphic layers, and the key
 * images of its display set. Reads signals.
 */
export function presentationMenu(viewport: ViewportController, close: () => void): TemplateResult {
  const groups = [
    [msg("Presentation state"), stateItems(viewport)],
    [msg("Over the image"), partItems(viewport)],
    [msg("Graphic layers"), layerItems(viewport)],
    [msg("Key images"), keyImageItems(viewport, close)],
  ] as const;
  if (groups.every(([, items]) => items.length === 0))
    return menuItem({
      role: "menuitem",
      name: msg("This image has no presentation state, overlay, shutter or key image."),
    });
  return html`${groups.map(([heading, items]) => menuGroup(heading, items))}`;
}

function stateItems(viewport: ViewportController): readonly MenuItem[] {
  const options = viewport.presentationStates.value;
  if (options.length === 0) return [];
  const applied = viewport.presentation.value;
  const none: MenuItem = {
    role: "menuitemradio",
    name: msg("None: the image as it is"),
    isChecked: applied === undefined,
    key: shortcutOf("toggle-presentation"),
    choose: () => viewport.state.choosePresentation({ kind: "none" }),
  };
  const limits = (applied?.limits ?? []).map(
    (limit): MenuItem => ({ role: "menuitem", name: limitText(limit) }),
  );
  const uid = applied?.title.sopInstanceUid;
  return [...options.map((option) => stateItem(option, uid, viewport)), none, ...limits];
}

function stateItem(
  { title, obstacle }: PresentationOption,
  appliedUid: string | undefined,
  { state }: ViewportController,
): MenuItem {
  const { sopInstanceUid, label, className, description, creator, date, time } = title;
  const facts = [label === "" ? "" : className, description, creator].filter((fact) => fact !== "");
  const reason = obstacle === undefined ? "" : obstacleText(obstacle);
  const choose = (): void => state.choosePresentation({ kind: "state", sopInstanceUid });
  return {
    role: "menuitemradio",
    name: label === "" ? className : label,
    isChecked: sopInstanceUid === appliedUid,
    note: [reason, ...facts].filter((fact) => fact !== "").join(" · "),
    end: dateTimeText(date === "" ? undefined : date, time === "" ? undefined : time),
    ...(obstacle === undefined ? { choose } : {}),
  };
}

function partItems(viewport: ViewportController): readonly MenuItem[] {
  const { overlays, shutter, graphics } = viewport.displayParts.value;
  const item = (
    command: "toggle-overlays" | "toggle-shutter" | "toggle-graphics",
    name: string,
    visibility: PartVisibility,
  ): readonly MenuItem[] =>
    visibility === "none"
      ? []
      : [
          {
            role: "menuitemcheckbox",
            name,
            isChecked: visibility === "shown",
            key: shortcutOf(command),
            choose: () => viewport.run(command),
          },
        ];
  return [
    ...item("toggle-overlays", msg("Overlays"), overlays),
    ...item("toggle-shutter", msg("Shutter"), shutter),
    ...item("toggle-graphics", msg("Graphics and texts"), graphics),
  ];
}

/** A layer alone is the same as all graphics. */
function layerItems({ graphics, state }: ViewportController): readonly MenuItem[] {
  const layers = graphics.value;
  if (layers.length < 2) return [];
  return layers.map((layer) => ({
    role: "menuitemcheckbox",
    name: layerName(layer),
    isChecked: !state.hiddenLayers.value.has(layer.name),
    choose: () => state.toggleLayer(layer.name),
  }));
}

function keyImageItems(viewport: ViewportController, close: () => void): readonly MenuItem[] {
  const displaySet = viewport.state.content.value?.displaySet;
  const marked =
    displaySet === undefined
      ? []
      : keyImages(displaySet, (reference) => viewport.keyMarksOf(reference));
  if (marked.length === 0) return [];
  const jumps = (["next-key-image", "previous-key-image"] as const).map(
    (command): MenuItem => ({
      role: "menuitem",
      name: commandLabel(command),
      key: shortcutOf(command),
      choose: () => viewport.run(command),
    }),
  );
  const images = marked.slice(0, MOST_KEY_IMAGES).map(
    ({ index, marks }): MenuItem => ({
      role: "menuitemradio",
      name: msg(str`Image ${index + 1}`),
      isChecked: index === viewport.state.frameIndex.value,
      note: marks.map(keyMarkText).join(" · "),
      choose: () => {
        viewport.goTo(index);
        close();
      },
    }),
  );
  return [...jumps, ...images];
}
