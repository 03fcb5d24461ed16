import { css } from "lit";

/** Looks of the table of studies, and of its cards where it is narrow. */
export const studyTableStyles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  table {
    inline-size: 100%;
    border-collapse: separate;
    border-spacing: 0;
    table-layout: fixed;
  }
  thead th {
    position: sticky;
    inset-block-start: 0;
    z-index: 1;
    padding: 0;
    background: var(--negato-ground);
    border-block-end: 1px solid var(--negato-line);
    text-align: start;
    font-weight: 400;
  }
  thead button {
    inline-size: 100%;
    min-block-size: 36px;
    padding: 4px 12px;
    border: 0;
    background: none;
    text-align: start;
    font-size: var(--negato-size-12);
    color: var(--negato-soft);
  }
  thead button:hover {
    color: var(--negato-text);
  }
  .arrow {
    display: inline-block;
    inline-size: 1.2em;
    padding-inline-start: 4px;
  }
  th.patient {
    inline-size: 30%;
  }
  th.date {
    inline-size: 14%;
  }
  th.modality {
    inline-size: 11%;
  }
  th.accession {
    inline-size: 14%;
  }
  th.images {
    inline-size: 12%;
  }
  th.actions {
    inline-size: 56px;
  }
  tbody td.actions {
    padding: 6px 8px;
    text-align: end;
  }
  .menu {
    position: relative;
    z-index: 1;
  }
  tbody tr {
    position: relative;
  }
  tbody th,
  tbody td {
    padding: 9px 12px;
    border-block-end: 1px solid var(--negato-panel);
    text-align: start;
    vertical-align: top;
    font-weight: 400;
    overflow-wrap: anywhere;
  }
  tbody tr:not(.skeleton):hover {
    background: var(--negato-panel);
  }
  tbody tr:focus-within {
    background: var(--negato-raised);
  }
  .open {
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font-weight: 600;
    text-align: start;
    text-decoration: none;
    outline: none;
  }
  .open::after {
    content: "";
    position: absolute;
    inset: 0;
    cursor: pointer;
  }
  .open:focus-visible::after {
    outline: var(--negato-focus);
    outline-offset: -2px;
    border-radius: var(--negato-radius-small);
  }
  .second,
  .other-name {
    display: block;
    min-block-size: 1.4em;
    font-size: var(--negato-size-13);
    color: var(--negato-soft);
  }
  .other-name {
    display: inline;
    margin-inline-start: 8px;
    color: var(--negato-text);
  }
  .date,
  .images,
  .accession {
    font-variant-numeric: tabular-nums;
  }
  .code {
    display: inline-block;
    margin: 0 4px 4px 0;
    padding: 1px 7px;
    border-radius: var(--negato-radius-small);
    background: var(--negato-raised);
    font-size: var(--negato-size-12);
    line-height: 18px;
  }
  tr:focus-within .code {
    background: var(--negato-line);
  }
  .none {
    color: var(--negato-faint);
  }
  .bar {
    display: block;
    block-size: 14px;
    margin-block: 4px 18px;
    inline-size: 70%;
    border-radius: var(--negato-radius-small);
    background: linear-gradient(
        90deg,
        var(--negato-panel) 30%,
        var(--negato-raised) 50%,
        var(--negato-panel) 70%
      )
      0 0 / 300% 100%;
    animation: waiting 1.6s linear infinite;
  }
  @keyframes waiting {
    from {
      background-position: 100% 0;
    }
    to {
      background-position: 0 0;
    }
  }
  @container (max-width: 820px) {
    th.accession,
    td.accession {
      display: none;
    }
  }
  @container (max-width: 640px) {
    table,
    tbody {
      display: block;
    }
    thead {
      display: none;
    }
    tbody tr {
      display: grid;
      grid-template-columns: 1fr auto;
      gap: 2px 12px;
      margin-block-end: 8px;
      padding: 12px;
      border: 1px solid var(--negato-raised);
      border-radius: var(--negato-radius);
      background: var(--negato-panel);
    }
    tbody th,
    tbody td {
      padding: 0;
      border: 0;
      inline-size: auto;
    }
    tbody th.patient {
      grid-column: 1 / -1;
      inline-size: auto;
      font-size: var(--negato-size-16);
    }
    tbody td.actions {
      grid-row: 1;
      grid-column: 2;
      padding: 0;
    }
    tbody tr:has(td.actions) th.patient {
      grid-column: 1;
    }
    .description {
      grid-row: 2;
      grid-column: 1;
    }
    .modality {
      grid-row: 2;
      grid-column: 2;
      text-align: end;
    }
    .date {
      grid-row: 3;
      grid-column: 1;
    }
    .date .second,
    .images .second {
      display: inline;
      margin-inline-start: 6px;
    }
    .images {
      grid-row: 3;
      grid-column: 2;
      text-align: end;
      color: var(--negato-soft);
    }
    .code {
      margin: 0 0 0 4px;
    }
    .none {
      display: none;
    }
    .open:focus-visible::after {
      border-radius: var(--negato-radius);
    }
    .bar {
      margin-block: 4px;
      min-inline-size: 80px;
    }
  }
`;
