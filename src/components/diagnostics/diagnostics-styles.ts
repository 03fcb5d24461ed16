import { css } from "lit";

/** Looks that the parts of the diagnostics screen share. */
export const diagnosticsStyles = css`
  h3,
  h4 {
    margin: 0;
    font-weight: 650;
  }
  h3 {
    font-size: var(--negato-size-16);
    overflow-wrap: anywhere;
  }
  h4 {
    font-size: var(--negato-size-13);
    color: var(--negato-soft);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
  }
  .grow {
    flex: 1 1 auto;
    min-inline-size: 0;
  }
  .soft {
    color: var(--negato-soft);
  }
  .small {
    font-size: var(--negato-size-13);
  }
  .good {
    color: var(--negato-good);
  }
  .warn {
    color: var(--negato-warn);
  }
  .bad {
    color: var(--negato-bad);
  }
  .button {
    --negato-icon-size: 18px;
  }
  dl {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 3px 14px;
    margin: 0;
  }
  dt {
    color: var(--negato-soft);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
    font-variant-numeric: tabular-nums;
  }
  .notice {
    display: flex;
    gap: 12px;
    align-items: start;
    padding: 12px 14px;
    border-radius: var(--negato-radius);
    background: var(--negato-raised);
  }
  .notice negato-icon {
    margin-block-start: 1px;
    color: var(--negato-warn);
  }
  .notice p + p {
    margin-block-start: 2px;
    color: var(--negato-soft);
  }
`;
