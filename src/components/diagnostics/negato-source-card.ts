import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type {
  Asked,
  PacsDiagnosis,
  SourceDiagnosis,
} from "../../viewer/companion/diagnostics-state.ts";
import type { PacsReport, ProblemReport } from "../../viewer/companion/source-report.ts";
import { controlStyles } from "../control-styles.ts";
import "../icon/negato-icon.ts";
import { SignalController } from "../signal-controller.ts";
import { diagnosticsStyles } from "./diagnostics-styles.ts";
import {
  bytesText,
  countsText,
  failureCodeText,
  kindText,
  quirkText,
  retrieveText,
  stateText,
} from "./diagnostics-words.ts";
import { failureNotice } from "./failure-notice.ts";
import "./negato-association-trace.ts";
import "./negato-pacs-test.ts";
import { sourceCardStyles } from "./source-card-styles.ts";

/** Problems that are listed; a folder of broken files has thousands. */
const MOST_PROBLEMS = 100;

/** One source of the companion: what it is, how it does, what is wrong with it, and the ways to look closer. */
@customElement("negato-source-card")
export class NegatoSourceCard extends LitElement {
  static override readonly styles = [controlStyles, diagnosticsStyles, sourceCardStyles];

  @property({ attribute: false }) source: SourceDiagnosis | undefined;
  readonly #signals = new SignalController(this);

  protected override render(): TemplateResult {
    const { source } = this;
    if (source === undefined) return html``;
    return this.#signals.track(() => this.#draw(source));
  }

  #draw({ report, problems, pacs }: SourceDiagnosis): TemplateResult {
    const { level, text } = stateText(report);
    const facts = [kindText(report.kind), countsText(report)].filter((fact) => fact !== "");
    return html`<section aria-labelledby="name">
      <header class="row">
        <h3 id="name">${report.name}</h3>
        <span class="pill ${level}">${text}</span>
        ${report.isDefault ? html`<span class="pill soft">${msg("shown first")}</span>` : nothing}
        ${report.canStore ? html`<span class="pill soft">${msg("takes new objects")}</span>` : nothing}
        <span class="grow soft">${facts.join(" · ")}</span>
      </header>
      ${pacs === undefined ? nothing : this.#pacs(pacs)} ${problemList(problems.value, pacs !== undefined)}
    </section>`;
  }

  /** Who may not see how the PACS does may not try it either. */
  #pacs({ report, test, trace, traceFile }: PacsDiagnosis): TemplateResult {
    const answer = report.value;
    if (answer.kind === "failed" && answer.failure.code === "forbidden")
      return failureNotice(answer.failure);
    return html`${
      answer.kind === "known"
        ? pacsFacts(answer.value)
        : answer.kind === "failed"
          ? failureNotice(answer.failure)
          : html`<p class="soft">${msg("Asking …")}</p>`
    }
      <negato-pacs-test .test=${test}></negato-pacs-test>
      <negato-association-trace .trace=${trace} file=${traceFile}></negato-association-trace>`;
  }
}

function pacsFacts(pacs: PacsReport): TemplateResult {
  const { associations, queue, retrieved, cache } = pacs;
  const port = pacs.port === undefined ? "" : `:${pacs.port}`;
  const host = pacs.host.includes(":") ? `[${pacs.host}]` : pacs.host;
  return html`<div class="cards">
    <div class="card">
      <h4>${msg("Connection")}</h4>
      <dl>
        <dt>${msg("PACS")}</dt>
        <dd><strong>${pacs.aeTitle}</strong></dd>
        <dt>${msg("Address")}</dt>
        <dd>${host}${port}${pacs.isEncrypted ? ` · TLS` : ""}</dd>
        <dt>${msg("Our AE title")}</dt>
        <dd>${pacs.callingAeTitle}</dd>
        ${pacs.ourPort === undefined ? nothing : ourPort(pacs.ourPort)}
        <dt>${msg("Retrieves by")}</dt>
        <dd>${retrieveText(pacs)}</dd>
        ${
          pacs.quirks.length === 0
            ? nothing
            : html`<dt>${msg("Switches")}</dt>
                <dd>${pacs.quirks.map(quirkText).join(", ")}</dd>`
        }
      </dl>
    </div>
    <div class="card">
      <h4>${msg("Associations and queue")}</h4>
      <dl>
        <dt>${msg("Open")}</dt>
        <dd>
          ${associations.most === undefined ? associations.open : msg(str`${associations.open} of ${associations.most}`)}
          ${associations.idle === 0 ? "" : html`<span class="soft">${msg(str`${associations.idle} idle`)}</span>`}
        </dd>
        <dt>${msg("Waiting for one")}</dt>
        <dd class=${associations.waiting > 0 ? "warn" : ""}>${associations.waiting}</dd>
        <dt>${msg("Asked for")}</dt>
        <dd>${objects(queue.wanted)}</dd>
        <dt>${msg("Fetched ahead")}</dt>
        <dd>${objects(queue.ahead)}</dd>
        <dt>${msg("Retrieved")}</dt>
        <dd>${objects(retrieved.instances)} · ${bytesText(retrieved.bytes)}</dd>
      </dl>
    </div>
    ${cache === undefined ? nothing : cacheCard(cache)}
    <div class="card">
      <h4>${msg("Failed requests since the start")}</h4>
      ${
        pacs.failures.length === 0
          ? html`<p class="soft">${msg("None")}</p>`
          : html`<dl>
              ${pacs.failures.map(
                ({ code, count }) =>
                  html`<dt title=${code}>${failureCodeText(code)}</dt>
                    <dd class="warn">${count.toLocaleString()}</dd>`,
              )}
            </dl>`
      }
    </div>
  </div>`;
}

