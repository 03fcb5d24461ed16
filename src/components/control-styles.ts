import { css } from "lit";

/** Looks that every element of the shell shares: box model, text, focus, buttons, fields and scroll bars. */
export const controlStyles = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    font: 400 var(--negato-size-14) / 1.4 var(--negato-font);
    font-variant-numeric: tabular-nums;
    color: var(--negato-text);
    scrollbar-color: var(--negato-line) transparent;
    scrollbar-width: thin;
    -webkit-tap-highlight-color: transparent;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  :focus-visible {
    outline: var(--negato-focus);
    outline-offset: -2px;
  }
  h1,
  h2,
  h3,
  p {
    margin: 0;
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
    margin: 0;
  }
  button {
    cursor: pointer;
  }
  button:disabled,
  button[aria-disabled="true"] {
    cursor: default;
    color: var(--negato-faint);
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-block-size: var(--negato-target);
    padding: 4px 14px;
    border: 1px solid var(--negato-line);
    border-radius: var(--negato-radius);
    background: var(--negato-raised);
    --negato-icon-size: 18px;
  }
  .button.quiet {
    border-color: transparent;
    background: none;
    color: var(--negato-soft);
  }
  .button.danger {
    color: var(--negato-bad);
  }
  .button.icon-only {
    inline-size: var(--negato-target);
    padding: 0;
  }
  @media (hover: hover) {
    .button:not(:disabled):hover {
      background: var(--negato-line);
      color: var(--negato-text);
    }
    .button.danger:not(:disabled):hover {
      color: var(--negato-bad);
    }
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
