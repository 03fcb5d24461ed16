import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { IdentityConflict } from "#core/study/identity-check.ts";
import type { Study } from "#core/study/study-tree.ts";
import { studyCompleteness } from "../../viewer/study-completeness.ts";
import type { StudySession } from "../../viewer/study-session.ts";
import type { MetadataOrigin } from "../../viewer/viewer-services.ts";
import { commandForKey } from "../../viewer/viewport-commands.ts";
import type { Workspace } from "../../viewer/workspace.ts";
import "../banner/negato-banner.ts";
import { controlStyles } from "../control-styles.ts";
import { dateText, momentText } from "../dicom-text.ts";
import { HeadBarEvent } from "../head-bar/negato-head-bar.ts";
import "../icon/negato-icon.ts";
import { SignalController } from "../signal-controller.ts";
import "../viewport/negato-viewport.ts";
import { studyViewStyles } from "./study-view-styles.ts";

/**
 * A study on the screen: head bar, toolbar, series, viewport, and every warning that belongs above them.
 *
 * @slot notice - Banners of the page around, under the head bar.
 * @event negato-head-bar - A button of the head bar was used.
 */
@customElement("negato-study-view")
export class NegatoStudyView extends LitElement {
  static override readonly styles = [controlStyles, studyViewStyles];

