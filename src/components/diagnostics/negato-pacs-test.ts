import { msg, str } from "@lit/localize";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { PacsTest, PacsTestStep } from "../../viewer/companion/pacs-test.ts";
import { controlStyles } from "../control-styles.ts";
import type { IconName } from "../icon/icons.generated.ts";
import "../icon/negato-icon.ts";
import { SignalController } from "../signal-controller.ts";
import { diagnosticsStyles } from "./diagnostics-styles.ts";
import { stepText } from "./diagnostics-words.ts";
import { failureNotice } from "./failure-notice.ts";

/** The test of a PACS: a button that runs it, and its steps in plain words as they come. */
@customElement("negato-pacs-test")
export class NegatoPacsTest extends LitElement {
  static override readonly styles = [
    controlStyles,
    diagnosticsStyles,
    css`
      :host {
        display: block;
      }
      ol {
        margin: 12px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 22px minmax(8em, 11em) minmax(0, 1fr) auto;
        gap: 2px 12px;
        padding: 8px 0;
        border-block-start: 1px solid var(--negato-line);
      }
      li negato-icon {
        --negato-icon-size: 20px;
      }
      .advice {
        grid-column: 3 / -1;
        padding: 6px 10px;
        border-radius: var(--negato-radius-small);
        background: var(--negato-warn-ground);
        color: var(--negato-warn);
      }
      .advice.failed {
        background: var(--negato-bad-ground);
        color: var(--negato-text);
      }
      .ms {
        color: var(--negato-soft);
        font-size: var(--negato-size-13);
        text-align: end;
      }
      .verdict {
        margin-block-start: 8px;
        font-weight: 600;
      }
      .notice {
        margin-block-start: 12px;
      }
      .skipped {
        color: var(--negato-soft);
      }
      @media (max-width: 640px) {
        li {
          grid-template-columns: 22px minmax(0, 1fr) auto;
        }
        .ms {
          grid-row: 1;
          grid-column: 3;
        }
        .text,
        .advice {
          grid-column: 2 / -1;
        }
      }
    `,
  ];

  @property({ attribute: false }) test: PacsTest | undefined;
  readonly #signals = new SignalController(this);

  #stepsSeen = 0;

  /** Steps that come while somebody looks on come into view. */
  protected override updated(): void {
    const steps = this.test?.steps.peek().length ?? 0;
    if (steps > this.#stepsSeen && this.test?.status.peek().kind === "running")
      this.renderRoot.querySelector("li:last-child")?.scrollIntoView({ block: "nearest" });
    this.#stepsSeen = steps;
  }

  protected override render(): TemplateResult {
    const { test } = this;
    if (test === undefined) return html``;
    return this.#signals.track(() => {
      const status = test.status.value;
      const steps = test.steps.value;
      const isRunning = status.kind === "running";
      return html`<button
          class="button"
          type="button"
          aria-disabled=${isRunning}
          @click=${() => {
            if (!isRunning) void test.run();
          }}
        >
          <negato-icon name="activity"></negato-icon
          >${isRunning ? msg("Testing …") : steps.length === 0 ? msg("Test connection") : msg("Test again")}
        </button>
        <div role="log" aria-live="polite" aria-label=${msg("Steps of the test")}>
          ${steps.length === 0 ? nothing : html`<ol>${steps.map(stepItem)}</ol>`}
          ${status.kind === "done" ? verdict(steps) : nothing}
        </div>
        ${status.kind === "failed" ? failureNotice(status.failure, () => void test.run()) : nothing}`;
    });
  }
}

function stepItem({ step, outcome, text, advice, milliseconds }: PacsTestStep): TemplateResult {
  return html`<li class=${outcome}>
    <negato-icon name=${OUTCOME_ICONS[outcome]} class=${OUTCOME_LEVELS[outcome]}></negato-icon>
    <strong>${stepText(step)}<span class="visually-hidden">: ${outcomeText(outcome)}.</span></strong>
    <span class="text">${text}</span>
    ${
      milliseconds === undefined || outcome === "skipped"
        ? html`<span class="ms"></span>`
        : html`<span class="ms">${msg(str`${Math.round(milliseconds).toLocaleString()} ms`)}</span>`
    }
    ${advice === "" ? nothing : html`<span class="advice ${outcome}">${advice}</span>`}
  </li>`;
}

const OUTCOME_ICONS: Readonly<Record<PacsTestStep["outcome"], IconName>> = {
  ok: "circle-check",
  warning: "triangle-alert",
  failed: "x",
  skipped: "ellipsis",
};

const OUTCOME_LEVELS: Readonly<Record<PacsTestStep["outcome"], string>> = {
  ok: "good",
  warning: "warn",
  failed: "bad",
  skipped: "soft",
};

/** How a step ended, in a word. */
function outcomeText(outcome: PacsTestStep["outcome"]): string {
  switch (outcome) {
    case "ok":
      return msg("worked");
    case "warning":
      return msg("worked, with a warning");
    case "failed":
      return msg("failed");
    case "skipped":
      return msg("left out");
  }
}

function verdict(steps: readonly PacsTestStep[]): TemplateResult {
  const failed = steps.filter(({ outcome }) => outcome === "failed").length;
  const warnings = steps.filter(({ outcome }) => outcome === "warning").length;
  if (steps.length === 0)
    return html`<p class="verdict warn">${msg("The test ended without a step.")}</p>`;
  if (failed > 0)
    return html`<p class="verdict bad">
      ${failed === 1 ? msg("1 step failed.") : msg(str`${failed} steps failed.`)}
    </p>`;
  return warnings > 0
    ? html`<p class="verdict warn">${msg("The PACS can be used, with the limits named above.")}</p>`
    : html`<p class="verdict good">${msg("Everything that was tried works.")}</p>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-pacs-test": NegatoPacsTest;
  }
}
