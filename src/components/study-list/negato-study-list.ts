import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ListCompanion } from "../../viewer/companion/list-companion.ts";
import { scheduledBeside } from "../../viewer/companion/scheduled-work.ts";
import type { StudyListSort } from "../../viewer/study-list-entry.ts";
import { isUnfiltered, NO_FILTER } from "../../viewer/study-list-filter.ts";
import {
  STUDIES_PER_PAGE,
  type StudyListFailure,
  type StudyListState,
} from "../../viewer/study-list-state.ts";
import type { OpenCompanion } from "../../viewer/viewer-services.ts";
import { controlStyles } from "../control-styles.ts";
import { HeadBarEvent } from "../head-bar/negato-head-bar.ts";
import "../icon/negato-icon.ts";
import { SignalController } from "../signal-controller.ts";
import "./negato-study-filter.ts";
import type { StudyFilterChangedEvent } from "./negato-study-filter.ts";
import "./negato-study-table.ts";
import type { StudySortChangedEvent } from "./negato-study-table.ts";
import { studyListStyles } from "./study-list-styles.ts";

/**
 * The list of an archive's studies: search fields, table, pages, and what there is to say when there is
 * nothing, not yet, or no answer.
 *
 * @slot head - Above the search fields.
 * @slot foot - Below everything.
 * @event negato-study-opened - A study was chosen.
 * @event negato-source-chosen - Another archive of the companion was chosen.
 * @event negato-forward-requested - A study is to be sent to another system.
 */
@customElement("negato-study-list")
export class NegatoStudyList extends LitElement {
  static override readonly styles = [controlStyles, studyListStyles];

