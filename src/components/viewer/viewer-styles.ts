import { css } from "lit";

/** Looks of the viewer element and of the screens that are no more than a sentence. */
export const viewerStyles = css`
  :host {
    display: block;
    position: relative;
    block-size: 100%;
    min-block-size: 320px;
    overflow: hidden;
    background: var(--negato-ground);
    color-scheme: dark;
    isolation: isolate;
  }
  .viewer {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    block-size: 100%;
  }
  negato-study-view {
    grid-row: 1 / -1;
  }
  .message {
    align-self: center;
    justify-self: center;
    max-inline-size: 52ch;
    padding: 24px;
    text-align: center;
    color: var(--negato-soft);
  }
  .choice {
    overflow: auto;
    padding: 20px max(20px, 50% - 660px);
  }
  .choice h1 {
    margin-block-end: 12px;
    font-size: var(--negato-size-20);
  }
  negato-local-files {
    margin-block-end: 18px;
  }
  .foot {
    padding-block: 24px 8px;
    text-align: center;
    font-size: var(--negato-size-12);
    color: var(--negato-soft);
  }
  .drop {
    position: absolute;
    inset: 12px;
    z-index: 10;
    display: grid;
    place-items: center;
    border: 2px dashed var(--negato-accent);
    border-radius: 16px;
    background: oklch(0.17 0 0 / 88%);
    font-size: var(--negato-size-20);
    pointer-events: none;
  }
`;