/** Where the PACS reaches the companion, as it has to be entered there. */
function ourPort(port: number | null): TemplateResult {
  return html`<dt>${msg("Our port")}</dt>
    <dd class=${port === null ? "warn" : ""}>
      ${port === null ? msg("closed, C-MOVE is off") : port}
    </dd>`;
}

function cacheCard(cache: NonNullable<PacsReport["cache"]>): TemplateResult {
  const { bytes, maximumBytes, hits, misses } = cache;
  const asked = hits + misses;
  return html`<div class="card">
    <h4>${msg("Cache")}</h4>
    <label class="meter">
      <span>${msg(str`${bytesText(bytes)} of ${bytesText(maximumBytes)}`)}</span>
      <meter min="0" max=${Math.max(1, maximumBytes)} .value=${bytes}></meter>
    </label>
    <dl>
      <dt>${msg("Holds")}</dt>
      <dd>${objects(cache.objects)} · ${cache.studies === 1 ? msg("1 study") : msg(str`${cache.studies.toLocaleString()} studies`)}</dd>
      <dt>${msg("Not on disk yet")}</dt>
      <dd>${bytesText(cache.pendingBytes)}</dd>
      <dt>${msg("Answered from it")}</dt>
      <dd>${asked === 0 ? "–" : `${Math.round((hits / asked) * 100)} %`}</dd>
      ${
        cache.evictedStudies === 0
          ? nothing
          : html`<dt>${msg("Studies let go")}</dt>
              <dd>${cache.evictedStudies.toLocaleString()}</dd>`
      }
    </dl>
    ${cache.trouble === undefined ? nothing : html`<p class="bad">${troubleText(cache.trouble)}</p>`}
  </div>`;
}

function troubleText(trouble: string): string {
  return trouble === "disk-full"
    ? msg(
        "The disk is full: objects are served from memory only. Free space, or give another folder by --data.",
      )
    : msg(
        "The disk failed: objects are served from memory only. Check the disk of the folder given by --data.",
      );
}

function objects(count: number): string {
  return count === 1 ? msg("1 object") : msg(str`${count.toLocaleString()} objects`);
}

function problemList(
  answer: Asked<readonly ProblemReport[]>,
  isPacs: boolean,
): TemplateResult | typeof nothing {
  if (answer.kind === "asking") return nothing;
  if (answer.kind === "failed") return failureNotice(answer.failure);
  const problems = answer.value;
  if (problems.length === 0)
    return isPacs ? nothing : html`<p class="soft">${msg("No problems are known.")}</p>`;
  const rest = problems.length - MOST_PROBLEMS;
  return html`<details ?open=${problems.length <= 5}>
    <summary>
      ${problems.length === 1 ? msg("1 problem") : msg(str`${problems.length.toLocaleString()} problems`)}
    </summary>
    <ul tabindex="0" aria-label=${msg("Problems")}>
      ${problems.slice(0, MOST_PROBLEMS).map(
        ({ severity, where, code, message }) => html`<li>
          <span class=${severity === "remark" ? "soft" : severity === "failure" ? "bad" : "warn"}
            >${severityText(severity)}</span
          >
          <span>${where}</span> <span class="soft">${message} (${code})</span>
        </li>`,
      )}
      ${rest > 0 ? html`<li class="soft">${msg(str`and ${rest.toLocaleString()} more`)}</li>` : nothing}
    </ul>
  </details>`;
}

function severityText(severity: ProblemReport["severity"]): string {
  switch (severity) {
    case "failure":
      return msg("Not offered");
    case "warning":
      return msg("Warning");
    case "remark":
      return msg("Remark");
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-source-card": NegatoSourceCard;
  }
}
