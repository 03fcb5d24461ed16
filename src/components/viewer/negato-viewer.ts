import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { isUid } from "#core/dicom/uid.ts";
import type { ForwardTarget } from "../../viewer/companion/forwarding.ts";
import type { Launch } from "../../viewer/launch-parameters.ts";
import type { StudyListEntry } from "../../viewer/study-list-entry.ts";
import type { StudyListState } from "../../viewer/study-list-state.ts";
import type { ViewerServices } from "../../viewer/viewer-services.ts";
import { type ViewerScreen, ViewerState } from "../../viewer/viewer-state.ts";
import "../banner/negato-banner.ts";
import { controlStyles } from "../control-styles.ts";
import { designTokens } from "../design-tokens.ts";
import { type GivenFiles, givenFiles } from "../dropped-files.ts";
import type { ForwardRequestedEvent } from "../forward/forward-requested-event.ts";
import type { HeadBarEvent } from "../head-bar/negato-head-bar.ts";
import "../head-bar/negato-head-bar.ts";
import type { FilesGivenEvent } from "../local-files/negato-local-files.ts";
import { SignalController } from "../signal-controller.ts";
import type { SourceChosenEvent } from "../study-list/source-chosen-event.ts";
import { StudyOpenedEvent } from "../study-list/study-opened-event.ts";
import "../study-view/negato-study-view.ts";
import { AddressBar } from "./address-bar.ts";
import { FileDrop } from "./file-drop.ts";
import { refusalCode } from "./refusal-code.ts";
import { LaunchRefusedEvent, StudyClosedEvent } from "./viewer-events.ts";
import { viewerStyles } from "./viewer-styles.ts";

/**
 * A viewer of medical images: the list of an archive's studies, and one of them on the screen. It takes the room
 * that the page gives it, sets no style outside itself, and takes the focus only when a person acts in it.
 *
 * @attr dicomweb - Address of the DICOMweb service, absolute or relative to the page.
 * @attr study - Study Instance UID of the study to show, or several separated by commas, of which the first is
 *   shown; without it there is the list of studies. It changes when a person opens or closes a study.
 * @attr address-bar - The page belongs to the viewer: its address says what is open, the browser's back
 *   button works, and keys work wherever the focus is.
 * @event negato-study-opened - A study was opened; `studyInstanceUid`.
 * @event negato-study-closed - The list of studies is shown again.
 * @event negato-launch-refused - Nothing is opened; `code` says why.
 * @event negato-image-shown - An image came on the screen; `sopInstanceUid`, `frameNumber`.
 * @event negato-image-failed - An image could not be shown; `code`.
 * @event negato-window-changed - The window changed; `windowCenter`, `windowWidth`.
 * @slot notice - The page's own notices, under the head bar.
 * @csspart study - The screen of a study.
 * @csspart list - The list of studies.
 * @cssprop --negato-accent - Colour of what is selected; all tokens are in `design-tokens.ts`.
 */
export abstract class NegatoViewer extends LitElement {
  static override readonly styles = [designTokens, controlStyles, viewerStyles];

  @property() dicomweb = "./dicom-web";
  @property({ reflect: true }) study: string | null = null;
  @property({ type: Boolean, attribute: "address-bar" }) addressBar = false;

  @state() private viewer: ViewerState | undefined;
  @state() private dialog: "keys" | "about" | "diagnostics" | undefined;
  /** What a person wants to send to another system. */
  @state() private forwarded: ForwardTarget | undefined;
  @state() private activateUpdate: (() => void) | undefined;

  readonly #signals = new SignalController(this);
  readonly #drop = new FileDrop(this, (given) => void this.#openLocal(given));
  readonly #addressBar = new AddressBar((launch) => {
    if (this.#addressBar.source !== this.#source) this.#open(this.#addressBar.source);
    if (this.#addressBar.asksForDiagnostics) this.dialog = "diagnostics";
    void this.follow(launch);
  });
  #services: ViewerServices | undefined;
  #toldScreen: ViewerScreen | undefined;
  #takesFocus = false;
  /** Name of the companion's archive that a person chose; undefined: the one at `dicomweb`. */
  #source: string | undefined;

