import { css } from "lit";

/** Looks of a viewport: the canvas, what lies over it, and the frame around it. */
export const viewportStyles = css`
  :host {
    position: relative;
    display: block;
    min-inline-size: 0;
    min-block-size: 0;
    overflow: hidden;
    contain: strict;
    background: var(--negato-image-ground, #000);
    color: var(--negato-text, oklch(0.94 0 0));
    font: 400 13px / 1.4 var(--negato-font, system-ui, sans-serif);
    --negato-annotations-end: 14px;
  }
  :host([hidden]) {
    display: none;
  }
  .root {
    position: absolute;
    inset: 0;
    container-type: size;
  }
  .stage {
    position: absolute;
    inset: 0;
    outline: none;
    cursor: default;
  }
  .stage[data-tool="pan"] {
    cursor: grab;
  }
  .stage[data-tool="zoom"] {
    cursor: zoom-in;
  }
  .stage[data-tool="scroll"] {
    cursor: ns-resize;
  }
  canvas {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
    /* Layers of their own: a new image must not have the page around it painted again, nor the texts the image. */
    will-change: transform;
  }
  .frame {
    position: absolute;
    inset: 0;
    pointer-events: none;
    border: 2px solid transparent;
  }
  :host([active]) .frame {
    border-color: var(--negato-accent, oklch(0.8 0.1 205));
  }
  .stage:focus-visible ~ .frame {
    border-color: var(--negato-accent, oklch(0.8 0.1 205));
    box-shadow: inset 0 0 0 2px #000, inset 0 0 0 4px var(--negato-text, oklch(0.94 0 0));
  }
  negato-stack-slider {
    position: absolute;
    inset-inline-end: 0;
    inset-block: 76px;
    will-change: transform;
  }
  .mark {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 6px 12px;
    border-radius: var(--negato-radius, 8px);
    background: oklch(0.215 0 0 / 0.85);
    color: var(--negato-text, oklch(0.94 0 0));
    text-shadow: none;
  }
  .mark::before {
    content: "";
    flex: none;
    inline-size: 12px;
    block-size: 12px;
    border: 2px solid var(--negato-faint, oklch(0.6 0 0));
    border-block-start-color: var(--negato-text, oklch(0.94 0 0));
    border-radius: 50%;
    animation: turn 1s linear infinite;
  }
  @keyframes turn {
    to {
      transform: rotate(1turn);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .mark::before {
      animation: none;
    }
  }
  .empty {
    color: var(--negato-soft, oklch(0.76 0 0));
    text-align: center;
    text-shadow: none;
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @container (max-height: 400px) {
    negato-stack-slider {
      inset-block: 56px;
    }
  }
`;
