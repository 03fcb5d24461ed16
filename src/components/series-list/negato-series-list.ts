import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { DisplaySet } from "#core/study/display-set.ts";
import { frameRequest } from "../../viewer/frame-description.ts";
import type { StudyListEntry } from "../../viewer/study-list-entry.ts";
import type { StudySession } from "../../viewer/study-session.ts";
import type { Workspace } from "../../viewer/workspace.ts";
import { controlStyles } from "../control-styles.ts";
import { dateText, imageCountText } from "../dicom-text.ts";
import "../icon/negato-icon.ts";
import { SignalController } from "../signal-controller.ts";
import { keyImages } from "../viewport/key-images.ts";
import "./negato-thumbnail.ts";
import { openPresentationState } from "./open-presentation-state.ts";
import { seriesListStyles } from "./series-list-styles.ts";
import { iconOf, itemTitle, keyImageCountText, kindText, relationText } from "./series-words.ts";
import type { ThumbnailFailedEvent } from "./thumbnail-failed-event.ts";

const CACHED_UPDATE_MS = 300;

/**
 * What can be looked at: the display sets of the study with a picture, a count and how much of them is kept, then
 * the patient's other studies under their dates. Arrow keys move, Enter shows.
 */
@customElement("negato-series-list")
export class NegatoSeriesList extends LitElement {
  static override readonly styles = [controlStyles, seriesListStyles];

