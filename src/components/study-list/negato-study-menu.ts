import { msg } from "@lit/localize";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { StudyListEntry } from "../../viewer/study-list-entry.ts";
import { controlStyles } from "../control-styles.ts";
import { copyText } from "../copy-text.ts";
import { dateText, identityText, nameText } from "../dicom-text.ts";
import { ForwardRequestedEvent } from "../forward/forward-requested-event.ts";
import { placePopover } from "../popover-placement.ts";
import { popoverStyles } from "../popover-styles.ts";
import { menuItem } from "../toolbar/menu-item.ts";
import { menuKeys } from "../toolbar/menu-keys.ts";
import { StudyOpenedEvent } from "./study-opened-event.ts";

/**
 * What can be done with a study of the list. It leaves the document when it closes.
 *
 * @event negato-study-opened - The study is to be opened.
 * @event negato-forward-requested - The study is to be sent to another system.
 */
@customElement("negato-study-menu")
export class NegatoStudyMenu extends LitElement {
  static override readonly styles = [controlStyles, popoverStyles];

  @property({ attribute: false }) entry: StudyListEntry | undefined;
  /** Address that opens the study; undefined where it has none. */
  @property() address: string | undefined;
  #anchor: HTMLElement | undefined;

  /** Opens beside a control, which gets the focus back. */
  async openAt(anchor: HTMLElement): Promise<void> {
    this.#anchor = anchor;
    await this.updateComplete;
    const popover = this.#popover;
    if (popover === null) return;
    popover.showPopover();
    placePopover(popover, anchor);
    popover.querySelector<HTMLElement>(".menu-item")?.focus();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { entry, address } = this;
    if (entry === undefined) return nothing;
    const item = (name: string, choose: () => void): TemplateResult =>
      menuItem({
        role: "menuitem",
        name,
        choose: () => {
          this.#close();
          choose();
        },
      });
    return html`<div
      popover
      role="menu"
      aria-label=${msg("Actions")}
      @keydown=${this.#keys}
      @toggle=${(event: ToggleEvent) => {
        if (event.newState === "closed") this.remove();
      }}
    >
      ${item(msg("Open"), () => this.#tell(new StudyOpenedEvent(entry.studyInstanceUid)))}
      ${item(msg("Forward …"), () => this.#tell(new ForwardRequestedEvent(targetOf(entry))))}
      ${address === undefined ? nothing : item(msg("Copy link"), () => void copyText(address))}
    </div>`;
  }

  /** The menu itself has left the document by then. */
  #tell(event: Event): void {
    this.#anchor?.dispatchEvent(event);
  }

  get #popover(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>("[popover]");
  }

  #close(): void {
    this.#popover?.hidePopover();
    this.#anchor?.focus();
  }

  readonly #keys = (event: KeyboardEvent): void => {
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else menuKeys(event);
  };
}

function targetOf(entry: StudyListEntry) {
  const { studyInstanceUid, patientName, patientId, birthDate } = entry;
  const { date, description, modalities, accessionNumber } = entry;
  const study = [modalities.join(" "), description ?? "", dateText(date), accessionNumber ?? ""];
  return {
    studyInstanceUid,
    patient: nameText(patientName),
    identity: identityText(patientId, birthDate),
    study: study.filter((text) => text !== "").join(" · "),
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-study-menu": NegatoStudyMenu;
  }
}
