import { html, nothing, type TemplateResult } from "lit";

/** One line of a menu. */
export interface MenuItem {
  readonly role: "menuitem" | "menuitemradio" | "menuitemcheckbox";
  readonly name: string;
  /** Undefined for what is not on or off. */
  readonly isChecked?: boolean;
  /** Beside the name, softer. */
  readonly end?: string;
  /** Below the name, softer. */
  readonly note?: string;
  /** Key that does the same. */
  readonly key?: string;
  /** Undefined: it only says something. */
  readonly choose?: () => void;
}

/** A line of a menu; one that does nothing can still be reached and read. */
export function menuItem({
  role,
  name,
  isChecked,
  end = "",
  note = "",
  key = "",
  choose,
}: MenuItem): TemplateResult {
  return html`<button
    type="button"
    class="menu-item"
    role=${role}
    aria-checked=${isChecked ?? nothing}
    aria-disabled=${choose === undefined ? "true" : nothing}
    @click=${() => choose?.()}
  >
    ${keyCap(key)}<span class="name">${name}${note === "" ? nothing : html` <small>${note}</small>`}</span
    ><span class="end">${end}</span>
  </button>`;
}

/** Lines under a heading. */
export function menuGroup(
  heading: string,
  items: readonly MenuItem[],
): TemplateResult | typeof nothing {
  if (items.length === 0) return nothing;
  return html`<div role="group" aria-label=${heading}>
    <div class="heading" aria-hidden="true">${heading}</div>
    ${items.map(menuItem)}
  </div>`;
}

export function keyCap(key: string): TemplateResult {
  return key === "" ? html`<span class="no-key"></span>` : html`<kbd>${key}</kbd>`;
}