  @property({ attribute: false }) workspace: Workspace | undefined;
  @state() private cached: ReadonlyMap<string, number> = new Map();
  readonly #signals = new SignalController(this);
  #stopListening: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopListening?.();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("workspace")) this.#listen();
  }

  protected override render(): TemplateResult {
    const { workspace } = this;
    if (workspace === undefined) return html``;
    return this.#signals.track(() => this.#draw(workspace));
  }

  #draw(workspace: Workspace): TemplateResult {
    const opened = workspace.opened.value;
    const { studies, withOtherIdentity } = workspace.priors.value;
    const date = workspace.session.study.value?.date ?? "";
    return html`<nav aria-label=${msg("Series")} @keydown=${this.#moveByKey}>
      ${
        workspace.session.study.value === undefined
          ? nothing
          : this.#group(workspace, workspace.session, dateText(date) || msg("No date"), "")
      }
      ${workspace.others
        .filter((uid) => !studies.some(({ studyInstanceUid }) => studyInstanceUid === uid))
        .map((uid) => this.#otherStudy(workspace, opened.get(uid)))}
      ${repeat(
        studies,
        ({ studyInstanceUid }) => studyInstanceUid,
        (entry) => {
          const session = opened.get(entry.studyInstanceUid);
          return session === undefined
            ? this.#closedStudy(workspace, entry, date)
            : this.#group(
                workspace,
                session,
                dateText(entry.date) || msg("No date"),
                relationText(entry, date),
              );
        },
      )}
      ${
        withOtherIdentity > 0
          ? html`<p class="note">
              ${msg(str`${withOtherIdentity} studies under this patient ID name somebody else and are not offered.`)}
            </p>`
          : nothing
      }
      ${
        workspace.havePriorsFailed.value
          ? html`<p class="note">${msg("Whether there are priors could not be found out.")}</p>`
          : nothing
      }
      <p class="note">${msg("Not for primary diagnosis")}</p>
    </nav>`;
  }

  /** A study that the link named beside the first one. */
  #otherStudy(
    workspace: Workspace,
    session: StudySession | undefined,
  ): TemplateResult | typeof nothing {
    if (session === undefined) return nothing;
    const date = dateText(session.study.value?.date ?? "") || msg("No date");
    return this.#group(workspace, session, date, msg("Other study"));
  }

  #group(
    workspace: Workspace,
    session: StudySession,
    date: string,
    relation: string,
  ): TemplateResult {
    const status = session.status.value;
    const sets = session.displaySets.value;
    const chosen = workspace.viewport.state.content.value?.displaySet.id;
    return html`<section>
      <h2>${date}${relation === "" ? nothing : html`<span class="prior">${relation}</span>`}</h2>
      <ol role="list">
        ${repeat(
          sets,
          ({ id }) => id,
          (set) => html`<li>${this.#item(workspace, set, set.id === chosen)}</li>`,
        )}
        ${
          sets.length === 0 && status.kind === "loading"
            ? [0, 1, 2].map(() => html`<li><div class="item waiting"></div></li>`)
            : nothing
        }
      </ol>
      ${
        status.kind === "failed" && relation !== ""
          ? html`<p class="note">${status.failure.message}</p>`
          : nothing
      }
    </section>`;
  }

  #closedStudy(workspace: Workspace, entry: StudyListEntry, date: string): TemplateResult {
    const facts = [entry.modalities.join(" "), entry.description ?? ""].filter(Boolean).join(" · ");
    const { numberOfSeries } = entry;
    const series =
      numberOfSeries === undefined
        ? ""
        : numberOfSeries === 1
          ? msg("1 series")
          : msg(str`${numberOfSeries} series`);
    return html`<section>
      <h2>
        ${dateText(entry.date) || msg("No date")}
        <span class="prior">${relationText(entry, date)}</span>
      </h2>
      <button
        class="item study"
        type="button"
        @click=${() => workspace.openBeside(entry.studyInstanceUid)}
      >
        <negato-icon name="history"></negato-icon>
        <span class="name">${facts === "" ? msg("Study") : facts}</span>
        <span class="count">${series}</span>
      </button>
    </section>`;
  }

  #item(workspace: Workspace, set: DisplaySet, isChosen: boolean): TemplateResult {
    const isImage = set.frames.length > 0;
    const description = isImage ? imageCountText(set.frames.length) : kindText(set);
    const marked = keyImages(set, (reference) => workspace.marksOf(reference));
    const label = msg(str`Series ${set.seriesNumber ?? ""}: ${set.name}, ${description}`);
    const others = set.instances.length > 1 ? set.instances.length : "";
    return html`<button
      class="item"
      type="button"
      data-rejected=${set.rejection ?? nothing}
      aria-current=${isChosen ? "true" : nothing}
      aria-label=${[label, keyImageCountText(marked)].filter(Boolean).join(", ")}
      title=${itemTitle(set, description, marked)}
      @click=${() => open(workspace, set)}
    >
      ${isImage ? this.#picture(workspace, set, marked.length) : documentPicture(set)}
      <span class="line"
        ><span class="name">${set.name}</span>
        <span class="count">${isImage ? set.frames.length.toLocaleString() : others}</span></span
      >
    </button>`;
  }

  #picture(workspace: Workspace, set: DisplaySet, keyImageCount: number): TemplateResult {
    const isWarned = set.warnings.length > 0 || set.rejection !== undefined;
    return html`<span class="picture">
        <negato-thumbnail
          .displaySet=${set}
          .frames=${workspace.services.frames}
          .outfits=${workspace.outfits}
          .queue=${workspace.thumbnails}
          @negato-thumbnail-failed=${({ instance, failure }: ThumbnailFailedEvent) =>
            workspace.noteFailure(instance, failure)}
        ></negato-thumbnail>
        <span class="number">${set.seriesNumber ?? ""}</span>
        ${
          keyImageCount === 0
            ? nothing
            : html`<span class="key-images" data-count=${keyImageCount} aria-hidden="true"
                ><negato-icon name="star"></negato-icon
              ></span>`
        }
        ${isWarned ? html`<negato-icon class="warning" name="triangle-alert"></negato-icon>` : nothing}
      </span>
      <progress
        max="1"
        .value=${this.cached.get(set.id) ?? 0}
        aria-label=${msg("Kept on this computer")}
      ></progress>`;
  }

  #listen(): void {
    this.#stopListening?.();
    const frames = this.workspace?.services.frames;
    this.#stopListening = frames?.onCachedChanged(() => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#measureCached();
      }, CACHED_UPDATE_MS);
    });
    this.#measureCached();
  }

  #measureCached(): void {
    const { workspace } = this;
    if (workspace === undefined) return;
    const sets = [...workspace.opened.peek().values()].flatMap((session) =>
      session.displaySets.peek(),
    );
    this.cached = new Map(sets.map((set) => [set.id, cachedShare(workspace, set)]));
  }

  readonly #moveByKey = (event: KeyboardEvent): void => {
    const items = [...this.renderRoot.querySelectorAll<HTMLElement>("button.item")];
    const at = items.findIndex((item) => item.matches(":focus"));
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const target = step === undefined ? undefined : items[at + step];
    if (at < 0 || step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    target?.focus();
    target?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
}

function cachedShare(workspace: Workspace, set: DisplaySet): number {
  if (set.frames.length === 0) return 0;
  const kept = set.frames.filter((reference) => {
    const asked = frameRequest(reference);
    return asked.ok && workspace.services.frames.isCached(asked.request);
  });
  return kept.length / set.frames.length;
}

function open(workspace: Workspace, set: DisplaySet): void {
  if (set.kind === "presentation-state") openPresentationState(workspace, set);
  else workspace.show(set);
}

function documentPicture(set: DisplaySet): TemplateResult {
  return html`<span class="picture document"
    ><negato-icon name=${iconOf(set)}></negato-icon
    ><span class="number">${set.seriesNumber ?? ""}</span></span
  >`;
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-series-list": NegatoSeriesList;
  }
}
