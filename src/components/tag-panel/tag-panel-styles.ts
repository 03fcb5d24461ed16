import { css } from "lit";

/** Height of a line of the tree, CSS pixels; lines are placed by it. */
export const ROW_HEIGHT = 44;

/** Looks of the tag panel. */
export const tagPanelStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-block-size: 0;
    min-inline-size: 0;
    background: var(--negato-ground);
    border-inline-start: 1px solid var(--negato-raised);
  }
  header {
    padding: 6px 6px 8px 12px;
    border-block-end: 1px solid var(--negato-raised);
  }
  .title {
    display: flex;
    align-items: center;
    justify-content: space-between;
  }
  h2 {
    font-size: var(--negato-size-16);
    font-weight: 650;
  }
  .identity {
    font-size: var(--negato-size-13);
    color: var(--negato-soft);
    overflow-wrap: anywhere;
  }
  .identity strong {
    display: block;
    color: var(--negato-text);
  }
  .place {
    font-size: var(--negato-size-12);
    color: var(--negato-soft);
  }
  .body {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
  }
  details {
    flex: none;
    padding: 8px 12px;
    border-block-end: 1px solid var(--negato-raised);
    max-block-size: 45%;
    overflow: auto;
  }
  summary {
    cursor: pointer;
    min-block-size: 24px;
    color: var(--negato-soft);
    font-size: var(--negato-size-13);
  }
  @media (pointer: coarse) {
    summary {
      line-height: 36px;
    }
  }
  details[open] summary {
    margin-block-end: 6px;
  }
  .search {
    flex: none;
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 8px 12px;
    --negato-icon-size: 18px;
    color: var(--negato-soft);
  }
  input {
    flex: 1;
    min-inline-size: 0;
    min-block-size: var(--negato-target);
    padding: 4px 10px;
    border: 1px solid oklch(0.5 0 0);
    border-radius: var(--negato-radius);
    background: var(--negato-panel);
    color: var(--negato-text);
  }
  .found {
    flex: none;
    padding: 0 12px 6px;
    font-size: var(--negato-size-12);
    color: var(--negato-soft);
  }
  .tree {
    flex: 1;
    min-block-size: 88px;
    overflow: auto;
    overscroll-behavior: contain;
  }
  .tree:focus-visible {
    outline: none;
  }
  .all {
    position: relative;
    overflow: hidden;
  }
  .row {
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr) auto;
    grid-template-rows: auto auto;
    align-content: center;
    column-gap: 4px;
    block-size: 44px;
    padding-inline: 6px 12px;
    cursor: default;
    line-height: 1.3;
    --negato-icon-size: 16px;
  }
  @media (hover: hover) {
    .row:hover {
      background: var(--negato-panel);
    }
  }
  .row.active {
    background: var(--negato-accent-ground);
  }
  .tree:focus-visible .row.active {
    outline: var(--negato-focus);
    outline-offset: -2px;
  }
  .indent {
    grid-row: 1 / span 2;
    display: flex;
    align-items: center;
    justify-content: end;
    color: var(--negato-soft);
  }
  .name,
  .value {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .name {
    font-size: var(--negato-size-12);
    color: var(--negato-soft);
  }
  .row.heading .name {
    font-size: var(--negato-size-14);
    font-weight: 600;
    color: var(--negato-text);
  }
  .row.active .name,
  .row.active .tag {
    color: var(--negato-text);
  }
  .value {
    grid-column: 2 / -1;
    white-space: pre;
  }
  .empty {
    color: var(--negato-soft);
  }
  .tag {
    font-size: var(--negato-size-12);
    color: var(--negato-soft);
    white-space: nowrap;
  }
  .detail {
    flex: none;
    max-block-size: 40%;
    overflow: auto;
    padding: 8px 12px 12px;
    border-block-start: 1px solid var(--negato-line);
    background: var(--negato-panel);
    font-size: var(--negato-size-13);
  }
  .detail .head {
    display: flex;
    align-items: start;
    justify-content: space-between;
    gap: 8px;
  }
  .detail h3 {
    font-size: var(--negato-size-13);
    font-weight: 600;
  }
  .detail .full {
    margin: 6px 0 0;
    font: inherit;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .detail .button {
    flex: none;
    --negato-icon-size: 16px;
  }
  @media (max-height: 560px) {
    .detail {
      max-block-size: 96px;
    }
  }
  @media (forced-colors: active) {
    .row.active {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
