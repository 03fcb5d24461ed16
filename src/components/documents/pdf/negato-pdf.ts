import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { TextLayer } from "pdfjs-dist";
import { controlStyles } from "../../control-styles.ts";
import "../../icon/negato-icon.ts";
import { saveBytes } from "../document-bytes.ts";
import { toolsAboveStyles } from "../tools-above-styles.ts";
import { findInPdf } from "./find-in-pdf.ts";
import { type OpenPdf, openPdf, type PdfFailure } from "./open-pdf.ts";
import { fitScale, PageLayout, type PageSize } from "./page-layout.ts";
import { pageOfPlace } from "./pdf-links.ts";
import { PdfPageView } from "./pdf-page-view.ts";
import { pdfStyles } from "./pdf-styles.ts";
import { onPinch, type PinchStep } from "./pinch-zoom.ts";

const ZOOM_STEP = 1.2;
const [LEAST_SCALE, MOST_SCALE] = [0.2, 8];
const PINCH_REST_MS = 150;

/**
 * A PDF document: pages under one another, of which only those in reach exist; zoom, search, text to select. Page Up
 * and Page Down turn pages, + and - zoom, 0 fits the width; two fingers zoom.
 */
@customElement("negato-pdf")
export class NegatoPdf extends LitElement {
  static override readonly styles = [controlStyles, toolsAboveStyles, pdfStyles];

