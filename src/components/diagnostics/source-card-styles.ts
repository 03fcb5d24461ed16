import { css } from "lit";

/** Looks of a source on the diagnostics screen. */
export const sourceCardStyles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  section {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 14px;
    padding: 16px;
    border: 1px solid var(--negato-line);
    border-radius: 12px;
    background: var(--negato-panel);
  }
  .pill {
    padding: 2px 10px;
    border-radius: 999px;
    background: var(--negato-raised);
    font-size: var(--negato-size-12);
    white-space: nowrap;
  }
  .pill.good {
    background: var(--negato-good-ground);
  }
  .pill.warn {
    background: var(--negato-warn-ground);
  }
  .pill.bad {
    background: var(--negato-bad-ground);
    color: var(--negato-text);
  }
  .cards {
    display: grid;
    grid-template-columns: repeat(4, minmax(0, 1fr));
    gap: 12px;
  }
  .card {
    display: grid;
    align-content: start;
    gap: 8px;
    padding: 12px 14px;
    border-radius: var(--negato-radius);
    background: var(--negato-raised);
    font-size: var(--negato-size-13);
  }
  .card dl {
    gap: 3px 10px;
  }
  .meter {
    display: grid;
    gap: 4px;
  }
  meter {
    inline-size: 100%;
    block-size: 8px;
  }
  meter::-webkit-meter-bar {
    border: 0;
    border-radius: 4px;
    background: var(--negato-line);
  }
  meter::-webkit-meter-optimum-value {
    border-radius: 4px;
    background: var(--negato-soft);
  }
  summary {
    cursor: pointer;
    padding-block: 4px;
    color: var(--negato-warn);
  }
  ul {
    max-block-size: 30vh;
    overflow: auto;
    margin: 0;
    padding: 0 0 0 4px;
    list-style: none;
    font-size: var(--negato-size-13);
  }
  li {
    padding-block: 3px;
    overflow-wrap: anywhere;
  }
  @container (max-width: 1000px) {
    .cards {
      grid-template-columns: 1fr 1fr;
    }
  }
  @container (max-width: 560px) {
    section {
      padding: 14px 12px;
    }
    .cards {
      grid-template-columns: 1fr;
    }
    header .grow {
      flex-basis: 100%;
    }
  }
`;
