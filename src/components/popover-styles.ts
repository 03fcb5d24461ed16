import { css } from "lit";

/** Looks of popovers and of menus in them. */
export const popoverStyles = css`
  [popover] {
    position: fixed;
    margin: 0;
    padding: 6px;
    min-inline-size: 220px;
    max-inline-size: min(440px, calc(100vw - 12px));
    overflow: auto;
    border: 1px solid var(--negato-line);
    border-radius: var(--negato-radius);
    background: var(--negato-panel);
    color: var(--negato-text);
    box-shadow: 0 8px 32px rgb(0 0 0 / 60%);
  }
  .menu-item {
    display: flex;
    align-items: center;
    gap: 12px;
    inline-size: 100%;
    min-block-size: var(--negato-target);
    padding: 4px 10px;
    border: 0;
    border-radius: var(--negato-radius-small);
    background: none;
    text-align: start;
  }
  .menu-item[aria-checked="true"] {
    background: var(--negato-accent-ground);
    color: var(--negato-accent);
  }
  .menu-item .end {
    margin-inline-start: auto;
    color: var(--negato-soft);
    font-size: var(--negato-size-13);
  }
  .menu-item kbd,
  kbd {
    min-inline-size: 22px;
    padding: 0 6px;
    border: 1px solid var(--negato-line);
    border-radius: var(--negato-radius-small);
    background: var(--negato-raised);
    color: var(--negato-soft);
    font: inherit;
    font-size: var(--negato-size-12);
    line-height: 20px;
    text-align: center;
  }
  @media (hover: hover) {
    .menu-item:not([aria-checked="true"], :disabled):hover {
      background: var(--negato-raised);
    }
  }
`;
