import { css } from "lit";

/** Looks of modal dialogs. */
export const dialogStyles = css`
  dialog {
    inline-size: min(760px, calc(100vw - 24px));
    max-block-size: calc(100dvh - 24px);
    padding: 0;
    border: 1px solid var(--negato-line);
    border-radius: 12px;
    background: var(--negato-panel);
    color: var(--negato-text);
    box-shadow: 0 16px 64px rgb(0 0 0 / 60%);
    overflow: hidden;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 60%);
  }
  dialog[open] {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
  }
  .title {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    padding: 10px 10px 10px 20px;
    border-block-end: 1px solid var(--negato-line);
  }
  .title h2 {
    font-size: var(--negato-size-16);
    font-weight: 650;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .content {
    overflow: auto;
    padding: 16px 20px 20px;
  }
`;
