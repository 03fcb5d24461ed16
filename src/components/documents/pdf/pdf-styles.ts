import { css } from "lit";

/** Looks of a PDF document: tools above, pages on a neutral ground. */
export const pdfStyles = css`
  .space {
    flex: 1;
  }
  .fit[aria-pressed="true"] {
    background: var(--negato-accent-ground);
    color: var(--negato-accent);
  }
  .pages-field {
    display: flex;
    align-items: center;
    gap: 6px;
    color: var(--negato-soft);
  }
  input {
    min-block-size: var(--negato-target);
    padding: 4px 8px;
    border: 1px solid var(--negato-line);
    border-radius: var(--negato-radius);
    background: var(--negato-ground);
    color: var(--negato-text);
  }
  input[type="number"] {
    inline-size: 4.5rem;
  }
  input[type="search"] {
    inline-size: 11rem;
  }
  form {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .found {
    color: var(--negato-soft);
    font-size: var(--negato-size-13);
  }
  .note {
    padding: 20px;
  }
  .problem {
    display: flex;
    gap: 8px;
    align-self: start;
    color: var(--negato-warn);
    --negato-icon-size: 18px;
  }
  .scroll {
    overflow: auto;
    background: var(--negato-ground);
    overscroll-behavior: contain;
    touch-action: pan-x pan-y;
  }
  .pages {
    position: relative;
  }
  .page {
    position: absolute;
    inset-inline: 0;
    margin-inline: auto;
    background: #fff;
    box-shadow: 0 1px 6px rgb(0 0 0 / 50%);
    overflow: hidden;
  }
  .page canvas {
    inline-size: 100%;
    block-size: 100%;
    display: block;
  }
  /* A link takes the place of the text under it; where there is none, it lets the text be selected. */
  .links {
    position: absolute;
    inset: 0;
    pointer-events: none;
  }
  .links > * {
    position: absolute;
    padding: 0;
    border: 0;
    border-block-end: 1px solid rgb(0 70 180 / 55%);
    background: none;
    cursor: pointer;
    pointer-events: auto;
  }
  .links > :is(:hover, :focus-visible) {
    background: rgb(0 90 200 / 18%);
  }
  .links > :focus-visible {
    outline: 2px solid #0046b4;
  }
  .page.broken {
    background: repeating-linear-gradient(45deg, #fff 0 12px, #ddd 12px 24px);
  }
  .textLayer {
    position: absolute;
    inset: 0;
    overflow: clip;
    line-height: 1;
    color-scheme: only light;
    transform-origin: 0 0;
    --min-font-size: 1;
    --text-scale-factor: calc(var(--total-scale-factor) * var(--min-font-size));
    --min-font-size-inv: calc(1 / var(--min-font-size));
    --scale-round-x: 1px;
    --scale-round-y: 1px;
  }
  .textLayer :is(span, br) {
    position: absolute;
    color: transparent;
    white-space: pre;
    cursor: text;
    transform-origin: 0% 0%;
  }
  .textLayer > :not(.markedContent),
  .textLayer .markedContent span:not(.markedContent) {
    --font-height: 0;
    --scale-x: 1;
    --rotate: 0deg;
    font-size: calc(var(--text-scale-factor) * var(--font-height));
    transform: rotate(var(--rotate)) scaleX(var(--scale-x)) scale(var(--min-font-size-inv));
  }
  .textLayer .markedContent {
    display: contents;
  }
  .textLayer ::selection {
    background: rgb(0 90 200 / 30%);
  }
  .textLayer .found {
    background: rgb(255 200 0 / 45%);
  }
  @media (max-width: 640px) {
    .space {
      display: none;
    }
    form {
      flex: 1 1 6rem;
      flex-wrap: wrap;
      min-inline-size: 6rem;
    }
    input[type="search"] {
      flex: 1;
      inline-size: auto;
      min-inline-size: 6rem;
    }
  }
`;
