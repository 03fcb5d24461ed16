import { css } from "lit";

/** Looks of curves over time: tools above, paper below, notes under it. */
export const waveformStyles = css`
  select {
    min-block-size: var(--negato-target);
    padding: 4px 8px;
    border: 1px solid var(--negato-line);
    border-radius: var(--negato-radius);
    background: var(--negato-raised);
    color: var(--negato-text);
  }
  .button[aria-pressed="true"] {
    background: var(--negato-accent-ground);
    color: var(--negato-accent);
  }
  .touch {
    display: none;
  }
  .time {
    display: flex;
    align-items: center;
    gap: 8px;
    flex: 1 1 12rem;
    color: var(--negato-soft);
  }
  .time input {
    flex: 1;
    min-inline-size: 6rem;
    min-block-size: var(--negato-target);
    accent-color: var(--negato-accent);
  }
  .scroll {
    overflow: auto;
    background: var(--negato-ground);
  }
  .facts {
    position: sticky;
    inset-inline-start: 0;
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
    padding: 8px 16px;
    max-inline-size: 100%;
  }
  .soft {
    color: var(--negato-soft);
    font-size: var(--negato-size-13);
  }
  .further {
    color: var(--negato-warn);
    font-weight: 600;
  }
  section,
  details {
    position: sticky;
    inset-inline-start: 0;
    max-inline-size: 90ch;
    padding: 12px 16px;
  }
  h3 {
    margin-block-end: 6px;
    font-size: var(--negato-size-14);
  }
  dl {
    margin: 0;
    columns: 2 20rem;
    column-gap: 32px;
  }
  dl div {
    display: grid;
    grid-template-columns: minmax(7rem, 1fr) 1fr;
    gap: 12px;
    padding-block: 2px;
    break-inside: avoid;
  }
  dt {
    color: var(--negato-soft);
  }
  dd {
    margin: 0;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  summary {
    min-block-size: var(--negato-target);
    align-content: center;
    cursor: pointer;
  }
  table {
    border-collapse: collapse;
    font-size: var(--negato-size-13);
  }
  th,
  td {
    padding: 4px 16px 4px 0;
    border-block-end: 1px solid var(--negato-line);
    text-align: start;
  }
  .note {
    display: grid;
    gap: 12px;
    justify-items: start;
    padding: 20px;
  }
  .problem {
    display: flex;
    gap: 8px;
    align-self: start;
    color: var(--negato-warn);
    --negato-icon-size: 18px;
  }
  :host > .problem {
    padding: 20px;
  }
  @media (max-width: 640px) {
    .tools {
      flex-wrap: nowrap;
      overflow-x: auto;
    }
    .tools > * {
      flex: none;
    }
  }
  @media (pointer: coarse) {
    .touch {
      display: inline-flex;
    }
  }
`;
