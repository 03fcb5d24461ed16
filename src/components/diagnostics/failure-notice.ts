import { msg, str } from "@lit/localize";
import { html, nothing, type TemplateResult } from "lit";
import type { Failure } from "../../viewer/companion/companion-requests.ts";
import { failureWords } from "./diagnostics-words.ts";

/** What stands where an answer of the companion would: why it is not there, and the way to ask again. */
export function failureNotice(failure: Failure, retry?: () => void): TemplateResult {
  const { heading, text } = failureWords(failure);
  return html`<div class="notice" role="alert">
    <negato-icon
      name=${failure.code === "network" ? "wifi-off" : "triangle-alert"}
    ></negato-icon>
    <div class="grow">
      <p><strong>${heading}</strong></p>
      <p>${text} <span class="small">${msg(str`Code: ${failure.code}`)}</span></p>
    </div>
    ${
      retry === undefined
        ? nothing
        : html`<button class="button" type="button" @click=${retry}>
            <negato-icon name="refresh-cw"></negato-icon>${msg("Try again")}
          </button>`
    }
  </div>`;
}
