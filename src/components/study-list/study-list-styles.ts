import { css } from "lit";

/** Looks of the study list around its table. */
export const studyListStyles = css`
  :host {
    display: block;
    min-block-size: 0;
    background: var(--negato-ground);
  }
  .scroller {
    block-size: 100%;
    overflow: auto;
    overscroll-behavior: contain;
    padding: 20px max(20px, env(safe-area-inset-right)) max(20px, env(safe-area-inset-bottom))
      max(20px, env(safe-area-inset-left));
  }
  .column {
    max-inline-size: 1320px;
    margin-inline: auto;
  }
  .above {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    min-block-size: 44px;
    margin-block-start: 8px;
    color: var(--negato-soft);
    font-size: var(--negato-size-13);
  }
  .new {
    min-block-size: 32px;
    border-color: var(--negato-accent);
    border-radius: 999px;
    color: var(--negato-accent);
    --negato-icon-size: 16px;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 8px;
  }
  @media (pointer: coarse) {
    .new {
      min-block-size: 44px;
    }
  }
  .stale {
    opacity: 0.5;
    transition: opacity 120ms 150ms;
  }
  .warning {
    margin-block: 0 8px;
    color: var(--negato-warn);
    font-size: var(--negato-size-13);
  }
  .state {
    display: grid;
    justify-items: center;
    gap: 12px;
    max-inline-size: 46ch;
    margin: 8vh auto 0;
    text-align: center;
    color: var(--negato-soft);
    --negato-icon-size: 32px;
  }
  .state h2 {
    font-size: var(--negato-size-20);
    font-weight: 600;
    color: var(--negato-text);
  }
  .state + negato-scheduled-work {
    margin-block-start: 32px;
  }
  .failed > negato-icon,
  .partial > negato-icon {
    color: var(--negato-warn);
  }
  .partial {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    margin-block-end: 12px;
    padding: 8px 12px;
    border-radius: var(--negato-radius);
    background: var(--negato-warn-ground);
  }
  .partial h2 {
    font-size: var(--negato-size-14);
  }
  small {
    font-size: var(--negato-size-12);
    color: var(--negato-soft);
  }
  .pages {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 16px;
    padding-block: 16px;
    color: var(--negato-soft);
  }
  @media (max-width: 640px) {
    .scroller {
      padding-inline: 12px;
      padding-block-start: 12px;
    }
  }
`;
