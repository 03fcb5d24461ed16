import { css } from "lit";

/**
 * Four corners in a grid, so that they cannot overlap, and what gives way when room is short: technique, pixel size and
 * zoom, exactness, description and series, accession, scale bar, window; never identity, date, image number, lossy mark.
 */
export const annotationStyles = css`
  :host {
    --halo: 0 0 1px #000, 0 0 2px #000, 0 0 3px #000, 0 0 5px rgb(0 0 0 / 0.8);
    position: absolute;
    inset: 0;
    container: annotations / size;
    pointer-events: none;
    font: 400 var(--negato-size-13, 13px) / 1.36 var(--negato-font, system-ui, sans-serif);
    font-variant-numeric: tabular-nums;
    color: var(--negato-text, oklch(0.94 0 0));
    /* Over white, both texts still have the contrast of 4.5 that WCAG 2.2 asks for. */
    --plate: rgb(0 0 0 / 0.64);
    --soft-text: oklch(0.88 0 0);
    text-shadow: var(--halo);
    overflow: hidden;
  }
  .sheet {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto auto;
    block-size: 100%;
    box-sizing: border-box;
    padding: 10px 12px;
    padding-inline-end: calc(12px + var(--negato-annotations-end, 14px));
  }
  .top,
  .bottom {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr);
    gap: 0 10px;
  }
  .bottom {
    align-items: end;
  }
  /* Layers of their own, each no larger than its text: what changes with every image is painted, and nothing else. */
  .corner,
  .letter,
  .scale {
    will-change: transform;
  }
  .corner {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    min-inline-size: 0;
  }
  .end {
    align-items: flex-end;
    text-align: end;
  }
  .line {
    max-inline-size: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    /* Readable also over writing that is burned into the image. */
    background: var(--plate);
    /* Room for the halo, which the overflow would cut. */
    padding-inline: 3px;
    margin-inline: -3px;
  }
  .line.identity {
    white-space: normal;
    overflow: visible;
    overflow-wrap: anywhere;
  }
  [data-key="name"] {
    font-weight: 600;
  }
  [data-key="accession"],
  [data-key="series"],
  [data-key="technique"],
  [data-key="frame"],
  [data-key="slice"],
  [data-key="orientation"],
  [data-key="zoom"],
  [data-key="fidelity"],
  [data-key="note"] {
    font-size: var(--negato-size-12, 12px);
    color: var(--soft-text);
  }
  button.line {
    position: relative;
    margin-block: 0;
    padding-block: 0;
    border: 0;
    font: inherit;
    font-size: var(--negato-size-12, 12px);
    color: var(--soft-text);
    text-shadow: inherit;
    text-align: inherit;
    cursor: pointer;
    pointer-events: auto;
  }
  button.line:focus-visible {
    outline: 2px solid var(--negato-accent, oklch(0.8 0.1 205));
  }
  @media (hover: hover) {
    button.line:hover {
      color: var(--negato-text, oklch(0.94 0 0));
      text-decoration: underline;
    }
  }
  /* Room for a thumb, over lines that take no touch themselves. */
  @media (pointer: coarse) {
    button.line {
      padding-block: 14px;
      margin-block: -14px;
      background-clip: content-box;
    }
  }
  .values {
    white-space: pre;
  }
  [data-key="presentation"] {
    white-space: normal;
    overflow-wrap: anywhere;
  }
  [data-key="conflict"] {
    color: var(--negato-warn, oklch(0.84 0.15 80));
    font-weight: 600;
  }
  .number {
    overflow: visible;
    white-space: normal;
  }
  .number strong {
    font-weight: 700;
  }
  .badges {
    max-inline-size: 100%;
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 4px;
    margin-block-end: 4px;
  }
  .badge {
    max-inline-size: 100%;
    box-sizing: border-box;
    padding: 0 6px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    border-radius: var(--negato-radius-small, 4px);
    font-size: 11px;
    font-weight: 700;
    line-height: 17px;
    text-align: end;
    text-shadow: none;
    color: oklch(0.18 0 0);
    background: var(--negato-warn, oklch(0.84 0.15 80));
  }
  .badge[data-key="notice"] {
    white-space: normal;
    font-weight: 500;
    color: var(--negato-text, oklch(0.94 0 0));
    background: oklch(0.31 0 0 / 0.85);
  }
  .middle {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    min-block-size: 0;
  }
  .side {
    margin-inline: -3px;
    display: grid;
    grid-template-rows: minmax(0, 1fr) auto minmax(0, 1fr);
    justify-items: start;
    min-inline-size: 1.5em;
    min-block-size: 0;
  }
  .side.after {
    justify-items: end;
  }
  .side .letter {
    grid-row: 2;
  }
  .top .letter {
    align-self: start;
  }
  .letter {
    padding-inline: 3px;
    background: var(--plate);
    font-weight: 600;
    letter-spacing: 0.04em;
  }
  .centre {
    display: grid;
    place-items: center;
    min-block-size: 0;
  }
  .controls {
    display: flex;
    justify-content: center;
    min-block-size: 0;
  }
  .scale {
    grid-row: 3;
    align-self: end;
    display: flex;
    align-items: flex-end;
    gap: 6px;
    margin-block-end: 10px;
    font-size: 11px;
    line-height: 1.2;
    white-space: nowrap;
    color: var(--soft-text);
  }
  .scale svg {
    display: block;
    overflow: visible;
    filter: drop-shadow(0 0 1px #000) drop-shadow(0 0 1px #000);
  }
  .scale small {
    display: block;
    font-size: 10px;
  }

  @container annotations (max-width: 560px) or (max-height: 420px) {
    [data-key="technique"] {
      display: none;
    }
  }
  @container annotations (max-width: 480px) or (max-height: 360px) {
    [data-key="zoom"],
    [data-key="slice"],
    [data-key="laterality-source"] {
      display: none;
    }
  }
  @container annotations (max-width: 340px) or (max-height: 300px) {
    .sheet {
      padding: 6px 8px;
      padding-inline-end: calc(8px + var(--negato-annotations-end, 14px));
      font-size: 12px;
      line-height: 1.25;
    }
    [data-key="fidelity"],
    [data-key="note"],
    [data-key="study-description"],
    [data-key="series"],
    .scale {
      display: none;
    }
  }
  @container annotations (max-width: 280px) {
    .top {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    .top .corner.end {
      grid-column: 1 / -1;
      align-items: flex-start;
      text-align: start;
    }
    .top .corner.end [data-key="study-date"] {
      font-size: 11px;
    }
    .bottom {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    .bottom .corner.end {
      grid-row: 1;
      grid-column: 1 / -1;
    }
    .badges {
      margin-block-end: 2px;
    }
    [data-key="accession"],
    [data-key="orientation"],
    [data-key="presentation"],
    .window-name {
      display: none;
    }
  }
  @container annotations (max-width: 280px) and (max-height: 220px) {
    .side .letter {
      display: none;
    }
  }
  @container annotations (max-width: 280px) and (max-height: 150px) {
    [data-key="window"],
    .letter,
    .badge[data-key="notice"] {
      display: none;
    }
  }
`;
