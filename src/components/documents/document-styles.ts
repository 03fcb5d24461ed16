import { css } from "lit";

/** Looks of the window around a document: whose it is stays above whatever scrolls. */
export const documentStyles = css`
  :host {
    --negato-dialog-width: 1400px;
  }
  .document {
    display: flex;
    flex-direction: column;
    block-size: 100%;
    min-block-size: 0;
  }
  .identity {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 4px 16px;
    padding: 8px 20px;
    border-block-end: 1px solid var(--negato-line);
    color: var(--negato-soft);
  }
  .identity strong {
    color: var(--negato-text);
    margin-inline-end: 8px;
    overflow-wrap: anywhere;
  }
  .steps {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .body {
    flex: 1;
    min-block-size: 0;
    overflow: auto;
  }
  .body.own {
    display: grid;
    grid-template-rows: minmax(0, 1fr);
    overflow: hidden;
  }
  .note {
    display: grid;
    align-content: start;
    gap: 12px;
    justify-items: start;
    padding: 20px;
  }
  .problem {
    display: flex;
    gap: 8px;
    color: var(--negato-warn);
    --negato-icon-size: 18px;
  }
  .soft {
    color: var(--negato-soft);
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 4px 16px;
    margin: 0;
  }
  dt {
    color: var(--negato-soft);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  @media (max-width: 560px) {
    .identity {
      padding: 8px 16px;
      font-size: var(--negato-size-13);
    }
  }
`;
