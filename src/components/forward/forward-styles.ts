import { css } from "lit";

/** Looks of the dialog that forwards. */
export const forwardStyles = css`
  .patient {
    font-weight: 650;
    font-size: var(--negato-size-16);
    overflow-wrap: anywhere;
  }
  .soft {
    color: var(--negato-soft);
  }
  .bad {
    color: var(--negato-bad);
  }
  form,
  .going,
  .result {
    margin-block-start: 16px;
  }
  .field {
    display: grid;
    gap: 4px;
  }
  .field > span,
  legend {
    padding: 0;
    font-size: var(--negato-size-12);
    color: var(--negato-soft);
  }
  select {
    min-block-size: var(--negato-target);
    padding: 4px 10px;
    border: 1px solid var(--negato-line);
    border-radius: var(--negato-radius);
    background: var(--negato-ground);
    color-scheme: dark;
  }
  fieldset {
    margin: 14px 0 0;
    padding: 0;
    border: 0;
  }
  .level {
    display: flex;
    align-items: center;
    gap: 10px;
    min-block-size: var(--negato-target);
    overflow-wrap: anywhere;
  }
  input {
    inline-size: 18px;
    block-size: 18px;
    accent-color: var(--negato-accent);
  }
  .buttons {
    display: flex;
    justify-content: flex-end;
    gap: 8px;
    margin-block-start: 16px;
  }
  .primary {
    border-color: var(--negato-accent);
    background: var(--negato-accent-ground);
    color: var(--negato-accent);
  }
  progress {
    inline-size: 100%;
    margin-block-start: 8px;
    accent-color: var(--negato-accent);
  }
  .result {
    display: flex;
    gap: 12px;
    padding: 12px 14px;
    border-radius: var(--negato-radius);
    background: var(--negato-raised);
    color: var(--negato-text);
    overflow-wrap: anywhere;
  }
  .result.good negato-icon {
    color: var(--negato-good);
  }
  .result.warn negato-icon {
    color: var(--negato-warn);
  }
  .result.bad negato-icon {
    color: var(--negato-bad);
  }
  summary {
    cursor: pointer;
    padding-block: 6px;
  }
  ul {
    max-block-size: 30vh;
    overflow: auto;
    margin: 0;
    padding-inline-start: 18px;
    font-size: var(--negato-size-12);
    color: var(--negato-soft);
  }
`;
