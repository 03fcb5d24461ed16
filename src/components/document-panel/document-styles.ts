import { css } from "lit";

/** Looks of reports and documents. */
export const documentStyles = css`
  .document {
    display: flex;
    flex-direction: column;
    gap: 12px;
    min-block-size: 100%;
  }
  :host {
    --negato-dialog-width: 900px;
  }
  .identity {
    color: var(--negato-soft);
  }
  .identity strong {
    color: var(--negato-text);
    margin-inline-end: 8px;
  }
  negato-dialog[tall] .document {
    block-size: 100%;
    gap: 0;
  }
  negato-dialog[tall] :is(.identity, .links, .problem, [role="status"]) {
    padding: 10px 20px;
  }
  iframe {
    flex: 1;
    inline-size: 100%;
    min-block-size: 0;
    border: 0;
    background: #fff;
  }
  a.button {
    color: inherit;
    text-decoration: none;
  }
  .problem {
    display: flex;
    gap: 8px;
    color: var(--negato-warn);
  }
  .soft {
    color: var(--negato-soft);
  }
  .status {
    align-self: start;
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
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  ul ul {
    margin-inline-start: 8px;
    padding-inline-start: 12px;
    border-inline-start: 1px solid var(--negato-line);
  }
  li {
    padding-block: 3px;
  }
  h3 {
    margin-block: 8px 2px;
    font-size: var(--negato-size-14);
  }
  .name {
    color: var(--negato-soft);
  }
  .short {
    display: grid;
    grid-template-columns: minmax(8rem, 2fr) 3fr;
    gap: 12px;
  }
  .reference {
    color: var(--negato-soft);
    font-size: var(--negato-size-12);
  }
  .long .value {
    display: block;
  }
  .value {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    max-inline-size: 75ch;
  }
`;
