import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { FrameReference } from "#core/study/display-set.ts";
import type { ViewportController } from "../../viewer/viewport-controller.ts";
import { controlStyles } from "../control-styles.ts";
import { copyText } from "../copy-text.ts";
import { dateText, demographicsText, nameText } from "../dicom-text.ts";
import "../exactness/negato-exactness.ts";
import "../icon/negato-icon.ts";
import { PanelClosedEvent } from "../panel-closed-event.ts";
import { SignalController } from "../signal-controller.ts";
import { ROW_HEIGHT, tagPanelStyles } from "./tag-panel-styles.ts";
import { TagSearch } from "./tag-search-task.ts";
import { tagSections } from "./tag-sections.ts";
import { keysBelow, type TagRow, type TagSection, tagRows, tagText } from "./tag-tree.ts";
import { valueText } from "./tag-value.ts";
import { treeMove } from "./tree-keys.ts";

/** Lines that are drawn above and below what is in sight. */
const MARGIN_ROWS = 8;
/** Text of a value that a line holds; the whole of it stands below the tree. */
const LINE_TEXT = 200;

/**
 * The attributes of the object whose frame is on the screen, as a tree, with the patient's identity and the record of
 * how exact its pixels are above it. Only what is in sight is drawn, so that 10,000 items stay fluid.
 *
 * @event negato-panel-closed - It is to be closed: by its button or Escape.
 */
@customElement("negato-tag-panel")
export class NegatoTagPanel extends LitElement {
  static override readonly styles = [controlStyles, tagPanelStyles];

  @property({ attribute: false }) viewport: ViewportController | undefined;
  /** Whether the pixels on the screen are not those of the image itself. */
  @property({ type: Boolean }) preview = false;

  @state() private expanded: ReadonlySet<string> = new Set();
  @state() private query = "";
  @state() private activeKey = "";
  @state() private firstRow = 0;
  @state() private rowsInSight = 20;
  @state() private told = "";
  @query(".tree") private readonly tree?: HTMLElement | null;
  @query(".all") private readonly all?: HTMLElement | null;

