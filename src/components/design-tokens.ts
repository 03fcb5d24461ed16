import { css } from "lit";

/**
 * The custom properties of the look: neutral greys without a colour cast, because a cast changes how grey
 * is seen; one accent, for what is selected and nothing else. `<negato-viewer>` sets them on itself, every
 * element within inherits them, and the page around may override any of them on the tag.
 */
export const designTokens = css`
  :host {
    --negato-image-ground: #000;
    --negato-ground: oklch(0.17 0 0);
    --negato-panel: oklch(0.215 0 0);
    --negato-raised: oklch(0.265 0 0);
    --negato-line: oklch(0.31 0 0);
    --negato-text: oklch(0.94 0 0);
    --negato-soft: oklch(0.76 0 0);
    --negato-faint: oklch(0.6 0 0);
    --negato-accent: oklch(0.8 0.1 205);
    --negato-accent-ground: oklch(0.33 0.045 215);
    --negato-measure: oklch(0.88 0.16 95);
    --negato-warn: oklch(0.84 0.15 80);
    --negato-warn-ground: oklch(0.31 0.05 80);
    --negato-good: oklch(0.8 0.13 155);
    --negato-good-ground: oklch(0.28 0.04 155);
    --negato-bad: oklch(0.72 0.17 25);
    --negato-bad-ground: oklch(0.3 0.06 25);

    --negato-font: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
    --negato-size-12: 0.75rem;
    --negato-size-13: 0.8125rem;
    --negato-size-14: 0.875rem;
    --negato-size-16: 1rem;
    --negato-size-20: 1.25rem;

    --negato-unit: 4px;
    --negato-radius: 8px;
    --negato-radius-small: 4px;
    --negato-head-height: 48px;
    --negato-toolbar-height: 52px;
    --negato-thumbnails-width: 136px;
    --negato-target: 36px;
    --negato-focus: 2px solid var(--negato-accent);
  }
  @media (max-width: 1200px) {
    :host {
      --negato-thumbnails-width: 104px;
    }
  }
  @media (pointer: coarse) {
    :host {
      --negato-target: 44px;
    }
  }
`;