  @property({ attribute: false }) list: StudyListState | undefined;
  /** Address that opens a study in a page of its own. */
  @property({ attribute: false }) addressOf: ((studyInstanceUid: string) => string) | undefined;
  /** Gives the requests to the companion; absent where the list is of files of this computer. */
  @property({ attribute: false }) openCompanion: OpenCompanion | undefined;
  @state() private companion: ListCompanion | undefined;
  readonly #signals = new SignalController(this);

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) void this.#meetCompanion();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.companion?.stop();
    this.companion = undefined;
  }

  /** Puts the cursor into the first search field. */
  focusSearch(): void {
    this.renderRoot.querySelector("negato-study-filter")?.focus();
  }

  /** Moves the focus to the study that had it last. */
  focusStudies(): void {
    this.renderRoot.querySelector("negato-study-table")?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("list") && this.list?.status.peek().kind === "searching")
      void this.list.search();
    if (changed.has("list")) void this.#meetCompanion();
  }

  /** The companion is asked beside the search; the list does not wait for it. */
  async #meetCompanion(): Promise<void> {
    const { list } = this;
    this.companion?.stop();
    this.companion = undefined;
    if (list === undefined || this.openCompanion === undefined) return;
    const requests = await this.openCompanion().catch(() => undefined);
    if (!this.isConnected || this.list !== list) return;
    const companion = new ListCompanion(requests, list);
    this.companion = companion;
    await companion.start();
  }

  protected override render(): TemplateResult {
    const { list } = this;
    if (list === undefined) return html``;
    return this.#signals.track(() => this.#draw(list));
  }

  #draw(list: StudyListState): TemplateResult {
    const page = list.page.value;
    const status = list.status.value;
    const isPending = page.length === 0 && status.kind === "searching";
    const isStale = list.isStale.value && status.kind === "searching";
    const seen = list.entries.value.slice(0, 200).flatMap(({ modalities }) => modalities);
    return html`<div class="scroller" @keydown=${(event: KeyboardEvent) => this.#keys(event, list)}>
      <div class="column">
        <slot name="head"></slot>
        <negato-study-filter
          .filter=${list.filter.value}
          .seenModalities=${seen}
          .sources=${this.companion?.sources.value ?? []}
          .source=${this.companion?.current.value?.name}
          @negato-study-filter-changed=${(event: StudyFilterChangedEvent) =>
            list.changeFilter(event.changes)}
        ></negato-study-filter>
        <div class="above">
          <p role="status">${this.#summary(list)}</p>
          ${this.#arrived(list)}
        </div>
        ${list.warnings.value.map((text) => html`<p class="warning">${msg(str`The archive says: ${text}.`)}</p>`)}
        ${status.kind === "failed" ? this.#failed(status.failure, page.length > 0, list) : ""}
        ${this.#scheduled(list)}
        ${status.kind === "ready" && page.length === 0 ? this.#empty(list) : ""}
        <negato-study-table
          class=${isStale ? "stale" : ""}
          ?hidden=${page.length === 0 && !isPending}
          .entries=${page}
          .sort=${list.sort.value ?? (list.hasMore.value ? undefined : NEWEST_FIRST)}
          .addressOf=${this.addressOf}
          ?can-forward=${(this.companion?.destinations.value.length ?? 0) > 0}
          ?pending=${isPending}
          @negato-study-sort-changed=${(event: StudySortChangedEvent) =>
            void list.sortBy(event.sort)}
        ></negato-study-table>
        ${this.#pages(list)}
        <slot name="foot"></slot>
      </div>
    </div>`;
  }

  /** What came since the search waits for a person: rows do not move under the finger. */
  #arrived(list: StudyListState): TemplateResult | typeof nothing {
    const count = list.arrived.value.length;
    if (count === 0) return nothing;
    return html`<button
      class="button new"
      @click=${() => {
        list.showArrived();
        this.renderRoot.querySelector(".scroller")?.scrollTo({ top: 0 });
      }}
    >
      <negato-icon name="refresh-cw"></negato-icon
      >${count === 1 ? msg("1 new study") : msg(str`${count.toLocaleString()} new studies`)}
    </button>`;
  }

  #scheduled(list: StudyListState): TemplateResult | typeof nothing {
    const entries = scheduledBeside(
      this.companion?.scheduled.value ?? [],
      list.entries.value,
      list.filter.value,
    );
    if (entries.length === 0 || list.pageIndex.value > 0) return nothing;
    void import("./negato-scheduled-work.ts");
    return html`<negato-scheduled-work .entries=${entries}></negato-scheduled-work>`;
  }

  /** What to do about a search that failed; `message` comes from the room that knows. */
  #failed(failure: StudyListFailure, hasSome: boolean, list: StudyListState): TemplateResult {
    return html`<section class=${hasSome ? "partial" : "state failed"} role="alert">
      <negato-icon
        name=${failure.code === "network" ? "wifi-off" : "triangle-alert"}
      ></negato-icon>
      <h2>
        ${hasSome ? msg("Not all studies could be loaded") : msg("The archive did not answer")}
      </h2>
      <p>${failure.message}</p>
      <p class="buttons">
        <button class="button" @click=${() => void list.search()}>
          <negato-icon name="refresh-cw"></negato-icon>${msg("Try again")}
        </button>
        ${
          this.openCompanion === undefined
            ? nothing
            : html`<button
                class="button"
                @click=${() => this.dispatchEvent(new HeadBarEvent("diagnostics"))}
              >
                <negato-icon name="activity"></negato-icon>${msg("Diagnostics")}
              </button>`
        }
      </p>
      <small>${msg(str`Code: ${failure.code}`)}</small>
    </section>`;
  }

  #summary(list: StudyListState): string {
    const count = list.entries.value.length;
    const text = count.toLocaleString();
    if (list.status.value.kind === "searching")
      return count > STUDIES_PER_PAGE && !list.isStale.value
        ? msg(str`Loading, ${text} studies so far …`)
        : msg("Searching …");
    if (list.status.value.kind === "failed") return "";
    if (list.hasMore.value) return msg(str`More than ${text} studies`);
    return count === 1 ? msg("1 study") : count === 0 ? "" : msg(str`${text} studies`);
  }

  #empty(list: StudyListState): TemplateResult {
    return isUnfiltered(list.filter.value)
      ? html`<section class="state">
          <negato-icon name="images"></negato-icon>
          <h2>${msg("There are no studies here yet")}</h2>
          <p>${msg("The archive answered, and it is empty. Files from this computer can be opened above.")}</p>
        </section>`
      : html`<section class="state">
          <negato-icon name="search"></negato-icon>
          <h2>${msg("No study matches")}</h2>
          <p>${msg("Try a part of the name, or * and ? in place of letters.")}</p>
          <button class="button" @click=${() => list.changeFilter(NO_FILTER)}>
            ${msg("Clear filters")}
          </button>
        </section>`;
  }

  #pages(list: StudyListState): TemplateResult | string {
    const count = list.entries.value.length;
    const pageIndex = list.pageIndex.value;
    const first = pageIndex * STUDIES_PER_PAGE;
    const last = Math.min(first + STUDIES_PER_PAGE, count);
    const hasNext = last < count || list.hasMore.value;
    if (count === 0 || (pageIndex === 0 && !hasNext)) return "";
    return html`<nav class="pages" aria-label=${msg("Pages of studies")}>
      <button
        class="button"
        ?disabled=${pageIndex === 0}
        @click=${() => this.#show(list, pageIndex - 1)}
      >
        <negato-icon name="chevron-left"></negato-icon>${msg("Previous")}
      </button>
      <span>${msg(str`${(first + 1).toLocaleString()} – ${last.toLocaleString()}`)}</span>
      <button class="button" ?disabled=${!hasNext} @click=${() => this.#show(list, pageIndex + 1)}>
        ${msg("Next")}<negato-icon name="chevron-right"></negato-icon>
      </button>
    </nav>`;
  }

  async #show(list: StudyListState, pageIndex: number): Promise<void> {
    await list.showPage(pageIndex);
    await this.updateComplete;
    this.renderRoot.querySelector(".scroller")?.scrollTo({ top: 0 });
  }

  #keys(event: KeyboardEvent, list: StudyListState): void {
    const isTyping = event.composedPath().some((target) => target instanceof HTMLInputElement);
    if (isTyping && event.key === "ArrowDown") {
      event.preventDefault();
      this.focusStudies();
    } else if (!isTyping && event.key === "PageDown" && event.altKey)
      void this.#show(list, list.pageIndex.value + 1);
    else if (!isTyping && event.key === "PageUp" && event.altKey)
      void this.#show(list, list.pageIndex.value - 1);
  }
}

/** What the order is when nobody chose one and everything is known. */
const NEWEST_FIRST: StudyListSort = { column: "date", isDescending: true };

declare global {
  interface HTMLElementTagNameMap {
    "negato-study-list": NegatoStudyList;
  }
}
