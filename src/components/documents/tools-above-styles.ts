import { css } from "lit";

/** A row of tools above what they act on, which takes the rest of the height. */
export const toolsAboveStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-block-size: 0;
    min-inline-size: 0;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
    padding: 6px 12px;
    border-block-end: 1px solid var(--negato-line);
  }
`;
