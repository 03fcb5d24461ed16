import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { IconName } from "./icons.generated.ts";

/** The drawings, once they have arrived: no image waits for them. */
let drawings: typeof import("./icons.generated.ts").ICONS | undefined;
const arriving = import("./icons.generated.ts").then(({ ICONS }) => {
  drawings = ICONS;
});

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

  override connectedCallback(): void {
    super.connectedCallback();
    // Without its drawings an icon stays an empty space of its size; its control still has a name.
    if (drawings === undefined) arriving.then(() => this.requestUpdate()).catch(() => undefined);
  }

  protected override render(): TemplateResult {
    return html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      ${drawings?.[this.name] ?? nothing}
    </svg>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-icon": NegatoIcon;
  }
}
