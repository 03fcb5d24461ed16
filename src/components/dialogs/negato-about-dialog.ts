import { msg, str } from "@lit/localize";
import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ViewerServices } from "../../viewer/viewer-services.ts";
import { controlStyles } from "../control-styles.ts";
import { HeadBarEvent } from "../head-bar/negato-head-bar.ts";
import "../icon/negato-icon.ts";
import "./negato-dialog.ts";

type WipeState = "idle" | "asking" | "wiping" | "wiped" | "failed";

/**
 * What this application is and is not, what this browser can do, what is kept on this computer, and the way to
 * delete all of it.
 *
 * @event negato-dialog-closed
 */
@customElement("negato-about-dialog")
export class NegatoAboutDialog extends LitElement {
  static override readonly styles = [
    controlStyles,
    css`
      section {
        margin-block-end: 20px;
      }
      h3 {
        font-size: var(--negato-size-14);
        margin-block-end: 6px;
      }
      p {
        color: var(--negato-soft);
        margin-block-end: 8px;
        max-inline-size: 65ch;
      }
      .notice {
        padding: 10px 14px;
        border-radius: var(--negato-radius);
        background: var(--negato-warn-ground);
        color: var(--negato-warn);
      }
      dl {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: 4px 16px;
        margin: 0 0 10px;
      }
      dt {
        color: var(--negato-soft);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
    `,
  ];

  @property({ attribute: false }) services: ViewerServices | undefined;
  /** What draws: `webgl2` or `canvas2d`; undefined where nothing was drawn yet. */
  @property() renderer: string | undefined;
  @state() private usedBytes: number | undefined;
  @state() private wipe: WipeState = "idle";
  /** One dialog follows the other, so that the focus goes back to where it came from. */
  #leadsToDiagnostics = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#measure();
  }

  protected override render(): TemplateResult {
    return html`<negato-dialog
      heading=${msg(str`Negato ${this.services?.version ?? ""}`)}
      @negato-dialog-closed=${() => {
        this.dispatchEvent(new Event("negato-dialog-closed"));
        if (this.#leadsToDiagnostics) this.dispatchEvent(new HeadBarEvent("diagnostics"));
      }}
    >
      <section>
        <p class="notice">
          ${msg("Not for primary diagnosis. This is not a certified medical device, and a browser cannot assure that the screen is calibrated.")}
        </p>
        <p>
          ${msg("A light box for the browser: it shows medical images and leaves nothing behind. Free software under the MIT licence; icons by Lucide (ISC licence).")}
        </p>
      </section>
      <section>
        <h3>${msg("Kept on this computer")}</h3>
        <p>
          ${msg("Images and patient data are kept encrypted, under a key that lives in the memory of this session only. Everything can be deleted now.")}
        </p>
        <dl>
          <dt>${msg("Storage in use")}</dt>
          <dd>${this.usedBytes === undefined ? msg("unknown") : bytesText(this.usedBytes)}</dd>
        </dl>
        <div class="actions" role="status">${this.#wipeActions()}</div>
      </section>
      <section>
        <h3>${msg("Diagnostics")}</h3>
        <dl>
          ${this.#facts().map(
            ([name, value]) =>
              html`<dt>${name}</dt>
                <dd>${value}</dd>`,
          )}
        </dl>
        <button
          class="button"
          type="button"
          @click=${() => {
            this.#leadsToDiagnostics = true;
            this.renderRoot.querySelector("negato-dialog")?.close();
          }}
        >
          <negato-icon name="activity"></negato-icon>${msg("Diagnostics of the archive …")}
        </button>
      </section>
    </negato-dialog>`;
  }

  #wipeActions(): TemplateResult {
    switch (this.wipe) {
      case "idle":
        return html`<button
          class="button danger"
          @click=${() => {
            this.wipe = "asking";
          }}
        >
          <negato-icon name="trash-2"></negato-icon>${msg("Delete everything kept on this computer")}
        </button>`;
      case "asking":
        return html`<span>${msg("Delete all kept images and patient data?")}</span>
          <button class="button danger" @click=${() => void this.#wipeAll()}>
            ${msg("Delete")}
          </button>
          <button
            class="button"
            @click=${() => {
              this.wipe = "idle";
            }}
          >
            ${msg("Keep")}
          </button>`;
      case "wiping":
        return html`${msg("Deleting …")}`;
      case "wiped":
        return html`<negato-icon name="circle-check"></negato-icon>${msg("Everything was deleted.")}`;
      case "failed":
        return html`<negato-icon name="triangle-alert"></negato-icon>${msg(
          "The browser refused. Close the other tabs of this viewer and try again, or clear the data of this site in the browser's settings.",
        )}
          <button class="button" @click=${() => void this.#wipeAll()}>${msg("Try again")}</button>`;
    }
  }

  async #wipeAll(): Promise<void> {
    this.wipe = "wiping";
    try {
      await this.services?.wipeEverything();
      this.wipe = "wiped";
    } catch {
      // The person is told; which of its stores the browser would not delete helps nobody.
      this.wipe = "failed";
    }
    await this.#measure();
  }

  async #measure(): Promise<void> {
    const storage: StorageManager | undefined = navigator.storage;
    this.usedBytes = (await storage?.estimate())?.usage;
  }

  #facts(): readonly (readonly [string, string])[] {
    const screen = `${window.screen.width} × ${window.screen.height} @ ${window.devicePixelRatio}`;
    return [
      [msg("Version"), this.services?.version ?? ""],
      [msg("Drawing"), this.renderer ?? msg("nothing drawn yet")],
      [msg("Screen"), screen],
      [msg("Processors"), String(navigator.hardwareConcurrency)],
      [
        msg("Offline"),
        navigator.serviceWorker?.controller
          ? msg("the application works offline")
          : msg("not available"),
      ],
      [msg("Browser"), navigator.userAgent],
    ];
  }
}

function bytesText(bytes: number): string {
  const megabytes = bytes / 1024 / 1024;
  return megabytes < 1 ? msg("less than 1 MB") : `${Math.round(megabytes).toLocaleString()} MB`;
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-about-dialog": NegatoAboutDialog;
  }
}
