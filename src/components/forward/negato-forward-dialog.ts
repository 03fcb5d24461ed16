import { msg, str } from "@lit/localize";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CompanionRequests } from "../../viewer/companion/companion-requests.ts";
import {
  Forwarding,
  type ForwardLevel,
  type ForwardOutcome,
  type ForwardProgress,
  type ForwardTarget,
  forwardDestinations,
} from "../../viewer/companion/forwarding.ts";
import { currentSource } from "../../viewer/companion/source-report.ts";
import { controlStyles } from "../control-styles.ts";
import "../dialogs/negato-dialog.ts";
import "../icon/negato-icon.ts";
import { SignalController } from "../signal-controller.ts";
import { forwardStyles } from "./forward-styles.ts";

/** Objects that are named among those that did not arrive. */
const MOST_NAMED = 50;

/**
 * Sends a study, series or image to another system: where to, how much, how far it is, and what did not arrive.
 *
 * @event negato-dialog-closed
 */
@customElement("negato-forward-dialog")
export class NegatoForwardDialog extends LitElement {
  static override readonly styles = [
    controlStyles,
    forwardStyles,
    css`
      negato-dialog {
        --negato-dialog-width: 560px;
      }
    `,
  ];

  @property({ attribute: false }) openCompanion:
    | (() => Promise<CompanionRequests | undefined>)
    | undefined;
  /** What is to be sent. */
  @property({ attribute: false }) forwarded: ForwardTarget | undefined;
  @state() private destinations: readonly string[] | undefined;
  @state() private destination = "";
  @state() private level: ForwardLevel = "study";
  @state() private forwarding: Forwarding | undefined;
  readonly #signals = new SignalController(this);
  readonly #closed = new AbortController();

  protected override firstUpdated(): void {
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#closed.abort();
    this.forwarding?.cancel();
  }

  protected override render(): TemplateResult {
    const { forwarded } = this;
    return html`<negato-dialog
      heading=${msg("Forward")}
      @negato-dialog-closed=${() => this.dispatchEvent(new Event("negato-dialog-closed"))}
    >
      ${
        forwarded === undefined
          ? nothing
          : html`<p class="patient">${forwarded.patient}</p>
              <p>${forwarded.identity}</p>
              <p class="soft">${forwarded.study}</p>
              ${this.#signals.track(() => this.#draw(forwarded))}`
      }
    </negato-dialog>`;
  }

  #draw(forwarded: ForwardTarget): TemplateResult {
    const { destinations } = this;
    if (destinations === undefined)
      return html`<p class="soft" role="status">${msg("Asking where it may be sent …")}</p>`;
    if (destinations.length === 0)
      return html`<p role="alert" class="result warn">
        ${msg("It may not be sent anywhere from here. The administrator of the companion says who may forward, and where to.")}
      </p>`;
    const status = this.forwarding?.status.value ?? { kind: "idle" };
    switch (status.kind) {
      case "idle":
        return this.#form(forwarded, destinations);
      case "running":
        return this.#progress(status.progress);
      case "done":
        return html`${this.#outcome(status.outcome, status.progress)} ${this.#again()}`;
      case "failed":
        return html`<div class="result bad" role="alert">
            <negato-icon name="triangle-alert"></negato-icon>
            <div>
              <p>
                <strong>
                  ${status.failure.code === "forbidden" ? msg("You may not forward") : msg("It could not be forwarded")}
                </strong>
              </p>
              <p>${status.failure.message} ${status.failure.advice}</p>
            </div>
          </div>
          ${this.#again()}`;
    }
  }

