import { css } from "lit";

/** Looks of the search fields above the study list. */
export const studyFilterStyles = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  form {
    display: grid;
    grid-template-columns: 1.4fr 1fr 1fr 1.2fr minmax(9rem, 0.8fr);
    gap: 10px 12px;
    align-items: end;
  }
  form.sources {
    grid-template-columns: 0.9fr 1.3fr 0.9fr 0.9fr 1.1fr minmax(8.5rem, 0.8fr);
  }
  .field {
    display: grid;
    gap: 4px;
    min-inline-size: 0;
  }
  .field > span {
    font-size: var(--negato-size-12);
    color: var(--negato-soft);
  }
  input:not([type="checkbox"]),
  select {
    inline-size: 100%;
    min-block-size: var(--negato-target);
    padding: 4px 10px;
    border: 1px solid var(--negato-line);
    border-radius: var(--negato-radius);
    background: var(--negato-panel);
    color-scheme: dark;
  }
  input:not([type="checkbox"]):hover,
  select:hover {
    border-color: var(--negato-faint);
  }
  .more {
    display: none;
  }
  .modalities {
    grid-column: 1 / -2;
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin: 0;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }
  .chip {
    position: relative;
    cursor: pointer;
  }
  .chip input {
    position: absolute;
    inset: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .chip span {
    display: inline-grid;
    place-items: center;
    min-inline-size: 44px;
    min-block-size: max(28px, calc(var(--negato-target) - 6px));
    padding: 0 10px;
    border: 1px solid var(--negato-line);
    border-radius: 999px;
    font-size: var(--negato-size-13);
    color: var(--negato-soft);
  }
  .chip:hover span {
    border-color: var(--negato-faint);
  }
  .chip input:checked + span {
    background: var(--negato-accent-ground);
    border-color: var(--negato-accent);
    color: var(--negato-accent);
  }
  .chip input:focus-visible + span {
    outline: var(--negato-focus);
    outline-offset: 2px;
  }
  .clear {
    grid-column: -2 / -1;
    justify-self: end;
  }
  @container (max-width: 820px) {
    form,
    form.sources {
      grid-template-columns: 1fr 1fr;
    }
    .modalities,
    .clear {
      grid-column: 1 / -1;
    }
    .clear {
      justify-self: start;
    }
  }
  @container (max-width: 560px) {
    form,
    form.sources {
      grid-template-columns: 1fr 1fr auto;
    }
    .field.patientName {
      grid-column: 1 / 3;
    }
    .more {
      display: inline-flex;
    }
    form:not(.open) :is(.patientId, .accessionNumber, .description, .dates, .date) {
      display: none;
    }
    .field:not(.patientName, .date) {
      grid-column: 1 / -1;
    }
    .modalities {
      flex-wrap: nowrap;
      overflow-x: auto;
      scrollbar-width: none;
      margin-inline: -12px;
      padding-inline: 12px;
    }
  }
  @media (forced-colors: active) {
    .chip input:checked + span {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
`;
