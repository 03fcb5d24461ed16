import { css } from "lit";

/** Looks of the toolbar: labels where there is room, icons alone where there is less, thumb-sized on phones. */
export const toolbarStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
    container-type: inline-size;
    background: var(--negato-panel);
  }
  .bar {
    display: flex;
    align-items: center;
    gap: 2px;
    block-size: var(--negato-toolbar-height);
    padding-inline: max(8px, env(safe-area-inset-left)) max(8px, env(safe-area-inset-right));
    overflow: hidden;
  }
  .tool {
    display: inline-flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 2px;
    flex: none;
    min-inline-size: 44px;
    block-size: 44px;
    padding: 0 4px;
    border: 0;
    border-radius: var(--negato-radius);
    background: none;
    color: var(--negato-soft);
  }
  .label {
    font-size: 0.6875rem;
    line-height: 1.1;
    white-space: nowrap;
  }
  .tool[aria-pressed="true"] {
    background: var(--negato-accent-ground);
    color: var(--negato-accent);
  }
  .tool:disabled {
    color: var(--negato-line);
  }
  @media (hover: hover) {
    .tool:not([aria-pressed="true"], :disabled):hover {
      background: var(--negato-raised);
      color: var(--negato-text);
    }
  }
  .divider {
    flex: none;
    inline-size: 1px;
    block-size: 24px;
    margin-inline: 6px;
    background: var(--negato-line);
  }
  .name {
    flex: 1;
  }
  .name::first-letter {
    text-transform: uppercase;
  }
  .name small {
    display: block;
    max-inline-size: 44ch;
    font-size: var(--negato-size-12);
    color: var(--negato-soft);
    overflow-wrap: anywhere;
  }
  .menu-item[aria-checked="true"] small,
  .menu-item[aria-checked="true"] .end {
    color: var(--negato-text);
  }
  /* What can be on together wears a tick; the accent is for the one that is chosen among several. */
  .menu-item[role="menuitemcheckbox"] {
    background: none;
    color: var(--negato-text);
  }
  .menu-item[role="menuitemcheckbox"][aria-checked="true"] .end::after {
    content: "✓";
    padding-inline-start: 8px;
    color: var(--negato-accent);
  }
  .heading {
    padding: 8px 10px 4px;
    font-size: var(--negato-size-12);
    font-weight: 600;
    letter-spacing: 0.04em;
    color: var(--negato-soft);
  }
  /* Who touches has no keys to be told of. */
  @media (pointer: coarse) {
    [popover] kbd,
    [popover] .no-key {
      display: none;
    }
  }
  .no-key {
    inline-size: 22px;
  }
  .end .no-key {
    display: none;
  }
  @container (min-width: 1180px) {
    .tool {
      min-inline-size: 60px;
    }
  }
  @container (max-width: 1179.9px) {
    .tool {
      --negato-icon-size: 22px;
    }
    .label {
      display: none;
    }
  }
  @container (max-width: 599.9px) {
    .bar {
      block-size: 60px;
      justify-content: space-around;
      gap: 0;
    }
    .tool {
      flex: 1;
      block-size: 52px;
      gap: 3px;
    }
    .label {
      display: block;
    }
    .divider {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .tool[aria-pressed="true"] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
