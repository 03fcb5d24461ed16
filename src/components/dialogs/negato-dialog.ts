import { msg } from "@lit/localize";
import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { controlStyles } from "../control-styles.ts";
import "../icon/negato-icon.ts";
import { dialogStyles } from "./dialog-styles.ts";

/** A dialog was closed. */
class DialogClosedEvent extends Event {
  static readonly type = "negato-dialog-closed";

  constructor() {
    super(DialogClosedEvent.type);
  }
}

/**
 * A modal dialog that is open as long as it is in the document. The browser keeps the focus inside and gives it
 * back afterwards.
 *
 * @slot - Content.
 * @slot title - Beside the heading.
 * @event negato-dialog-closed - It was closed, by its button, Escape or a click beside it.
 * @cssprop --negato-dialog-width
 */
@customElement("negato-dialog")
export class NegatoDialog extends LitElement {
  static override readonly styles = [
    controlStyles,
    dialogStyles,
    css`
      dialog {
        inline-size: min(var(--negato-dialog-width, 760px), calc(100vw - 24px));
      }
      dialog.tall {
        block-size: calc(100dvh - 24px);
      }
      dialog.tall .content {
        padding: 0;
      }
    `,
  ];

  @property() heading = "";
  /** Whether it takes all the height, and its content reaches to its edges. */
  @property({ type: Boolean }) tall = false;

  /** Closes it as its button does; the focus goes back at once, the event follows. */
  close(): void {
    this.renderRoot.querySelector("dialog")?.close();
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.renderRoot.querySelector("dialog")?.showModal();
  }

  protected override render(): TemplateResult {
    return html`<dialog
      class=${this.tall ? "tall" : ""}
      aria-labelledby="heading"
      @close=${() => this.dispatchEvent(new DialogClosedEvent())}
      @click=${(event: Event) => {
        if (event.target instanceof HTMLDialogElement) event.target.close();
      }}
    >
      <div class="title">
        <h2 id="heading">${this.heading}</h2>
        <slot name="title"></slot>
        <button
          class="button quiet icon-only"
          type="button"
          aria-label=${msg("Close")}
          title=${msg("Close (Esc)")}
          @click=${() => this.close()}
        >
          <negato-icon name="x"></negato-icon>
        </button>
      </div>
      <div class="content" tabindex="0"><slot></slot></div>
    </dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-dialog": NegatoDialog;
  }
  interface GlobalEventHandlersEventMap {
    "negato-dialog-closed": DialogClosedEvent;
  }
}
