import { css } from "lit";

/** Looks of the head bar. */
export const headBarStyles = css`
  :host {
    display: block;
    container-type: inline-size;
    background: var(--negato-ground);
    border-block-end: 1px solid var(--negato-raised);
  }
  header {
    display: flex;
    align-items: center;
    gap: 4px;
    block-size: var(--negato-head-height);
    padding-inline: max(8px, env(safe-area-inset-left)) max(8px, env(safe-area-inset-right));
  }
  .brand {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    padding-inline: 8px 10px;
    font-weight: 600;
  }
  .logo {
    inline-size: 22px;
    block-size: 22px;
    filter: drop-shadow(0 0 6px oklch(0.8 0.1 205 / 45%));
  }
  .identity {
    display: flex;
    align-items: baseline;
    gap: 10px;
    min-inline-size: 0;
    padding-inline-start: 4px;
    white-space: nowrap;
  }
  h1 {
    font-size: var(--negato-size-16);
    font-weight: 650;
    overflow: hidden;
    text-overflow: ellipsis;
    flex: 0 1 auto;
    min-inline-size: 8ch;
  }
  .facts,
  .study {
    color: var(--negato-soft);
    overflow: hidden;
    text-overflow: ellipsis;
    flex: 0 4 auto;
  }
  .study {
    flex-shrink: 20;
  }
  .space {
    flex: 1 1 0;
  }
  .counts {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    flex: none;
    min-block-size: 28px;
    padding: 2px 10px;
    border: 0;
    border-radius: 999px;
    background: var(--negato-raised);
    color: var(--negato-soft);
    font-size: var(--negato-size-13);
    --negato-icon-size: 15px;
  }
  .counts.whole {
    background: var(--negato-good-ground);
    color: var(--negato-good);
  }
  .counts.partial {
    background: var(--negato-warn-ground);
    color: var(--negato-warn);
  }
  .counts .short {
    display: none;
  }
  .completeness {
    padding: 14px 16px;
  }
  .completeness h2 {
    font-size: var(--negato-size-14);
    margin-block-end: 6px;
  }
  .completeness p,
  .completeness li {
    color: var(--negato-soft);
    font-size: var(--negato-size-13);
  }
  .completeness strong {
    display: block;
    color: var(--negato-text);
    font-weight: 600;
  }
  ul {
    margin: 0 0 8px;
    padding: 0;
    list-style: none;
    display: grid;
    gap: 8px;
  }
  @container (max-width: 1100px) {
    .study {
      display: none;
    }
  }
  @container (max-width: 820px) {
    .counts .text {
      display: none;
    }
    .counts .short {
      display: inline;
    }
    .counts .short:empty {
      display: none;
    }
  }
  @container (max-width: 560px) {
    .keys {
      display: none;
    }
    .identity {
      display: grid;
      gap: 0;
      line-height: 1.15;
    }
    .facts {
      font-size: var(--negato-size-12);
    }
  }
  @media (pointer: coarse) {
    .counts {
      min-block-size: 36px;
      min-inline-size: 44px;
      justify-content: center;
    }
  }
`;
