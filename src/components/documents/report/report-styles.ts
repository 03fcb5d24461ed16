import { css } from "lit";

/** Looks of a structured report: one column to read, its outline beside it where there is room. */
export const reportStyles = css`
  :host {
    display: block;
    padding: 16px 20px 32px;
  }
  .tools {
    float: inline-end;
    display: flex;
    align-items: center;
    gap: 12px;
    color: var(--negato-soft);
  }
  .tools label {
    display: flex;
    align-items: center;
    gap: 6px;
    min-block-size: var(--negato-target);
  }
  .tools input {
    accent-color: var(--negato-accent);
  }
  .columns {
    display: flex;
    gap: 32px;
    align-items: start;
  }
  article {
    flex: 1;
    min-inline-size: 0;
  }
  article :is(dl, header) {
    max-inline-size: 110ch;
  }
  nav {
    position: sticky;
    inset-block-start: 12px;
    flex: 0 0 13rem;
  }
  nav ul,
  .observers {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .entry {
    inline-size: 100%;
    min-block-size: var(--negato-target);
    padding: 6px 12px;
    border: 0;
    border-inline-start: 2px solid var(--negato-line);
    background: none;
    color: var(--negato-soft);
    text-align: start;
  }
  .title {
    font-size: var(--negato-size-20);
    font-weight: 650;
    text-wrap: balance;
  }
  header {
    display: grid;
    gap: 8px;
    margin-block-end: 16px;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
  }
  .status {
    padding: 2px 10px;
    border-radius: 999px;
    background: var(--negato-good-ground);
    color: var(--negato-good);
    font-size: var(--negato-size-13);
  }
  .status.unverified {
    background: var(--negato-warn-ground);
    color: var(--negato-warn);
  }
  .machine {
    display: flex;
    gap: 8px;
    padding: 8px 12px;
    border-radius: var(--negato-radius);
    background: var(--negato-warn-ground);
    color: var(--negato-warn);
    --negato-icon-size: 18px;
  }
  .soft {
    color: var(--negato-soft);
  }
  .context {
    margin-block-end: 8px;
    padding-block-end: 8px;
    border-block-end: 1px solid var(--negato-line);
  }
  section,
  .line,
  tr {
    scroll-margin-block-start: 12px;
  }
  h4,
  h5,
  h6 {
    margin-block: 20px 6px;
    font-weight: 650;
  }
  h4 {
    font-size: var(--negato-size-16);
  }
  h5,
  h6 {
    font-size: var(--negato-size-14);
    margin-block-start: 14px;
  }
  h6 {
    color: var(--negato-soft);
  }
  dl {
    margin: 0;
  }
  .line {
    display: grid;
    grid-template-columns: minmax(9rem, 2fr) 3fr;
    gap: 2px 16px;
    padding-block: 3px;
  }
  .line.long {
    grid-template-columns: 1fr;
    padding-block: 6px;
  }
  dt {
    color: var(--negato-soft);
    overflow-wrap: anywhere;
  }
  dd {
    margin: 0;
    min-inline-size: 0;
  }
  .value {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .number {
    font-weight: 600;
  }
  .below {
    margin-block-start: 2px;
    padding-inline-start: 12px;
    border-inline-start: 1px solid var(--negato-line);
    font-size: var(--negato-size-13);
  }
  .below .line {
    grid-template-columns: fit-content(40%) 1fr;
  }
  .narrative {
    max-inline-size: 80ch;
    margin-block: 6px;
    line-height: 1.6;
  }
  .named {
    text-decoration: underline dotted var(--negato-soft);
    text-underline-offset: 3px;
  }
  .qualified {
    margin-block: 6px;
  }
  .uid,
  .code {
    color: var(--negato-soft);
    font-size: var(--negato-size-12);
    overflow-wrap: anywhere;
  }
  .code {
    padding-inline: 5px;
    border: 1px solid var(--negato-line);
    border-radius: var(--negato-radius-small);
    font-weight: 400;
    white-space: nowrap;
  }
  .references {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  details .references {
    margin-block-start: 6px;
  }
  summary {
    min-block-size: var(--negato-target);
    align-content: center;
    cursor: pointer;
  }
  .reference {
    min-block-size: 28px;
    padding: 3px 10px;
    border: 1px solid var(--negato-line);
    border-radius: var(--negato-radius);
    background: var(--negato-raised);
    text-align: start;
  }
  .reference:hover {
    background: var(--negato-line);
  }
  .missing {
    color: var(--negato-soft);
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
    min-inline-size: 100%;
    font-size: var(--negato-size-13);
  }
  th,
  td {
    padding: 6px 10px;
    border-block-end: 1px solid var(--negato-line);
    text-align: start;
    vertical-align: top;
    overflow-wrap: break-word;
    min-inline-size: 5rem;
    max-inline-size: 22rem;
  }
  th[scope="row"],
  thead th:first-child {
    min-inline-size: 0;
    color: var(--negato-soft);
  }
  td .uid {
    display: inline-block;
    min-inline-size: 12rem;
  }
  .cell .line,
  .cell .below .line {
    grid-template-columns: 1fr;
    gap: 0;
  }
  thead th {
    font-weight: 600;
    color: var(--negato-soft);
  }
  @media (pointer: coarse) {
    .reference {
      min-block-size: var(--negato-target);
    }
  }
  @media (max-width: 900px) {
    .columns {
      display: block;
    }
    nav {
      position: static;
      margin-block-end: 16px;
    }
    nav ul {
      display: flex;
      overflow-x: auto;
      gap: 8px;
    }
    .entry {
      inline-size: auto;
      border: 1px solid var(--negato-line);
      border-radius: 999px;
      white-space: nowrap;
    }
    :host {
      padding: 12px 16px 32px;
    }
  }
  @media (max-width: 560px) {
    .tools {
      float: none;
      justify-content: space-between;
    }
    .line {
      grid-template-columns: 1fr;
    }
  }
`;