  readonly #signals = new SignalController(this);
  readonly #sizes = new ResizeObserver(() => this.#measure());
  readonly #search = new TagSearch(() => this.requestUpdate());
  /** Open from the start where it leaves room for the tags. */
  #isRecordOpen = window.matchMedia("(min-height: 720px) and (min-width: 640px)").matches;
  #reference: FrameReference | undefined;
  #sections: readonly TagSection[] = [];
  #rows: readonly TagRow[] = [];
  #madeFrom: readonly unknown[] = [];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
    this.#search.stop();
  }

  /** Puts the focus on the tree. */
  override focus(options?: FocusOptions): void {
    this.tree?.focus(options);
  }

  protected override render(): TemplateResult {
    return this.#signals.track(() => this.#draw());
  }

  /** It was asked for: what a person does next is meant for it. */
  protected override async firstUpdated(): Promise<void> {
    await this.updateComplete;
    (this.tree ?? this.renderRoot.querySelector("button"))?.focus();
  }

  protected override updated(_: PropertyValues<this>): void {
    const { tree } = this;
    if (tree !== undefined && tree !== null) this.#sizes.observe(tree);
    // Styles are set on the elements, as a strict content security policy forbids them in attributes.
    this.all?.style.setProperty("block-size", `${this.#rows.length * ROW_HEIGHT}px`);
    const first = this.#firstDrawn();
    this.all?.style.setProperty("padding-block-start", `${first * ROW_HEIGHT}px`);
    this.all?.style.setProperty("box-sizing", "border-box");
    for (const indent of this.renderRoot.querySelectorAll<HTMLElement>(".row")) {
      const level = Math.min(Number(indent.ariaLevel ?? 1), 12);
      indent.style.setProperty("padding-inline-start", `${6 + (level - 1) * 14}px`);
    }
  }

  #draw(): TemplateResult {
    const shown = this.viewport?.shown.value;
    const reference = shown === undefined || shown.kind === "nothing" ? undefined : shown.reference;
    this.#take(reference);
    return html`<header>
        <div class="title">
          <h2 id="title">${msg("Tags")}</h2>
          <button
            class="button quiet icon-only"
            type="button"
            aria-label=${msg("Close the tags")}
            title=${msg("Close (Esc)")}
            @click=${() => this.#close()}
          >
            <negato-icon name="x"></negato-icon>
          </button>
        </div>
        ${reference === undefined ? nothing : identity(reference, (shown?.kind !== "nothing" && shown?.index) || 0)}
      </header>
      <div class="body" @keydown=${this.#escape}>
        ${reference === undefined ? html`<p class="found">${msg("No image is on the screen.")}</p>` : this.#contents()}
      </div>`;
  }

  #contents(): TemplateResult {
    const rows = this.#rows;
    const first = this.#firstDrawn();
    const last = Math.min(rows.length, this.firstRow + this.rowsInSight + MARGIN_ROWS);
    const drawn = rows.slice(first, last);
    const active = rows.find(({ key }) => key === this.activeKey);
    const isActiveDrawn = drawn.some(({ key }) => key === this.activeKey);
    return html`<details ?open=${this.#isRecordOpen} @toggle=${this.#recordToggled}>
        <summary>${msg("How exact the pixels are")}</summary>
        ${this.#isRecordOpen ? this.#record() : nothing}
      </details>
      <div class="search">
        <negato-icon name="search"></negato-icon>
        <input
          type="search"
          aria-label=${msg("Search by name, tag or value")}
          placeholder=${msg("Name, tag or value")}
          .value=${this.query}
          @input=${this.#typed}
          @keydown=${this.#searchKeys}
        />
      </div>
      <p class="found" role="status">${this.#foundText()}</p>
      <div
        class="tree"
        role="tree"
        tabindex="0"
        aria-label=${msg("Attributes")}
        aria-activedescendant=${isActiveDrawn ? rowId(this.activeKey) : nothing}
        @keydown=${this.#treeKeys}
        @scroll=${this.#measure}
        @focus=${this.#activateFirst}
      >
        <div class="all" role="presentation">${drawn.map((row) => this.#row(row))}</div>
      </div>
      ${active === undefined || active.element === undefined ? nothing : this.#detail(active)}`;
  }

  /** Computed because it is open: a closed record costs nothing. */
  #record(): TemplateResult {
    return html`<negato-exactness .viewport=${this.viewport} ?preview=${this.preview}></negato-exactness>`;
  }

  readonly #recordToggled = (event: Event): void => {
    if (event.currentTarget instanceof HTMLDetailsElement)
      this.#isRecordOpen = event.currentTarget.open;
    this.requestUpdate();
  };

  #row(row: TagRow): TemplateResult {
    const { key, level, element, dataSet, isExpanded, canExpand, name, position, siblings } = row;
    const isActive = key === this.activeKey;
    const value = element === undefined ? "" : valueText(dataSet, element);
    const path = this.#search.pathOf(key);
    return html`<div
      id=${rowId(key)}
      class="row ${isActive ? "active" : ""} ${element === undefined ? "heading" : ""}"
      role="treeitem"
      aria-level=${level}
      aria-posinset=${position}
      aria-setsize=${siblings}
      aria-selected=${isActive}
      aria-expanded=${canExpand ? isExpanded : nothing}
      @click=${() => this.#clicked(row)}
    >
      <span class="indent"
        >${canExpand ? html`<negato-icon name=${isExpanded ? "chevron-down" : "chevron-right"}></negato-icon>` : nothing}</span
      >
      <span class="name">${path === "" ? name : `${path} › ${name}`}</span>
      <span class="tag">${tagText(row)} ${element?.vr ?? ""}</span>
      ${
        element === undefined
          ? nothing
          : html`<span class="value ${value === "" ? "empty" : ""}"
              >${value === "" ? msg("empty") : oneLine(value)}</span
            >`
      }
    </div>`;
  }

  #detail(row: TagRow): TemplateResult | typeof nothing {
    const { element, dataSet, name } = row;
    if (element === undefined) return nothing;
    const value = valueText(dataSet, element);
    return html`<div class="detail">
      <div class="head">
        <h3>${name}<br /><span class="tag">${tagText(row)} ${element.vr}</span></h3>
        <button
          class="button quiet"
          type="button"
          title=${msg("Copy the value (Ctrl+C)")}
          @click=${() => void this.#copy(value)}
        >
          <negato-icon name="copy"></negato-icon>${msg("Copy")}
        </button>
      </div>
      <pre class="full" tabindex="0" aria-label=${msg("Value")}>${value === "" ? msg("empty") : value}</pre>
      <p class="visually-hidden" role="status">${this.told}</p>
    </div>`;
  }

  /** Goes on with another frame: what is open stays open, and a search is made again. */
  #take(reference: FrameReference | undefined): void {
    const before = this.#reference;
    const isSame =
      reference?.instance === before?.instance && reference?.frameIndex === before?.frameIndex;
    if (!isSame) {
      this.#reference = reference;
      this.#sections = reference === undefined ? [] : tagSections(reference);
      const [own, whole] = this.#sections;
      if (before === undefined && own !== undefined && whole !== undefined)
        this.expanded = new Set([...keysBelow(own.dataSet, "0"), "1"]);
      this.#search.start(this.#sections, this.query);
    }
    const isSearching = this.query.trim() !== "";
    const madeFrom = isSearching ? [this.#search.rows] : [this.#sections, this.expanded];
    if (
      madeFrom.length === this.#madeFrom.length &&
      madeFrom.every((x, i) => x === this.#madeFrom[i])
    )
      return;
    this.#madeFrom = madeFrom;
    this.#rows = isSearching ? this.#search.rows : tagRows(this.#sections, this.expanded);
  }

  #firstDrawn(): number {
    return Math.max(0, Math.min(this.firstRow, this.#rows.length) - MARGIN_ROWS);
  }

  #foundText(): string {
    if (this.query.trim() === "") return "";
    const count = this.#search.rows.length.toLocaleString();
    if (this.#search.isCut) return msg(str`The first ${count} attributes that fit`);
    return this.#search.isRunning ? msg(str`${count} found so far …`) : msg(str`${count} found`);
  }

  readonly #measure = (): void => {
    const { tree } = this;
    if (tree === undefined || tree === null) return;
    this.firstRow = Math.floor(tree.scrollTop / ROW_HEIGHT);
    this.rowsInSight = Math.ceil(tree.clientHeight / ROW_HEIGHT) + 1;
  };

  readonly #activateFirst = (): void => {
    if (!this.#rows.some(({ key }) => key === this.activeKey))
      this.activeKey = this.#rows[this.firstRow]?.key ?? "";
  };

  readonly #typed = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.query = event.target.value;
    this.#search.start(this.#sections, this.query);
    if (this.tree) this.tree.scrollTop = 0;
  };

  readonly #searchKeys = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      this.focus();
    } else if (event.key === "Escape" && this.query !== "") {
      event.preventDefault();
      event.stopPropagation();
      this.query = "";
      this.#search.start(this.#sections, "");
    }
  };

  readonly #treeKeys = (event: KeyboardEvent): void => {
    const at = this.#rows.findIndex(({ key }) => key === this.activeKey);
    const row = this.#rows[at];
    if ((event.ctrlKey || event.metaKey) && event.key === "c" && row?.element !== undefined) {
      event.preventDefault();
      void this.#copy(valueText(row.dataSet, row.element));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = treeMove(event.key, this.#rows, Math.max(at, 0), this.rowsInSight - 2);
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (move.kind === "to") this.#goTo(move.index);
    else this.#toggle(this.#rows[move.index]);
  };

  #goTo(index: number): void {
    const { tree } = this;
    this.activeKey = this.#rows[index]?.key ?? "";
    if (tree === undefined || tree === null) return;
    const top = index * ROW_HEIGHT;
    if (top < tree.scrollTop) tree.scrollTop = top;
    const lowest = top + ROW_HEIGHT - tree.clientHeight;
    if (lowest > tree.scrollTop) tree.scrollTop = lowest;
    this.#measure();
  }

  #clicked(row: TagRow): void {
    this.activeKey = row.key;
    if (row.canExpand) this.#toggle(row);
  }

  #toggle(row: TagRow | undefined): void {
    if (row === undefined) return;
    const expanded = new Set(this.expanded);
    if (!expanded.delete(row.key)) expanded.add(row.key);
    this.expanded = expanded;
  }

  readonly #escape = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    this.#close();
  };

  #close(): void {
    this.dispatchEvent(new PanelClosedEvent());
  }

  async #copy(text: string): Promise<void> {
    this.told = (await copyText(text)) ? msg("Copied") : msg("It could not be copied.");
  }
}

/** Whose object this is, and which of the images on the screen (safety C1). */
function identity({ instance }: FrameReference, index: number): TemplateResult {
  const { patient, dataSet } = instance;
  const facts = [demographicsText(patient), dateText(dataSet.string(0x00080020))];
  return html`<p class="identity">
      <strong>${nameText(patient.name)}</strong>${facts.filter(Boolean).join(" · ")}
    </p>
    <p class="place">${msg(str`Image ${index + 1}`)}</p>`;
}

function rowId(key: string): string {
  return `row-${key.replaceAll("/", "-")}`;
}

/** The beginning of a value in one line. */
function oneLine(value: string): string {
  const flat = value.slice(0, LINE_TEXT).replace(/\s+/g, " ");
  return value.length > LINE_TEXT ? `${flat}…` : flat;
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-tag-panel": NegatoTagPanel;
  }
}