  #form(forwarded: ForwardTarget, destinations: readonly string[]): TemplateResult {
    const { series, instance } = forwarded;
    const levels: readonly (readonly [ForwardLevel, string])[] = [
      ["study", msg("The whole study")],
      ...(series === undefined ? [] : [["series", msg(str`This series: ${series.name}`)] as const]),
      ...(series === undefined || instance === undefined
        ? []
        : [["instance", msg(str`This image: ${instance.name}`)] as const]),
    ];
    return html`<form
      @submit=${(event: Event) => {
        event.preventDefault();
        this.#send(forwarded);
      }}
    >
      <label class="field">
        <span>${msg("To")}</span>
        <select
          @change=${(event: Event) => {
            if (event.target instanceof HTMLSelectElement) this.destination = event.target.value;
          }}
        >
          ${destinations.map(
            (name) =>
              html`<option value=${name} ?selected=${name === this.destination}>${name}</option>`,
          )}
        </select>
      </label>
      <fieldset ?hidden=${levels.length === 1}>
        <legend>${msg("What")}</legend>
        ${levels.map(
          ([level, text]) => html`<label class="level">
            <input
              type="radio"
              name="level"
              .checked=${level === this.level}
              @change=${() => {
                this.level = level;
              }}
            /><span>${text}</span>
          </label>`,
        )}
      </fieldset>
      <p class="buttons">
        <button class="button primary" type="submit">${msg(str`Send to ${this.destination}`)}</button>
      </p>
    </form>`;
  }

  #progress({ remaining, completed, failed, warning }: ForwardProgress): TemplateResult {
    const done = completed + failed + warning;
    const total = remaining === undefined ? undefined : done + remaining;
    const text =
      total === undefined || total === 0
        ? msg(str`Asking for it to be sent to ${this.destination} …`)
        : msg(
            str`${done.toLocaleString()} of ${total.toLocaleString()} objects sent to ${this.destination}`,
          );
    return html`<div class="going">
      <p role="status">${text}</p>
      ${
        total === undefined || total === 0
          ? html`<progress aria-label=${msg("Progress")}></progress>`
          : html`<progress aria-label=${msg("Progress")} max=${total} .value=${done}></progress>`
      }
      ${failed > 0 ? html`<p class="bad">${msg(str`${failed.toLocaleString()} did not arrive so far.`)}</p>` : nothing}
      <p class="buttons">
        <button class="button" type="button" @click=${() => this.forwarding?.cancel()}>
          ${msg("Stop")}
        </button>
      </p>
    </div>`;
  }

  #outcome(
    outcome: ForwardOutcome,
    { completed, failed, warning }: ForwardProgress,
  ): TemplateResult {
    const arrived = completed + warning;
    const [level, heading] = this.#verdict(outcome, arrived, failed);
    const named = outcome.failed.slice(0, MOST_NAMED);
    return html`<div class="result ${level}" role="alert">
      <negato-icon name=${level === "good" ? "circle-check" : "triangle-alert"}></negato-icon>
      <div>
        <p><strong>${heading}</strong></p>
        ${warning > 0 ? html`<p>${msg(str`${warning.toLocaleString()} were taken with a warning.`)}</p>` : nothing}
        ${outcome.detail === "" ? nothing : html`<p>${outcome.detail}</p>`}
        ${
          named.length === 0
            ? nothing
            : html`<details>
                <summary>${msg("What did not arrive")}</summary>
                <ul tabindex="0" aria-label=${msg("What did not arrive")}>
                  ${named.map(({ sopInstanceUid, reason }) => html`<li>${sopInstanceUid} ${reason}</li>`)}
                </ul>
              </details>`
        }
      </div>
    </div>`;
  }

  #verdict(
    { status }: ForwardOutcome,
    arrived: number,
    failed: number,
  ): readonly ["good" | "warn" | "bad", string] {
    const count = arrived.toLocaleString();
    const to = this.destination;
    switch (status) {
      case "completed":
        return ["good", msg(str`${count} objects arrived at ${to}.`)];
      case "partial":
        return [
          "warn",
          msg(str`${count} objects arrived at ${to}, ${failed.toLocaleString()} did not.`),
        ];
      case "cancelled":
        return ["warn", msg(str`Stopped. ${count} objects had arrived at ${to}.`)];
      case "failed":
        return ["bad", msg(str`Nothing arrived at ${to}.`)];
    }
  }

  #again(): TemplateResult {
    return html`<p class="buttons">
      <button
        class="button"
        type="button"
        @click=${() => {
          this.forwarding = undefined;
        }}
      >
        ${msg("Send again …")}
      </button>
    </p>`;
  }

  #send(forwarded: ForwardTarget): void {
    void this.#forward(forwarded);
  }

  async #forward(forwarded: ForwardTarget): Promise<void> {
    const found = await this.#find();
    if (found === undefined) return;
    this.forwarding = new Forwarding(found.requests, found.name);
    await this.forwarding.begin(forwarded, this.level, this.destination);
  }

  async #begin(): Promise<void> {
    const found = await this.#find();
    const { signal } = this.#closed;
    this.destinations =
      found === undefined ? [] : await forwardDestinations(found.requests, found.name, signal);
    this.destination = this.destinations[0] ?? "";
  }

  async #find() {
    const requests = await this.openCompanion?.().catch(() => undefined);
    if (requests === undefined) return undefined;
    const source = await currentSource(requests, this.#closed.signal);
    return source === undefined ? undefined : { requests, name: source.name };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-forward-dialog": NegatoForwardDialog;
  }
}