  /** What the composition of the page gives; called once for each element. */
  protected abstract createServices(): ViewerServices;

  /** Opens files of this computer: nothing of them is sent anywhere. Settles when they are read. */
  async openFiles(files: Iterable<File>): Promise<void> {
    await this.#openLocal(givenFiles(files));
  }

  /** Does what a launch address asks for (`parseLaunch`). */
  async follow(launch: Launch): Promise<void> {
    await this.viewer?.follow(launch);
  }

  /** Offers a new version of the application; `activate` lets it take over. */
  offerUpdate(activate: () => void): void {
    this.activateUpdate = activate;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("keydown", this.#keys);
    if (this.hasUpdated) this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("keydown", this.#keys);
    window.removeEventListener("keydown", this.#pageKeys);
    this.#addressBar.leave();
    this.viewer?.dispose();
    this.viewer = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.isConnected) return;
    if (this.viewer === undefined || changed.has("dicomweb")) this.#begin();
    else if (changed.has("study") && this.study !== this.#openStudy()) this.#followStudy();
  }

  protected override updated(): void {
    const screen = this.viewer?.screen.peek();
    if (screen === undefined || screen === this.#toldScreen) return;
    const before = this.#toldScreen;
    this.#toldScreen = screen;
    this.#tell(screen, before);
  }

  protected override render(): TemplateResult {
    const { viewer } = this;
    return html`<div
      class="viewer"
      @dragover=${this.#drop.onDragOver}
      @dragleave=${this.#drop.onDragLeave}
      @drop=${this.#drop.onDrop}
      @negato-head-bar=${this.#headBar}
      @negato-forward-requested=${(event: ForwardRequestedEvent) => {
        this.forwarded = event.forwarded;
      }}
    >
      ${viewer === undefined ? nothing : this.#signals.track(() => this.#screen(viewer))}
      ${
        this.#drop.isOver
          ? html`<div class="drop">
              <p>${msg("Drop to open on this computer. Nothing is uploaded.")}</p>
            </div>`
          : nothing
      }
      ${this.#dialog()} ${this.#forwardDialog()}
    </div>`;
  }

  #screen(viewer: ViewerState): TemplateResult {
    const screen = viewer.screen.value;
    switch (screen.kind) {
      case "study":
        return html`<negato-study-view
          part="study"
          .workspace=${screen.workspace}
          has-list
        >
          <div slot="notice">${this.#updateBanner()}<slot name="notice"></slot></div>
        </negato-study-view>`;
      case "list":
        return html`${this.#head()} ${this.#list(viewer, screen.list)}`;
      case "choose":
        return html`${this.#head(true)} ${this.#choice(screen.entries)}`;
      case "refused":
        return html`${this.#head(true)} ${this.#refused(screen)}`;
      case "resolving":
        return html`${this.#head()}
          <p class="message" role="status">${msg("Looking for the study …")}</p>`;
    }
  }

  #head(hasList = false): TemplateResult {
    return html`<div>
      <negato-head-bar ?has-list=${hasList}></negato-head-bar>
      ${this.#updateBanner()}<slot name="notice"></slot>
    </div>`;
  }

  #list(viewer: ViewerState, list: StudyListState): TemplateResult {
    void loadStudyList();
    return html`<negato-study-list
      part="list"
      role="main"
      .list=${list}
      .addressOf=${this.#addressOf(viewer)}
      .openCompanion=${viewer.local.value === undefined ? viewer.openCompanion : undefined}
      @negato-study-opened=${this.#choose}
      @negato-source-chosen=${(event: SourceChosenEvent) => {
        if (this.addressBar) this.#addressBar.chose(event.source);
        this.#open(event.source);
        void this.viewer?.showList();
      }}
    >
      <negato-local-files
        slot="head"
        .local=${viewer.local.value}
        @negato-files-given=${(event: FilesGivenEvent) => void this.#openLocal(event.given)}
        @negato-files-closed=${() => viewer.closeLocal()}
      ></negato-local-files>
      <p slot="foot" class="foot">
        ${msg(str`Not for primary diagnosis · Negato ${this.#services?.version ?? ""}`)}
      </p>
    </negato-study-list>`;
  }

  #choice(entries: readonly StudyListEntry[]): TemplateResult {
    void loadStudyList();
    return html`<div class="choice" part="list" role="main">
      <h1>${msg("Which study?")}</h1>
      <negato-study-table .entries=${entries} @negato-study-opened=${this.#choose}></negato-study-table>
    </div>`;
  }

  #refused({ reason, launch }: Extract<ViewerScreen, { kind: "refused" }>): TemplateResult {
    void import("../launch/negato-launch-refusal.ts");
    return html`<negato-launch-refusal
      .reason=${reason}
      @negato-launch-retry=${() => void this.follow(launch)}
      @negato-launch-list=${() => this.#back()}
    ></negato-launch-refusal>`;
  }

  #updateBanner(): TemplateResult | typeof nothing {
    const activate = this.activateUpdate;
    if (activate === undefined) return nothing;
    return html`<negato-banner icon="refresh-cw">
      ${msg("A new version of the viewer is ready. Changing to it loads the page again.")}
      <button slot="actions" class="button" @click=${activate}>${msg("Change now")}</button>
      <button
        slot="actions"
        class="button"
        @click=${() => {
          this.activateUpdate = undefined;
        }}
      >
        ${msg("Later")}
      </button>
    </negato-banner>`;
  }

  #dialog(): TemplateResult | typeof nothing {
    const closed = () => {
      this.dialog = undefined;
    };
    switch (this.dialog) {
      case "keys":
        void import("../dialogs/negato-keys-dialog.ts");
        return html`<negato-keys-dialog @negato-dialog-closed=${closed}></negato-keys-dialog>`;
      case "about":
        void import("../dialogs/negato-about-dialog.ts");
        return html`<negato-about-dialog
          .services=${this.#services}
          @negato-dialog-closed=${closed}
        ></negato-about-dialog>`;
      case "diagnostics":
        void import("../diagnostics/negato-diagnostics.ts");
        return html`<negato-diagnostics
          .openCompanion=${this.viewer?.openCompanion}
          .version=${this.#services?.version ?? ""}
          @negato-dialog-closed=${() => {
            if (this.addressBar) this.#addressBar.closedDiagnostics();
            closed();
          }}
        ></negato-diagnostics>`;
      default:
        return nothing;
    }
  }

  #forwardDialog(): TemplateResult | typeof nothing {
    if (this.forwarded === undefined) return nothing;
    void import("../forward/negato-forward-dialog.ts");
    return html`<negato-forward-dialog
      .openCompanion=${this.viewer?.openCompanion}
      .forwarded=${this.forwarded}
      @negato-dialog-closed=${() => {
        this.forwarded = undefined;
      }}
    ></negato-forward-dialog>`;
  }

  /** Begins anew with an archive of the companion. */
  #open(source: string | undefined): void {
    this.viewer?.dispose();
    this.#source = source;
    this.#services ??= this.createServices();
    const address =
      source === undefined
        ? this.dicomweb
        : this.dicomweb.replace(
            /(?:sources\/[^/]+\/)?dicom-web\/*$/,
            `sources/${source}/dicom-web`,
          );
    this.viewer = new ViewerState(this.#services, address);
  }

  #begin(): void {
    this.#open(this.addressBar ? this.#addressBar.source : undefined);
    if (this.addressBar) {
      window.addEventListener("keydown", this.#pageKeys);
      this.#addressBar.enter();
    } else this.#followStudy();
  }

  #followStudy(): void {
    const studyInstanceUids = (this.study ?? "")
      .split(",")
      .map((uid) => uid.trim())
      .filter((uid) => uid !== "");
    if (studyInstanceUids.length === 0) void this.follow({ kind: "study-list" });
    else if (studyInstanceUids.every(isUid))
      void this.follow({ kind: "studies", studyInstanceUids, target: {}, expectation: {} });
    else void this.follow({ kind: "invalid", problem: "bad-study-uid" });
  }

  /** The value of `study` that says what is open. */
  #openStudy(): string | null {
    return this.viewer?.openStudyInstanceUid ?? null;
  }

  #tell(screen: ViewerScreen, before: ViewerScreen | undefined): void {
    if (screen.kind === "study") {
      const { studyInstanceUid } = screen.workspace;
      const asked = this.study?.split(",")[0]?.trim();
      if (asked !== studyInstanceUid) this.study = studyInstanceUid;
      this.dispatchEvent(new StudyOpenedEvent(studyInstanceUid));
    } else if (before?.kind === "study" && screen.kind !== "resolving") {
      this.study = null;
      this.dispatchEvent(new StudyClosedEvent());
    }
    if (screen.kind === "refused")
      this.dispatchEvent(new LaunchRefusedEvent(refusalCode(screen.reason)));
    if (this.#takesFocus) void this.#moveFocus(screen);
  }

  /** After a person went from one screen to another, the focus is where they look. */
  async #moveFocus(screen: ViewerScreen): Promise<void> {
    this.#takesFocus = false;
    if (screen.kind === "list") await loadStudyList();
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await this.renderRoot.querySelector("negato-study-view")?.focusViewport();
    this.renderRoot.querySelector("negato-study-list")?.focusStudies();
  }

  #addressOf(viewer: ViewerState): ((uid: string) => string) | undefined {
    if (!this.addressBar || viewer.local.value !== undefined) return undefined;
    return (uid) => this.#addressBar.addressOf(uid);
  }

  readonly #choose = (event: StudyOpenedEvent): void => {
    event.stopPropagation();
    this.#openChosen(event.studyInstanceUid);
  };

  #openChosen(studyInstanceUid: string): void {
    this.#takesFocus = true;
    const isLocal = this.viewer?.local.peek() !== undefined;
    if (this.addressBar) this.#addressBar.opened(isLocal ? undefined : studyInstanceUid);
    this.viewer?.openStudy(studyInstanceUid);
  }

  #back(): void {
    this.#takesFocus = true;
    const isHistory = this.addressBar && this.#addressBar.back();
    if (!isHistory) void this.viewer?.showList();
  }

  async #openLocal({ files, unreadable }: GivenFiles): Promise<void> {
    const only = await this.viewer?.openLocal(files, unreadable);
    if (only !== undefined) this.#openChosen(only);
  }

  readonly #headBar = (event: HeadBarEvent): void => {
    event.stopPropagation();
    if (event.wish === "back") this.#back();
    else this.dialog = event.wish;
  };

  readonly #keys = (event: KeyboardEvent): void => {
    const isTyping = event.composedPath()[0] instanceof HTMLInputElement;
    if (event.defaultPrevented || isTyping || event.ctrlKey || event.metaKey) return;
    if (event.key === "?") this.dialog = "keys";
    else if (event.key === "/" && this.viewer?.screen.peek().kind === "list")
      this.renderRoot.querySelector("negato-study-list")?.focusSearch();
    else return;
    event.preventDefault();
  };

  /** Keys that nothing on the page has the focus for. */
  readonly #pageKeys = (event: KeyboardEvent): void => {
    if (event.target !== document.body) return;
    this.#keys(event);
    if (event.defaultPrevented || this.dialog !== undefined) return;
    if (this.renderRoot.querySelector("negato-study-view")?.runKey(event) === true)
      event.preventDefault();
  };
}

/** The list is not needed for the first image of a launch, so it comes when it is wanted. */
async function loadStudyList(): Promise<void> {
  await Promise.all([
    import("../study-list/negato-study-list.ts"),
    import("../local-files/negato-local-files.ts"),
  ]);
}

/** Defines `<negato-viewer>` with what the composition of the page gives. */
export function defineNegatoViewer(createServices: () => ViewerServices): void {
  if (customElements.get("negato-viewer") !== undefined) return;
  customElements.define(
    "negato-viewer",
    class extends NegatoViewer {
      protected override createServices(): ViewerServices {
        return createServices();
      }
    },
  );
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-viewer": NegatoViewer;
  }
}
