import { css } from "lit";

/** Looks of the trace of associations: arrows between two sides, time going down. */
export const associationStyles = css`
  :host {
    display: block;
  }
  a.button {
    color: inherit;
    text-decoration: none;
  }
  select {
    min-block-size: var(--negato-target);
    max-inline-size: 60vw;
    padding: 4px 10px;
    border: 1px solid var(--negato-line);
    border-radius: var(--negato-radius);
    background: var(--negato-panel);
    color-scheme: dark;
  }
  .empty {
    margin-block-start: 12px;
  }
  .notice {
    margin-block-start: 12px;
  }
  .rows {
    max-block-size: min(420px, 55vh);
    margin-block-start: 12px;
    overflow: auto;
    overscroll-behavior: contain;
    border: 1px solid var(--negato-line);
    border-radius: var(--negato-radius);
    background: var(--negato-ground);
    font-size: var(--negato-size-12);
  }
  table {
    inline-size: 100%;
    border-collapse: separate;
    border-spacing: 0;
  }
  th {
    position: sticky;
    inset-block-start: 0;
    z-index: 1;
    padding: 6px 8px;
    background: var(--negato-panel);
    border-block-end: 1px solid var(--negato-line);
    color: var(--negato-soft);
    font-weight: 400;
    text-align: start;
    white-space: nowrap;
  }
  td {
    padding: 3px 8px;
    white-space: nowrap;
    vertical-align: middle;
  }
  tbody tr:hover td {
    background: var(--negato-panel);
  }
  .time {
    color: var(--negato-soft);
  }
  .number {
    text-align: end;
  }
  .lane-head span:last-child {
    float: inline-end;
  }
  .lane {
    inline-size: 220px;
    min-inline-size: 180px;
    text-align: center;
  }
  .what {
    display: block;
    padding-inline: 14px;
    line-height: 17px;
  }
  .sent .what,
  .received .what {
    position: relative;
    padding-block-end: 5px;
  }
  .sent .what::after,
  .received .what::after {
    content: "";
    position: absolute;
    inset-inline: 0;
    inset-block-end: 2px;
    border-block-start: 1px solid var(--negato-faint);
  }
  .sent .what::before,
  .received .what::before {
    content: "";
    position: absolute;
    inset-block-end: -1px;
    border-block: 3.5px solid transparent;
  }
  .sent .what::before {
    right: 0;
    border-left: 6px solid var(--negato-soft);
  }
  .received .what::before {
    left: 0;
    border-right: 6px solid var(--negato-soft);
  }
  .lane:not(.sent, .received) {
    color: var(--negato-soft);
    font-style: italic;
  }
  tr.bad .lane {
    color: var(--negato-bad);
  }
  .detail {
    inline-size: 50%;
    color: var(--negato-soft);
  }
  .status.soft {
    color: var(--negato-soft);
  }
`;
