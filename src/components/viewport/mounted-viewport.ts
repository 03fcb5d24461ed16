import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { FakeFrameProvider } from "../../viewer/fake/fake-frame-provider.ts";
import { madeStudy } from "../../viewer/fake/made-study.ts";
import { ViewportController } from "../../viewer/viewport-controller.ts";
import { designTokens } from "../design-tokens.ts";
import type { NegatoViewport } from "./negato-viewport.ts";
import "./negato-viewport.ts";

/** A viewport on the page of a test, and what it works with. */
export interface Mounted {
  readonly element: NegatoViewport;
  readonly viewport: ViewportController;
  readonly frames: FakeFrameProvider;
}

/** Gives the page the look that the viewer gives to what it holds. */
export function dressPage(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(designTokens.cssText.replaceAll(":host", "html"));
  document.adoptedStyleSheets = [sheet];
}

/** Mounts a viewport with a stack of made images; none of them is answered. */
export async function mount(
  count: number,
  attributes: MadeDataSet = {},
  size = "width: 640px; height: 480px",
): Promise<Mounted> {
  const frames = new FakeFrameProvider();
  const viewport = new ViewportController({ frames });
  const element = document.createElement("negato-viewport");
  element.setAttribute("style", size);
  element.viewport = viewport;
  document.body.append(element);
  viewport.state.show(madeStudy(count, attributes));
  await painted();
  return { element, viewport, frames };
}

/** Mounts with all frames in memory. */
export async function mountCached(...args: Parameters<typeof mount>): Promise<Mounted> {
  const mounted = await mount(...args);
  mounted.frames.open[0]?.answer();
  mounted.frames.keepWishes();
  await painted();
  return mounted;
}

/** Three animation frames: what changed has been drawn. */
export async function painted(): Promise<void> {
  for (let count = 0; count < 3; count += 1)
    await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** The first element of this kind within an element and the elements in it. */
export function inside(element: Element, selector: string): HTMLElement | undefined {
  const roots: (ShadowRoot | null | undefined)[] = [element.shadowRoot];
  for (const child of element.shadowRoot?.querySelectorAll("*") ?? []) roots.push(child.shadowRoot);
  for (const root of roots) {
    const found = root?.querySelector(selector);
    if (found instanceof HTMLElement) return found;
  }
  return undefined;
}

export const text = (element: Element, selector: string): string =>
  inside(element, selector)?.textContent?.trim() ?? "";

/** Grey level in the middle of the canvas: the number of the made frame that stands there. */
export function level(element: Element): number | undefined {
  const canvas = inside(element, "canvas");
  if (!(canvas instanceof HTMLCanvasElement)) return undefined;
  const copy = document.createElement("canvas");
  copy.width = copy.height = 1;
  const context = copy.getContext("2d");
  const { width, height } = canvas;
  context?.drawImage(canvas, width / 2, height / 2, 1, 1, 0, 0, 1, 1);
  return context?.getImageData(0, 0, 1, 1).data[0];
}

export const number = (element: Element): string => text(element, "[data-key=number]");

export const letters = (element: Element): string =>
  ["left", "top", "right", "bottom"].map((edge) => text(element, `[data-edge=${edge}]`)).join(" ");

export function touch(
  element: Element,
  type: string,
  pointerId: number,
  x: number,
  y: number,
): void {
  point(element, type, { pointerId, pointerType: "touch", button: 0, x, y });
}

export function drag(
  element: Element,
  pointerType: string,
  button: number,
  path: readonly (readonly [number, number])[],
): void {
  path.forEach(([x, y], index) => {
    const type = index === 0 ? "pointerdown" : "pointermove";
    point(element, type, { pointerId: 1, pointerType, button, x, y });
  });
  const [x, y] = path.at(-1) ?? [0, 0];
  point(element, "pointerup", { pointerId: 1, pointerType, button, x, y });
}

function point(
  element: Element,
  type: string,
  at: { pointerId: number; pointerType: string; button: number; x: number; y: number },
): void {
  const { left, top } = element.getBoundingClientRect();
  const { x, y, ...init } = at;
  inside(element, ".stage")?.dispatchEvent(
    new PointerEvent(type, { ...init, clientX: left + x, clientY: top + y, bubbles: true }),
  );
}