  @property({ attribute: false }) workspace: Workspace | undefined;
  @property({ type: Boolean, attribute: "has-list" }) hasList = false;
  @state() private isNarrow = false;
  readonly #signals = new SignalController(this);
  readonly #sizes = new ResizeObserver(() => {
    const { width, height } = this.getBoundingClientRect();
    this.isNarrow = width < 640 && width < height;
    this.toggleAttribute("low", height < 480 && width > height);
  });
  #documentDialog: Promise<unknown> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    // The image comes first: its tools and the other series arrive while it is on the wire.
    void import("../toolbar/negato-toolbar.ts");
    void import("../series-list/negato-series-list.ts");
    this.#sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
  }

  /** Puts the focus on the image. */
  async focusViewport(): Promise<void> {
    await this.updateComplete;
    const viewport = this.renderRoot.querySelector("negato-viewport");
    await viewport?.updateComplete;
    viewport?.focus();
  }

  /** Does what a key means for the viewport; gives whether it means anything. */
  runKey(event: KeyboardEvent): boolean {
    const command = commandForKey(event);
    if (command === undefined || this.workspace === undefined) return false;
    this.workspace.viewport.run(command);
    return true;
  }

  protected override render(): TemplateResult {
    const { workspace } = this;
    if (workspace === undefined) return html``;
    return this.#signals.track(() => this.#draw(workspace));
  }

  #draw(workspace: Workspace): TemplateResult {
    const { session } = workspace;
    const status = session.status.value;
    const shownStudy = workspace.viewport.state.content.value?.study;
    const study = session.study.value;
    const narrow = this.isNarrow ? "narrow" : "";
    return html`<div class="view ${narrow}" @keydown=${this.#keys}>
      <div class="top">
        <negato-head-bar
          .study=${study}
          .completeness=${study === undefined ? undefined : studyCompleteness(session)}
          ?loading=${status.kind === "loading"}
          ?has-list=${this.hasList}
        ></negato-head-bar>
        ${this.#banners(workspace)}
        <slot name="notice"></slot>
      </div>
      <negato-toolbar
        role="region"
        aria-label=${msg("Tools")}
        .viewport=${workspace.viewport}
        .openCompanion=${workspace.services.openCompanion}
      ></negato-toolbar>
      <negato-series-list ?strip=${this.isNarrow} .workspace=${workspace}></negato-series-list>
      <main>
        <negato-viewport
          .viewport=${workspace.viewport}
          .note=${originNote(workspace.opened.value.get(shownStudy?.studyInstanceUid ?? "")?.origin.value)}
        >
          <div slot="empty" class="empty">${this.#empty(session)}</div>
        </negato-viewport>
      </main>
      ${this.#tags(workspace)} ${this.#document(workspace)}
    </div>`;
  }

  #tags({ viewport }: Workspace): TemplateResult | typeof nothing {
    if (viewport.state.panel.value !== "tags") return nothing;
    import("../tag-panel/negato-tag-panel.ts").catch(() => viewport.state.closePanel());
    return html`<negato-tag-panel
      role="complementary"
      aria-label=${msg("Tags")}
      .viewport=${viewport}
      @negato-panel-closed=${() => {
        viewport.state.closePanel();
        void this.focusViewport();
      }}
    ></negato-tag-panel>`;
  }

  #banners(workspace: Workspace): TemplateResult {
    const { session } = workspace;
    const status = session.status.value;
    const shown = workspace.viewport.state.content.value?.study;
    const isOther = shown !== undefined && shown.studyInstanceUid !== workspace.studyInstanceUid;
    const conflicts = [...workspace.opened.value.values()].flatMap(
      ({ conflicts }) => conflicts.value,
    );
    const mixing = workspace.mixing.value;
    return html`${
      mixing.length > 0
        ? html`<negato-banner level="bad" icon="triangle-alert">
              ${msg("The open studies name different patients:")}
              ${mixing.map(conflictText).join("; ")}.
              ${msg("Check the identity in the image before you rely on it.")}
            </negato-banner>`
        : nothing
    }
    ${
      conflicts.length > 0
        ? html`<negato-banner level="bad" icon="triangle-alert">
              ${msg("Identity differs inside this study:")} ${conflicts.map(conflictText).join("; ")}.
              ${msg("It may hold images of more than one patient. Compare before you rely on it.")}
            </negato-banner>`
        : nothing
    }
      ${
        isOther
          ? html`<negato-banner level="warn" icon="history">
              ${shownText(shown, session.study.value)}${
                shown.description === undefined ? "" : ` · ${shown.description}`
              }
              <button slot="actions" class="button" @click=${() => showFirstOf(workspace)}>
                ${msg("Back to the current study")}
              </button>
            </negato-banner>`
          : nothing
      }
      ${this.#originBanner(session)}
      ${
        status.kind === "failed" && session.study.value !== undefined
          ? html`<negato-banner level="warn" icon="triangle-alert">
              ${msg("The study did not arrive completely.")} ${status.failure.message}
              ${status.failure.advice}
              <button slot="actions" class="button" @click=${() => void workspace.reload()}>
                ${msg("Try again")}
              </button>
              ${this.#diagnostics("actions")}
            </negato-banner>`
          : nothing
      }
      ${
        workspace.isTargetMissing.value
          ? html`<negato-banner level="warn" icon="image-off">
              ${msg("The series or image that was asked for is not in this study. Its first series is shown.")}
            </negato-banner>`
          : nothing
      }`;
  }

  #originBanner(session: StudySession): TemplateResult | typeof nothing {
    const origin = session.origin.value;
    if (origin?.kind !== "cache") return nothing;
    return html`<negato-banner level="warn" icon="wifi-off">
      ${msg(str`As of ${momentText(origin.fetchedAt)}, unverified:`)} ${origin.reason.message}
      ${origin.reason.advice}
    </negato-banner>`;
  }

  #empty(session: StudySession): TemplateResult {
    const status = session.status.value;
    if (status.kind === "failed")
      return html`<section role="alert">
        <negato-icon name="triangle-alert"></negato-icon>
        <h2>${msg("The study cannot be opened")}</h2>
        <p>${status.failure.message}</p>
        <p>${status.failure.advice}</p>
        <button class="button" @click=${() => void this.workspace?.reload()}>
          <negato-icon name="refresh-cw"></negato-icon>${msg("Try again")}
        </button>
        ${this.#diagnostics("")}
        <small>${msg(str`Code: ${status.failure.code}`)}</small>
      </section>`;
    if (status.kind === "complete")
      return html`<section>
        <negato-icon name="file-text"></negato-icon>
        <h2>${msg("This study has no images")}</h2>
        <p>${msg("What it holds instead is listed with its series.")}</p>
      </section>`;
    return html`<p class="opening" role="status">${msg("Opening the study …")}</p>`;
  }

  /** The way to find out what is the matter with the archive, where there is one. */
  #diagnostics(slot: string): TemplateResult | typeof nothing {
    if (this.workspace?.services.openCompanion === undefined) return nothing;
    return html`<button
      slot=${slot}
      class="button"
      @click=${() => this.dispatchEvent(new HeadBarEvent("diagnostics"))}
    >
      ${msg("Diagnostics")}
    </button>`;
  }

  #document(workspace: Workspace): TemplateResult | typeof nothing {
    const displaySet = workspace.document.value;
    if (displaySet === undefined) return nothing;
    this.#documentDialog ??= import("../documents/negato-document-dialog.ts");
    return html`<negato-document-dialog
      .displaySet=${displaySet}
      .workspace=${workspace}
      @negato-dialog-closed=${() => workspace.closeDocument()}
    ></negato-document-dialog>`;
  }

  readonly #keys = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || isForTarget(event)) return;
    if (this.runKey(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
}

/** Whether the key has a meaning of its own where the focus is. */
function isForTarget(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return true;
  const isControl = target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
  return isControl && event.key.length > 1 ? true : isControl && event.key === " ";
}

/** Which study is shown in place of the one that was asked for. */
function shownText(shown: Study, asked: Study | undefined): string {
  const date = dateText(shown.date) || msg("unknown date");
  const isPrior = (shown.date ?? "") < (asked?.date ?? "");
  return isPrior ? msg(str`Prior shown: ${date}`) : msg(str`Other study shown: ${date}`);
}

function showFirstOf(workspace: Workspace): void {
  const first = workspace.session.initialDisplaySet.peek();
  if (first !== undefined) workspace.show(first);
}

function originNote(origin: MetadataOrigin | undefined): string {
  return origin?.kind === "cache"
    ? msg(str`as of ${momentText(origin.fetchedAt)}, unverified`)
    : "";
}

function conflictText({ attribute, values }: IdentityConflict): string {
  return `${conflictName(attribute)}: ${values.join(" ≠ ")}`;
}

function conflictName(attribute: IdentityConflict["attribute"]): string {
  switch (attribute) {
    case "PatientName":
      return msg("patient name");
    case "PatientID":
      return msg("patient ID");
    case "PatientBirthDate":
      return msg("birth date");
    case "AccessionNumber":
      return msg("accession number");
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-study-view": NegatoStudyView;
  }
}
