import type { Affine } from "#core/geometry/view-transform.ts";
import type { PresentationLayer, PresentationText } from "#core/study/presentation-graphics.ts";
import { cssColor, type GraphicShape, graphicShapes } from "./graphic-shapes.ts";
import { layerText } from "./graphics-words.ts";
import { type TextPlace, type TextView, textPlace } from "./text-place.ts";

const SVG = "http://www.w3.org/2000/svg";
/** Room of the halo on both sides of a line, CSS pixels. */
const HALO_PX = 1.5;
/** A text may be as wide as its box, or as this many of its own characters where the box is smaller. */
const LEAST_CHARACTERS = 24;

/** What is drawn for one text, and its line to what it speaks of. */
interface DrawnText {
  readonly text: PresentationText;
  readonly element: HTMLParagraphElement;
  readonly leaders: readonly SVGLineElement[];
}

/**
 * One graphic layer in the document. Its lines are made once, in image space; a change of the view sets one attribute
 * for all of them, and the places of the texts.
 */
export class LayerDrawing {
  /** Lines and leaders, then the texts. */
  readonly elements: readonly Element[];
  readonly #group = document.createElementNS(SVG, "g");
  readonly #texts: readonly DrawnText[];

  constructor(layer: PresentationLayer) {
    const drawing = document.createElementNS(SVG, "svg");
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", layerText(layer));
    drawing.append(this.#group);
    for (const shape of graphicShapes(layer.graphics, layer.color))
      this.#group.append(...shapeElements(shape));
    const texts = layer.graphics.filter((one): one is PresentationText => one.kind === "text");
    this.#texts = texts.map((text) => drawnText(text, cssColor(text.look.color ?? layer.color)));
    drawing.append(...this.#texts.flatMap(({ leaders }) => leaders));
    this.elements = [drawing, ...this.#texts.map(({ element }) => element)];
  }

  /** Puts everything where the view wants it. */
  place(view: TextView): void {
    const { a, b, c, d, e, f } = view.map;
    this.#group.setAttribute("transform", `matrix(${a} ${b} ${c} ${d} ${e} ${f})`);
    for (const drawn of this.#texts) placeText(drawn, textPlace(drawn.text, view));
  }
}

/** The map from image space to CSS pixels of the viewport. */
export function toCssPixels(map: Affine, pixelRatio: number): Affine {
  const [a, b, c] = [map.a / pixelRatio, map.b / pixelRatio, map.c / pixelRatio];
  const [d, e, f] = [map.d / pixelRatio, map.e / pixelRatio, map.f / pixelRatio];
  return { a, b, c, d, e, f };
}

function shapeElements(shape: GraphicShape): readonly Element[] {
  const { d, widthPx, opacity, stroke, isDashed, fill } = shape;
  const halo = made("path", { d, class: "halo", "stroke-width": widthPx + 2 * HALO_PX });
  halo.setAttribute("stroke-opacity", String(opacity));
  const line = made("path", { d, "stroke-width": widthPx });
  line.setAttribute("stroke-opacity", String(opacity));
  if (stroke !== undefined) line.setAttribute("stroke", stroke);
  if (isDashed) {
    line.setAttribute("stroke-dasharray", "6 5");
    halo.setAttribute("stroke-dasharray", "6 5");
  }
  if (fill !== undefined) {
    line.setAttribute("fill", fill.color ?? "currentColor");
    line.setAttribute("fill-opacity", String(fill.opacity));
  }
  return [halo, line];
}

function drawnText(text: PresentationText, color: string | undefined): DrawnText {
  const element = document.createElement("p");
  const { isBold, isItalic, isUnderlined, fontFamily } = text.look;
  element.classList.toggle("bold", isBold);
  element.classList.toggle("italic", isItalic);
  element.classList.toggle("underlined", isUnderlined);
  // Text of an object is text: it is never read as markup.
  element.textContent = text.lines.join("\n");
  element.dir = "auto";
  if (color !== undefined) element.style.setProperty("color", color);
  if (fontFamily !== undefined)
    element.style.setProperty("font-family", `${fontFamily}, var(--negato-font, sans-serif)`);
  const isJoined = text.anchor?.isVisible === true;
  const leaders = isJoined
    ? [
        made("line", { class: "halo", "stroke-width": 1 + 2 * HALO_PX }),
        made("line", { "stroke-width": 1, ...(color === undefined ? {} : { stroke: color }) }),
      ]
    : [];
  return { text, element, leaders };
}

function placeText({ element, leaders }: DrawnText, place: TextPlace | undefined): void {
  element.hidden = place === undefined;
  for (const line of leaders) line.toggleAttribute("hidden", place?.leader === undefined);
  if (place === undefined) return;
  const { box, horizontal, vertical, fontPx, leader } = place;
  element.dataset["horizontal"] = horizontal;
  const x = box.left + box.width * SHARES[horizontal];
  const y = box.top + box.height * SHARES[vertical];
  const { style } = element;
  style.setProperty("font-size", `${fontPx.toFixed(1)}px`);
  style.setProperty("max-inline-size", `max(${box.width.toFixed(1)}px, ${LEAST_CHARACTERS}ch)`);
  style.setProperty(
    "transform",
    `translate(${x.toFixed(2)}px, ${y.toFixed(2)}px) translate(${-100 * SHARES[horizontal]}%, ${-100 * SHARES[vertical]}%)`,
  );
  for (const line of leader === undefined ? [] : leaders) {
    line.setAttribute("x1", String(leader?.from.x ?? 0));
    line.setAttribute("y1", String(leader?.from.y ?? 0));
    line.setAttribute("x2", String(leader?.to.x ?? 0));
    line.setAttribute("y2", String(leader?.to.y ?? 0));
  }
}

/** Where along a box a text is held. */
const SHARES = { left: 0, top: 0, center: 0.5, right: 1, bottom: 1 } as const;

function made<Name extends "path" | "line">(
  name: Name,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
