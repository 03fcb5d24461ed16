import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { AssociationTrace } from "../../viewer/companion/association-trace.ts";
import type { TraceRow } from "../../viewer/companion/trace-event.ts";
import { controlStyles } from "../control-styles.ts";
import "../icon/negato-icon.ts";
import { SignalController } from "../signal-controller.ts";
import { associationStyles } from "./association-trace-styles.ts";
import { diagnosticsStyles } from "./diagnostics-styles.ts";
import { bytesText, statusLevel, statusText } from "./diagnostics-words.ts";
import { failureNotice } from "./failure-notice.ts";
import { clockText, detailText, eventText } from "./trace-words.ts";

/**
 * What happens on the associations with a PACS, as a sequence: time, direction, command, status and size. It can be
 * paused, narrowed to one association, and kept as a file. Nothing of a patient is in it.
 */
@customElement("negato-association-trace")
export class NegatoAssociationTrace extends LitElement {
  static override readonly styles = [controlStyles, diagnosticsStyles, associationStyles];

  @property({ attribute: false }) trace: AssociationTrace | undefined;
  /** Address that gives the trace as a file. */
  @property() file = "";
  readonly #signals = new SignalController(this);
  #isAtEnd = true;

  protected override willUpdate(): void {
    const list = this.renderRoot?.querySelector(".rows");
    if (list) this.#isAtEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 24;
  }

  /** Who looks at the newest goes on doing so; who has scrolled back stays there. */
  protected override updated(): void {
    const list = this.renderRoot.querySelector(".rows");
    if (list !== null && this.#isAtEnd) list.scrollTop = list.scrollHeight;
  }

  protected override render(): TemplateResult {
    const { trace } = this;
    if (trace === undefined) return html``;
    return this.#signals.track(() => {
      const status = trace.status.value;
      return html`<div class="row">${this.#tools(trace)}</div>
        ${status.kind === "off" ? nothing : this.#rows(trace)}
        ${status.kind === "failed" ? failureNotice(status.failure, () => void trace.follow()) : nothing}`;
    });
  }

  #tools(trace: AssociationTrace): TemplateResult {
    const status = trace.status.value;
    const waiting = trace.waitingCount.value;
    const download = html`<a class="button" href=${this.file} download>
      <negato-icon name="file"></negato-icon>${msg("Save as a file")}
    </a>`;
    switch (status.kind) {
      case "off":
        return html`<button class="button" type="button" @click=${() => void trace.follow()}>
            <negato-icon name="list-checks"></negato-icon>${msg("Watch the associations")}
          </button>
          ${download}`;
      case "following":
        return html`<button class="button" type="button" @click=${() => trace.pause()}>
            <negato-icon name="pause"></negato-icon>${msg("Pause")}
          </button>
          ${this.#choice(trace)} ${download} ${this.#stop(trace)}`;
      case "paused":
        return html`<button class="button" type="button" @click=${() => trace.goOn()}>
            <negato-icon name="play"></negato-icon>${waiting === 0 ? msg("Go on") : msg(str`Go on (${waiting.toLocaleString()} new)`)}
          </button>
          ${this.#choice(trace)} ${download} ${this.#stop(trace)}`;
      case "ended":
      case "failed":
        return html`<button class="button" type="button" @click=${() => void trace.follow()}>
            <negato-icon name="refresh-cw"></negato-icon>${msg("Watch again")}
          </button>
          ${this.#choice(trace)} ${download}`;
    }
  }

  #stop(trace: AssociationTrace): TemplateResult {
    return html`<button
      class="button quiet"
      type="button"
      @click=${() => {
        trace.stop();
      }}
    >
      <negato-icon name="x"></negato-icon>${msg("Stop watching")}
    </button>`;
  }

  #choice(trace: AssociationTrace): TemplateResult {
    const chosen = trace.chosen.value;
    return html`<label class="choice">
      <span class="visually-hidden">${msg("Association")}</span>
      <select
        @change=${(event: Event) => {
          if (!(event.target instanceof HTMLSelectElement)) return;
          const { value } = event.target;
          trace.choose(value === "" ? undefined : Number(value));
        }}
      >
        <option value="" ?selected=${chosen === undefined}>${msg("All associations")}</option>
        ${trace.associations.value.map(
          ({ number, callingAeTitle, calledAeTitle }) =>
            html`<option value=${number} ?selected=${chosen === number}>
              ${msg(str`${number}: ${callingAeTitle} to ${calledAeTitle}`)}
            </option>`,
        )}
      </select>
    </label>`;
  }

  #rows(trace: AssociationTrace): TemplateResult {
    const rows = trace.rows.value;
    if (rows.length === 0)
      return html`<p class="soft empty" role="status">
        ${msg("Nothing happened yet. Open a study, or test the connection, and it is seen here.")}
      </p>`;
    return html`<div class="rows" tabindex="0" role="region" aria-label=${msg("Events on associations")}>
      <table>
        <thead>
          <tr>
            <th scope="col">${msg("Time")}</th>
            <th scope="col">${msg("Assoc.")}</th>
            <th scope="col" class="lane-head">
              <span>${msg("Negato")}</span><span>${msg("Other side")}</span>
            </th>
            <th scope="col">${msg("Status")}</th>
            <th scope="col">${msg("Size")}</th>
            <th scope="col" class="detail">${msg("Details")}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(rows, ({ id }) => id, traceRow)}
        </tbody>
      </table>
    </div>`;
  }
}

function traceRow({ first, count, bytes }: TraceRow): TemplateResult {
  const { direction, kind, status } = first;
  const lane = direction ?? "";
  const isBad = kind === "ended" && first.what !== "released";
  return html`<tr class=${isBad ? "bad" : ""}>
    <td class="time">${clockText(first.time)}</td>
    <td class="number">${first.association}</td>
    <td class="lane ${lane}">
      <span class="what">${eventText(first)}${count === 1 ? "" : ` × ${count.toLocaleString()}`}</span>
      <span class="visually-hidden"
        >${lane === "sent" ? msg("sent") : lane === "received" ? msg("received") : ""}</span
      >
    </td>
    <td class="status ${status === undefined ? "" : statusLevel(status)}">
      ${status === undefined ? "" : statusText(status)}
    </td>
    <td class="number">${bytes === 0 ? "" : bytesText(bytes)}</td>
    <td class="detail">${detailText(first)}</td>
  </tr>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-association-trace": NegatoAssociationTrace;
  }
}
