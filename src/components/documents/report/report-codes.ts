import { html, nothing, type TemplateResult } from "lit";
import type { Code } from "#core/report/content-item.ts";

/** A code and its scheme behind what it means, where a person asked for codes. */
export function codeTemplate(
  code: Code | undefined,
  { showsCodes }: { readonly showsCodes: boolean },
): TemplateResult | typeof nothing {
  if (!showsCodes || code === undefined || code.value === "") return nothing;
  return html` <span class="code">${code.value}, ${code.scheme}</span>`;
}
