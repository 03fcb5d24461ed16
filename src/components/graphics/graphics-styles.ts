import { css } from "lit";

/** Looks of graphics over an image: every line and text on a dark halo, so that it is seen on white as on black. */
export const graphicsStyles = css`
  :host {
    position: absolute;
    inset: 0;
    overflow: hidden;
    pointer-events: none;
    --own: var(--negato-measure, oklch(0.88 0.16 95));
    color: var(--own);
  }
  :host([hidden]),
  [hidden] {
    display: none;
  }
  svg {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    overflow: hidden;
    fill: none;
    stroke-linecap: round;
    stroke-linejoin: round;
    stroke: currentColor;
  }
  .halo {
    stroke: oklch(0 0 0 / 0.75);
  }
  path,
  line {
    vector-effect: non-scaling-stroke;
  }
  p {
    position: absolute;
    inset: 0 auto auto 0;
    box-sizing: border-box;
    margin: 0;
    padding: 0 2px;
    inline-size: max-content;
    max-block-size: 16lh;
    overflow: hidden;
    font-family: var(--negato-font, system-ui, sans-serif);
    line-height: 1.25;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    text-shadow:
      0 0 1px #000,
      0 0 2px #000,
      0 0 3px #000,
      0 0 5px rgb(0 0 0 / 0.8);
  }
  .bold {
    font-weight: 700;
  }
  .italic {
    font-style: italic;
  }
  .underlined {
    text-decoration: underline;
  }
  [data-horizontal="center"] {
    text-align: center;
  }
  [data-horizontal="right"] {
    text-align: right;
  }
`;