  @property({ attribute: false }) bytes: Uint8Array<ArrayBuffer> | undefined;
  @state() private status: "loading" | "shown" | PdfFailure = "loading";
  @state() private pageIndex = 0;
  /** CSS pixels per 1/72 inch; undefined fits the width. */
  @state() private chosenScale: number | undefined;
  @state() private found = "";
  @query(".scroll") private scroller!: HTMLElement | null;
  @query(".pages") private pages!: HTMLElement | null;
  #pdf: OpenPdf | undefined;
  #abort = new AbortController();
  #search = new AbortController();
  /** Runs while fingers zoom: pages are stretched then, and drawn anew when they rest. */
  #pinching: ReturnType<typeof setTimeout> | undefined;
  #sizes: PageSize[] = [];
  #layout = new PageLayout([], 1);
  #scale = 1;
  #term = "";
  #address: string | undefined;
  readonly #views = new Map<number, PdfPageView>();
  readonly #resized = new ResizeObserver(() => {
    if (this.chosenScale === undefined) this.#arrange();
    else this.#show();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#close();
    TextLayer.cleanup();
  }

  protected override firstUpdated(): void {
    if (this.scroller !== null) onPinch(this.scroller, (step) => this.#pinch(step));
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("bytes")) void this.#open();
  }

  protected override render(): TemplateResult {
    const count = this.#sizes.length;
    return html`<div class="tools" role="toolbar" aria-label=${msg("Document")}>
        ${
          this.status === "shown"
            ? html`<label class="pages-field"
                  ><span class="visually-hidden">${msg("Page")}</span
                  ><input
                    type="number"
                    min="1"
                    max=${count}
                    .value=${String(this.pageIndex + 1)}
                    @change=${this.#goToTyped}
                  />
                  / ${count}</label
                >
                ${this.#zoomTools()}
                <form @submit=${this.#find}>
                  <input type="search" name="term" aria-label=${msg("Find in the document")} placeholder=${msg("Find")} />
                  <span class="found" role="status">${this.found}</span>
                </form>`
            : nothing
        }
        <span class="space"></span>
        <button class="button" type="button" @click=${this.#openTab}>${msg("Open in a tab")}</button>
        <button class="button" type="button" @click=${this.#save}>${msg("Save")}</button>
      </div>
      ${
        this.status === "loading"
          ? html`<p class="note" role="status">${msg("Opening the document …")}</p>`
          : this.status === "shown"
            ? nothing
            : html`<p class="note problem" role="alert">
                <negato-icon name="triangle-alert"></negato-icon>${failureText(this.status)}
              </p>`
      }
      <div
        class="scroll"
        tabindex="0"
        role="group"
        aria-label=${msg(str`Pages of the document, page ${this.pageIndex + 1} of ${count}`)}
        ?hidden=${this.status !== "shown"}
        @scroll=${() => this.#show()}
        @keydown=${this.#keys}
      >
        <div class="pages"></div>
      </div>`;
  }

  #zoomTools(): TemplateResult {
    return html`<button
        class="button icon-only"
        type="button"
        aria-label=${msg("Smaller")}
        title=${msg("Smaller (−)")}
        @click=${() => this.#zoom(1 / ZOOM_STEP)}
      >
        <negato-icon name="zoom-out"></negato-icon>
      </button>
      <button
        class="button icon-only"
        type="button"
        aria-label=${msg("Larger")}
        title=${msg("Larger (+)")}
        @click=${() => this.#zoom(ZOOM_STEP)}
      >
        <negato-icon name="zoom-in"></negato-icon>
      </button>
      <button
        class="button fit"
        type="button"
        aria-pressed=${this.chosenScale === undefined}
        title=${msg("Fit to the width (0)")}
        @click=${() => this.#fit()}
      >
        ${msg("Fit")}
      </button>`;
  }

  async #open(): Promise<void> {
    this.#close();
    const { bytes } = this;
    if (bytes === undefined) return;
    this.status = "loading";
    const abort = new AbortController();
    this.#abort = abort;
    const opened = await openPdf(bytes, abort.signal);
    if (abort.signal.aborted) return;
    if ("failure" in opened) {
      this.status = opened.failure;
      return;
    }
    this.#pdf = opened;
    const size = await this.#viewOf(opened.document, 0)
      .load()
      .catch(() => undefined);
    if (abort.signal.aborted) return;
    if (size === undefined) {
      this.status = "broken";
      return;
    }
    // Until a page is in reach, it is taken to be as large as the first one.
    this.#sizes = Array.from({ length: opened.document.numPages }, () => size);
    this.status = "shown";
    this.pageIndex = 0;
    await this.updateComplete;
    if (this.scroller !== null) this.#resized.observe(this.scroller);
    this.#arrange();
  }

  #close(): void {
    this.#abort.abort();
    this.#search.abort();
    clearTimeout(this.#pinching);
    this.#pinching = undefined;
    this.#resized.disconnect();
    for (const view of this.#views.values()) view.remove();
    this.#views.clear();
    this.#pdf?.close();
    this.#pdf = undefined;
    this.#sizes = [];
    if (this.#address !== undefined) URL.revokeObjectURL(this.#address);
    this.#address = undefined;
  }

  /**
   * Lays the pages out again, and keeps the place that is read where it is.
   * @param x of the place, CSS pixels from the left edge of the view
   * @param y of the place, from its upper edge
   */
  #arrange(x = (this.scroller?.clientWidth ?? 0) / 2, y = 0): void {
    const { scroller, pages } = this;
    const first = this.#sizes[0];
    if (scroller === null || pages === null || first === undefined) return;
    const page = this.#layout.pageAt(scroller.scrollTop + y);
    const within = scroller.scrollTop + y - this.#layout.top(page);
    const before = this.#scale;
    this.#scale = this.chosenScale ?? fitScale(first, scroller.clientWidth);
    const ratio = this.#scale / before;
    const left = (scroller.scrollLeft + x) * ratio - x;
    this.#layout = new PageLayout(this.#sizes, this.#scale);
    const widest = this.#sizes.reduce((most, { width }) => Math.max(most, width), 0) * this.#scale;
    pages.style.blockSize = `${this.#layout.height}px`;
    pages.style.minInlineSize = `${Math.ceil(widest) + 24}px`;
    scroller.scrollTo(left, this.#layout.top(page) + within * ratio - y);
    this.#show();
  }

  /** Makes the pages in reach and lets go of all others. */
  #show(): void {
    const { scroller, pages } = this;
    const pdf = this.#pdf?.document;
    if (scroller === null || pages === null || pdf === undefined) return;
    const { scrollTop, clientHeight } = scroller;
    this.pageIndex = this.#layout.pageAt(scrollTop + clientHeight / 3);
    const reach = this.#layout.pagesWithin(scrollTop - clientHeight, scrollTop + 2 * clientHeight);
    for (const [index, view] of this.#views) {
      if (reach.includes(index)) continue;
      view.remove();
      this.#views.delete(index);
    }
    for (const index of reach) void this.#showPage(pdf, pages, index);
  }

  async #showPage(pdf: OpenPdf["document"], pages: HTMLElement, index: number): Promise<void> {
    let view = this.#views.get(index);
    const isNew = view === undefined;
    if (view === undefined) {
      view = this.#viewOf(pdf, index);
      view.element.ariaLabel = msg(str`Page ${index + 1}`);
      this.#views.set(index, view);
      pages.append(view.element);
    }
    this.#place(view, index);
    try {
      if (isNew) this.#resize(index, await view.load());
      if (this.#pinching === undefined) await view.draw(this.#scale, this.#term);
    } catch (error) {
      // A drawing that was given up is none that failed.
      const isGivenUp = error instanceof Error && /Cancelled|Abort/.test(error.name);
      if (!isGivenUp && this.#views.get(index) === view) view.element.classList.add("broken");
    }
  }

  #viewOf(pdf: OpenPdf["document"], index: number): PdfPageView {
    return new PdfPageView(pdf, index, (place) => void this.#follow(pdf, place));
  }

  async #follow(pdf: OpenPdf["document"], place: unknown): Promise<void> {
    // A link to a place that the document does not have leads nowhere.
    const index = await pageOfPlace(pdf, place).catch(() => undefined);
    if (index !== undefined && this.#pdf?.document === pdf) this.#goTo(index);
  }

  #resize(index: number, size: PageSize): void {
    const known = this.#sizes[index];
    if (known === undefined || (known.width === size.width && known.height === size.height)) return;
    this.#sizes[index] = size;
    this.#arrange();
  }

  #place(view: PdfPageView, index: number): void {
    const size = this.#sizes[index];
    if (size === undefined) return;
    const { style } = view.element;
    style.insetBlockStart = `${this.#layout.top(index)}px`;
    style.inlineSize = `${Math.round(size.width * this.#scale)}px`;
    style.blockSize = `${Math.round(size.height * this.#scale)}px`;
  }

  #zoom(factor: number): void {
    this.chosenScale = Math.min(Math.max(this.#scale * factor, LEAST_SCALE), MOST_SCALE);
    this.#arrange();
  }

  #pinch({ factor, x, y }: PinchStep): void {
    const box = this.scroller?.getBoundingClientRect();
    if (box === undefined || this.status !== "shown") return;
    clearTimeout(this.#pinching);
    this.#pinching = setTimeout(() => {
      this.#pinching = undefined;
      this.#show();
    }, PINCH_REST_MS);
    this.chosenScale = Math.min(Math.max(this.#scale * factor, LEAST_SCALE), MOST_SCALE);
    this.#arrange(x - box.left, y - box.top);
  }

  #fit(): void {
    this.chosenScale = undefined;
    this.#arrange();
  }

  #goTo(index: number): void {
    if (index < 0 || index >= this.#sizes.length) return;
    this.scroller?.scrollTo({ top: this.#layout.top(index) - 4 });
  }

  readonly #goToTyped = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) this.#goTo(event.target.valueAsNumber - 1);
  };

  readonly #keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.#layout.pageAt((this.scroller?.scrollTop ?? 0) + 8);
    switch (event.key) {
      case "PageDown":
        this.#goTo(at + 1);
        break;
      case "PageUp":
        this.#goTo(at - 1);
        break;
      case "+":
      case "=":
        this.#zoom(ZOOM_STEP);
        break;
      case "-":
        this.#zoom(1 / ZOOM_STEP);
        break;
      case "0":
        this.#fit();
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  readonly #find = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { currentTarget } = event;
    const pdf = this.#pdf?.document;
    if (!(currentTarget instanceof HTMLFormElement) || pdf === undefined) return;
    const term = new FormData(currentTarget).get("term");
    this.#term = typeof term === "string" ? term.trim() : "";
    for (const view of this.#views.values()) view.highlight(this.#term);
    this.found = this.#term === "" ? "" : msg("Searching …");
    this.#search.abort();
    this.#search = new AbortController();
    const { signal } = this.#search;
    const index = await findInPdf(pdf, this.#term, this.pageIndex, signal).catch(() => undefined);
    if (signal.aborted || this.#term === "") return;
    this.found = index === undefined ? msg("Not found") : msg(str`Page ${index + 1}`);
    if (index !== undefined) this.#goTo(index);
  };

  readonly #save = (): void => {
    if (this.bytes !== undefined) saveBytes(this.bytes, "application/pdf", "document.pdf");
  };

  readonly #openTab = (): void => {
    if (this.bytes === undefined) return;
    this.#address ??= URL.createObjectURL(new Blob([this.bytes], { type: "application/pdf" }));
    window.open(this.#address, "_blank", "noopener");
  };
}

function failureText(failure: PdfFailure): string {
  switch (failure) {
    case "encrypted":
      return msg(
        "The document is protected by a password. Save it, and open it with its password.",
      );
    case "empty":
      return msg("The document is empty.");
    case "broken":
      return msg("The document is damaged. It can be saved, and perhaps opened elsewhere.");
    case "unexpected":
      return msg("The document could not be opened here. It can be saved, or opened in a tab.");
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-pdf": NegatoPdf;
  }
}
