import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { EdgeLetters } from "#core/geometry/orientation-letters.ts";
import type { CornerLine, CornerTexts } from "#core/study/corner-texts.ts";
import type { ScaleBar } from "../orientation/scale-bar.ts";
import { annotationStyles } from "./annotation-styles.ts";

/** Everything that is written over an image. */
export interface Annotations {
  readonly corners: CornerTexts;
  /** Empty letters where the orientation is unknown. */
  readonly letters: EdgeLetters;
  readonly window?: { readonly values: string; readonly name: string };
  /** `Zoom 1.4× · fit · smooth · 0.68 mm/px`. */
  readonly zoom?: string;
  readonly scaleBar?: ScaleBar;
  /** Marks that must not be overlooked: `LOSSY 12:1 (JPEG)`, `PREVIEW`. */
  readonly marks: readonly string[];
  /** From 1; undefined while no image is shown. */
  readonly imageNumber?: number;
  readonly imageCount: number;
  /** `exact · RLE`. */
  readonly fidelity?: string;
  /** Something about the copy that is shown: `as of 09:38, unverified`. */
  readonly note?: string;
}

/**
 * The annotations over an image: identity, study, window and number in the corners, letters at the edges, scale bar.
 * They never overlap; when room is short, they give way in a fixed order, identity and image number last.
 *
 * @event negato-exactness-asked - The mark of exactness was used.
 * @slot - The middle: loading mark, failure.
 * @slot controls - Above the lower corners: the film's controls.
 * @csspart top-left - Identity.
 * @csspart top-right - Study and series.
 * @csspart bottom-left - Window and zoom.
 * @csspart bottom-right - Image number and marks.
 * @cssprop --negato-annotations-end - Room left free at the end for a slider; 14px unless set.
 */
@customElement("negato-annotations")
export class NegatoAnnotations extends LitElement {
  static override readonly styles = annotationStyles;

  @property({ attribute: false }) annotations: Annotations | undefined;

  protected override render(): TemplateResult {
    const { annotations } = this;
    return html`<div class="sheet">
      ${annotations === undefined ? html`<div></div>` : this.#top(annotations)}
      <div class="middle">
        <div class="side">${annotations === undefined ? nothing : this.#before(annotations)}</div>
        <div class="centre"><slot></slot></div>
        <div class="side after">
          <span class="letter" data-edge="right">${annotations?.letters.right}</span>
        </div>
      </div>
      <div class="controls"><slot name="controls"></slot></div>
      ${annotations === undefined ? html`<div></div>` : this.#bottom(annotations)}
    </div>`;
  }

  #top({ corners, letters }: Annotations): TemplateResult {
    return html`<div class="top">
      <div class="corner" part="top-left">${corners.topLeft.map(identityLine)}</div>
      <span class="letter" data-edge="top">${letters.top}</span>
      <div class="corner end" part="top-right">${corners.topRight.map(line)}</div>
    </div>`;
  }

  #before({ letters, scaleBar }: Annotations): TemplateResult {
    return html`<span class="letter" data-edge="left">${letters.left}</span>
      ${scaleBar === undefined ? nothing : scaleBarTemplate(scaleBar)}`;
  }

  #bottom(annotations: Annotations): TemplateResult {
    const { corners, letters, window, zoom, fidelity, note } = annotations;
    return html`<div class="bottom">
      <div class="corner" part="bottom-left">
        ${corners.bottomLeft.map(line)}
        ${
          window === undefined
            ? nothing
            : html`<span class="line" data-key="window"
                ><span class="values">${window.values}</span
                >${window.name === "" ? nothing : html`<span class="window-name"> · ${window.name}</span>`}</span
              >`
        }
        ${optional("zoom", zoom)}
      </div>
      <span class="letter" data-edge="bottom">${letters.bottom}</span>
      <div class="corner end" part="bottom-right">
        ${this.#badges(annotations)} ${imageNumber(annotations)}
        ${fidelity === undefined || fidelity === "" ? nothing : this.#fidelity(fidelity)}
        ${optional("note", note)}
      </div>
    </div>`;
  }

  /** A button: it opens the record of how exact the pixels are. */
  #fidelity(text: string): TemplateResult {
    return html`<button
      class="line"
      type="button"
      data-key="fidelity"
      title=${msg("How exact the pixels are (E)")}
      @click=${() => this.dispatchEvent(new Event("negato-exactness-asked"))}
    >
      ${text}
    </button>`;
  }

  #badges({ corners, marks }: Annotations): TemplateResult | typeof nothing {
    const notices = corners.bottomRight.filter(({ key }) => key !== "lossy");
    if (marks.length + notices.length === 0) return nothing;
    return html`<div class="badges">
      ${notices.map(({ key, text }) => html`<span class="badge" data-key=${key}>${text}</span>`)}
      ${marks.map((text) => html`<span class="badge" data-key="mark">${text}</span>`)}
    </div>`;
  }
}

function imageNumber({ imageNumber, imageCount }: Annotations): TemplateResult | typeof nothing {
  if (imageNumber === undefined) return nothing;
  // The bold number stands within a sentence, whose words and order are the translation's.
  const [before = "", after = ""] = msg(str`Image ${"\u0000"} of ${imageCount}`).split("\u0000");
  return html`<span class="line number" data-key="number"
    >${before}<strong>${imageNumber}</strong>${after}</span
  >`;
}

function identityLine({ key, text }: CornerLine): TemplateResult {
  return html`<span class="line identity" data-key=${key}>${text}</span>`;
}

function line({ key, text }: CornerLine): TemplateResult {
  return html`<span class="line" data-key=${key} title=${text}>${text}</span>`;
}

function optional(key: string, text: string | undefined): TemplateResult | typeof nothing {
  if (text === undefined || text === "") return nothing;
  return html`<span class="line" data-key=${key}>${text}</span>`;
}

function scaleBarTemplate({ lengthPixels, parts, text, provenance }: ScaleBar): TemplateResult {
  const ticks = Array.from({ length: parts + 1 }, (_, index) => (index * lengthPixels) / parts);
  return html`<div class="scale" part="scale-bar" role="img" aria-label=${msg(str`Scale: ${text} ${provenance}`)}>
    <svg width="8" height=${lengthPixels} aria-hidden="true">
      <path
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        d=${`M0.75 0V${lengthPixels}${ticks.map((y, index) => `M0.75 ${y}h${index === 0 || index === parts ? 7 : 4}`).join("")}`}
      />
    </svg>
    <span>${text}${provenance === "" ? nothing : html`<small>${provenance}</small>`}</span>
  </div>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-annotations": NegatoAnnotations;
  }
}
