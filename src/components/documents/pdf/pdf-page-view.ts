import type { PDFDocumentProxy, PDFPageProxy, RenderTask } from "pdfjs-dist";
import { TextLayer } from "pdfjs-dist";
import { outputScale, type PageSize } from "./page-layout.ts";
import { linkElement, linksOf } from "./pdf-links.ts";

/** One page on the screen: its picture, its text over it to be selected and read out, and its links. */
export class PdfPageView {
  readonly element = document.createElement("div");
  readonly #canvas = document.createElement("canvas");
  readonly #text = document.createElement("div");
  readonly #document: PDFDocumentProxy;
  readonly #index: number;
  readonly #links = document.createElement("div");
  readonly #follow: (place: unknown) => void;
  #page: PDFPageProxy | undefined;
  #task: RenderTask | undefined;
  #layer: TextLayer | undefined;
  #scale = 0;
  #isGone = false;

  /** @param follow goes to a place in the document that a link leads to */
  constructor(pdf: PDFDocumentProxy, index: number, follow: (place: unknown) => void) {
    this.#follow = follow;
    this.#document = pdf;
    this.#index = index;
    this.element.className = "page";
    this.element.role = "region";
    this.#canvas.ariaHidden = "true";
    this.#text.className = "textLayer";
    this.#links.className = "links";
    this.element.append(this.#canvas, this.#text, this.#links);
  }

  /** The size of the page, as soon as it is known. */
  async load(): Promise<PageSize> {
    this.#page = await this.#document.getPage(this.#index + 1);
    const { width, height } = this.#page.getViewport({ scale: 1 });
    return { width, height };
  }

  /** Draws at a scale, CSS pixels per 1/72 inch; a drawing under way at another one is given up. */
  async draw(scale: number, highlighted: string): Promise<void> {
    if (this.#page === undefined || this.#isGone) return;
    if (scale === this.#scale) return this.highlight(highlighted);
    this.#scale = scale;
    this.#task?.cancel();
    this.#layer?.cancel();
    const css = this.#page.getViewport({ scale });
    const ratio = outputScale(css.width, css.height, devicePixelRatio);
    const viewport = this.#page.getViewport({ scale: scale * ratio });
    const canvas = document.createElement("canvas");
    canvas.ariaHidden = "true";
    canvas.width = Math.ceil(viewport.width);
    canvas.height = Math.ceil(viewport.height);
    this.#task = this.#page.render({ canvas, viewport });
    await this.#task.promise;
    if (this.#isGone || scale !== this.#scale) return;
    this.element.querySelector("canvas")?.replaceWith(canvas);
    await this.#drawText(scale, highlighted);
    await this.#drawLinks();
  }

  /** Marks the pieces of text that hold a term. */
  highlight(term: string): void {
    const wanted = term.toLowerCase();
    for (const span of this.#text.querySelectorAll("span"))
      span.classList.toggle(
        "found",
        wanted !== "" && (span.textContent ?? "").toLowerCase().includes(wanted),
      );
  }

  remove(): void {
    this.#isGone = true;
    this.#task?.cancel();
    this.#layer?.cancel();
    this.#page?.cleanup();
    this.element.remove();
  }

  /** Made once: their places are parts of the page, whatever its scale. */
  async #drawLinks(): Promise<void> {
    if (this.#page === undefined || this.#links.childElementCount > 0) return;
    const viewport = this.#page.getViewport({ scale: 1 });
    const links = await linksOf(this.#page);
    if (this.#isGone || this.#links.childElementCount > 0) return;
    for (const { rectangle, target } of links) {
      const [x1, y1, x2, y2] = viewport.convertToViewportRectangle([...rectangle]).map(Number);
      if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) continue;
      const element = linkElement(target, this.#follow);
      const percent = (part: number, whole: number): string => `${(part / whole) * 100}%`;
      element.style.insetInlineStart = percent(Math.min(x1, x2), viewport.width);
      element.style.insetBlockStart = percent(Math.min(y1, y2), viewport.height);
      element.style.inlineSize = percent(Math.abs(x2 - x1), viewport.width);
      element.style.blockSize = percent(Math.abs(y2 - y1), viewport.height);
      this.#links.append(element);
    }
  }

  async #drawText(scale: number, highlighted: string): Promise<void> {
    if (this.#page === undefined) return;
    const viewport = this.#page.getViewport({ scale });
    this.#text.replaceChildren();
    this.#text.style.setProperty("--total-scale-factor", String(scale));
    this.#layer = new TextLayer({
      textContentSource: this.#page.streamTextContent(),
      container: this.#text,
      viewport,
    });
    await this.#layer.render();
    // The renderer measures letters on a canvas that it leaves in the page.
    for (const canvas of document.querySelectorAll("body > .hiddenCanvasElement"))
      canvas.setAttribute("hidden", "");
    this.highlight(highlighted);
  }
}
