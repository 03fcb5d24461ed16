import { msg, str } from "@lit/localize";
import { html, nothing, type TemplateResult } from "lit";
import type { Report } from "#core/report/report.ts";
import { dateTimeText, nameText } from "../../dicom-text.ts";
import "../../icon/negato-icon.ts";
import { momentWords } from "./report-words.ts";

/** Title of a report, how final it is, who vouches for it and what made it (safety C22, C28). */
export function reportHeader(report: Report, title: string): TemplateResult {
  const moment = dateTimeText(report.contentDate, report.contentTime);
  return html`<header>
    <h3 class="title">${title}</h3>
    <p class="facts">
      ${statusTemplate(report)}
      ${moment === "" ? nothing : html`<span class="soft">${moment}</span>`}
    </p>
    ${
      report.completionDescription === undefined
        ? nothing
        : html`<p class="soft">${report.completionDescription}</p>`
    }
    ${machinesTemplate(report)}
    ${
      report.verifyingObservers.length === 0
        ? nothing
        : html`<ul class="observers">
            ${report.verifyingObservers.map(
              ({ name, organization, at }) => html`<li>
                ${msg("Verified by")} <strong>${nameText(name)}</strong>
                ${[organization ?? "", momentWords(at ?? "")].filter((text) => text !== "").join(" · ")}
              </li>`,
            )}
          </ul>`
    }
    ${
      report.predecessorCount === 0
        ? nothing
        : html`<p class="soft">
            ${
              report.predecessorCount === 1
                ? msg("It replaces or continues 1 earlier document.")
                : msg(str`It replaces or continues ${report.predecessorCount} earlier documents.`)
            }
          </p>`
    }
  </header>`;
}

function statusTemplate(report: Report): TemplateResult | typeof nothing {
  const { completion, verification, isPreliminary } = report;
  if (completion === undefined && verification === undefined) return nothing;
  const isGood = completion === "COMPLETE" && verification === "VERIFIED" && !isPreliminary;
  return html`<span class="status ${isGood ? "" : "unverified"}">${reportStatusText(report)}</span>`;
}

/** `complete · verified`, `preliminary · not complete · not verified`. */
export function reportStatusText({ completion, verification, isPreliminary }: Report): string {
  return [
    isPreliminary ? msg("preliminary") : "",
    completion === "COMPLETE" ? msg("complete") : msg("not complete"),
    verification === "VERIFIED" ? msg("verified") : msg("not verified"),
  ]
    .filter((text) => text !== "")
    .join(" · ");
}

function machinesTemplate(report: Report): TemplateResult | typeof nothing {
  if (!report.isMachineMade) return nothing;
  const names = report.machines.join(", ");
  return html`<p class="machine">
    <negato-icon name="triangle-alert"></negato-icon>
    <span
      >${
        names === ""
          ? msg("A device or an algorithm had a part in this report.")
          : msg(str`A device or an algorithm had a part in this report: ${names}.`)
      }
      ${report.verification === "VERIFIED" ? nothing : msg("No person has verified it.")}</span
    >
  </p>`;
}
