import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { ICONS, type IconName } from "./icons.generated.ts";

/**
 * An icon in the colour of the text around it. It is decoration: the control that holds it carries the name.
 *
 * @cssprop --negato-icon-size - Edge length; 20px unless set.
 */
@customElement("negato-icon")
export class NegatoIcon extends LitElement {
  static override readonly styles = css`
    :host {
      display: inline-flex;
      flex: none;
      inline-size: var(--negato-icon-size, 20px);
      block-size: var(--negato-icon-size, 20px);
    }
    svg {
      inline-size: 100%;
      block-size: 100%;
      fill: none;
      stroke: currentColor;
      stroke-width: 1.75;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `;

  /** Lucide name of the icon. */
  @property() name: IconName = "image";

  protected override render(): TemplateResult {
    return html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      ${ICONS[this.name]}
    </svg>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-icon": NegatoIcon;
  }
}
