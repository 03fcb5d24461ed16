import { css } from "lit";

/** Looks of a clinical document: one column to read. */
export const cdaStyles = css`
  :host {
    display: grid;
    grid-template-rows: minmax(0, 1fr);
    min-block-size: 0;
    min-inline-size: 0;
  }
  .scroll {
    overflow: auto;
    padding: 16px 20px 32px;
  }
  .split {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-block-size: 0;
  }
  .top {
    max-block-size: 40vh;
    overflow: auto;
    padding: 12px 20px;
    border-block-end: 1px solid var(--negato-line);
  }
  article {
    max-inline-size: 90ch;
  }
  header {
    display: grid;
    gap: 8px;
    justify-items: start;
    margin-block-end: 16px;
  }
  h3 {
    font-size: var(--negato-size-20);
    font-weight: 650;
  }
  h4,
  h5 {
    margin-block: 20px 6px;
    font-size: var(--negato-size-16);
    font-weight: 650;
  }
  h5 {
    font-size: var(--negato-size-14);
  }
  dl {
    margin: 0;
  }
  dl div {
    display: grid;
    grid-template-columns: 7rem 1fr;
    gap: 12px;
    padding-block: 2px;
  }
  dt,
  .missing,
  figcaption,
  .caption {
    color: var(--negato-soft);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .conflict,
  .problem {
    display: flex;
    gap: 8px;
    padding: 8px 12px;
    border-radius: var(--negato-radius);
    background: var(--negato-bad-ground);
    color: var(--negato-bad);
    --negato-icon-size: 18px;
  }
  .unsure {
    color: var(--negato-warn);
  }
  .problem {
    margin-block-end: 12px;
    background: var(--negato-warn-ground);
    color: var(--negato-warn);
  }
  .narrative {
    overflow-x: auto;
    overflow-wrap: anywhere;
  }
  .narrative p,
  .plain {
    margin-block: 6px;
    white-space: pre-line;
  }
  .narrative :is(ul, ol) {
    margin-block: 6px;
    padding-inline-start: 24px;
  }
  .caption {
    display: block;
  }
  table .caption {
    display: table-caption;
    text-align: start;
  }
  .bold {
    font-weight: 650;
  }
  .italics {
    font-style: italic;
  }
  .underline {
    text-decoration: underline;
  }
  table {
    border-collapse: collapse;
    margin-block: 8px;
  }
  th,
  td {
    padding: 4px 10px;
    border: 1px solid var(--negato-line);
    text-align: start;
    vertical-align: top;
  }
  figure {
    margin: 8px 0;
  }
  img {
    max-inline-size: 100%;
    block-size: auto;
  }
`;
