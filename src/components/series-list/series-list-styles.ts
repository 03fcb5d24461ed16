import { css } from "lit";

/** Looks of the column of thumbnails; of the strip that it is on phones. */
export const seriesListStyles = css`
  :host {
    display: block;
    min-block-size: 0;
    overflow: auto;
    overscroll-behavior: contain;
    background: var(--negato-ground);
    border-inline-end: 1px solid var(--negato-raised);
  }
  nav {
    padding: 4px 8px max(12px, env(safe-area-inset-bottom)) max(8px, env(safe-area-inset-left));
  }
  section {
    margin-block-end: 12px;
  }
  h2 {
    padding: 10px 4px 8px;
    font-size: var(--negato-size-12);
    font-weight: 600;
    letter-spacing: 0.04em;
    text-transform: uppercase;
    color: var(--negato-soft);
  }
  .prior {
    display: block;
    font-weight: 400;
    letter-spacing: 0;
    text-transform: none;
    color: var(--negato-soft);
  }
  ol {
    display: grid;
    gap: 8px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .item {
    display: block;
    inline-size: 100%;
    padding: 4px;
    border: 1px solid transparent;
    border-radius: var(--negato-radius);
    background: var(--negato-panel);
    text-align: start;
    overflow: hidden;
  }
  @media (hover: hover) {
    .item:hover {
      background: var(--negato-raised);
    }
  }
  .item[aria-current] {
    border-color: var(--negato-accent);
    background: var(--negato-accent-ground);
  }
  .item.waiting {
    aspect-ratio: 0.83;
  }
  .picture {
    position: relative;
    display: block;
    border-radius: var(--negato-radius-small);
    overflow: hidden;
  }
  .picture.document {
    display: grid;
    place-items: center;
    aspect-ratio: 1.6;
    background: var(--negato-raised);
    color: var(--negato-soft);
    --negato-icon-size: 28px;
  }
  .number {
    position: absolute;
    inset: 4px auto auto 6px;
    font-size: var(--negato-size-12);
    font-weight: 700;
    text-shadow:
      0 0 3px #000,
      0 0 3px #000;
  }
  .warning {
    position: absolute;
    inset: 4px 4px auto auto;
    color: var(--negato-warn);
    --negato-icon-size: 14px;
    filter: drop-shadow(0 0 2px #000);
  }
  .key-images {
    position: absolute;
    inset: auto 4px 4px auto;
    display: flex;
    align-items: center;
    gap: 2px;
    padding: 0 4px;
    border-radius: var(--negato-radius-small);
    background: oklch(0 0 0 / 0.7);
    color: var(--negato-measure);
    font-size: var(--negato-size-12);
    --negato-icon-size: 12px;
  }
  /* The name of the button says it in words. */
  .key-images::after {
    content: attr(data-count);
  }
  [data-rejected] negato-thumbnail {
    opacity: 0.45;
  }
  progress {
    display: block;
    appearance: none;
    inline-size: 100%;
    block-size: 2px;
    margin-block-start: 4px;
    border: 0;
    background: var(--negato-line);
  }
  progress::-webkit-progress-bar {
    background: var(--negato-line);
  }
  progress::-webkit-progress-value {
    background: var(--negato-accent);
  }
  progress::-moz-progress-bar {
    background: var(--negato-accent);
  }
  .line {
    display: flex;
    justify-content: space-between;
    gap: 6px;
    padding: 4px 2px 0;
    font-size: var(--negato-size-12);
    line-height: 1.35;
  }
  .name {
    overflow: hidden;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow-wrap: anywhere;
  }
  @media (max-width: 1200px) {
    .line {
      flex-direction: column;
      gap: 0;
    }
    .picture.document {
      padding-block-start: 10px;
    }
  }
  .count {
    flex: none;
    color: var(--negato-soft);
  }
  .item[aria-current] .count {
    color: var(--negato-text);
  }
  .study {
    display: grid;
    gap: 4px;
    padding: 10px 8px;
    font-size: var(--negato-size-12);
    color: var(--negato-text);
    --negato-icon-size: 18px;
  }
  .note {
    padding: 4px;
    font-size: var(--negato-size-12);
    color: var(--negato-soft);
  }
  :host([strip]) {
    overflow: auto hidden;
    scrollbar-width: none;
    border-inline-end: 0;
    border-block-start: 1px solid var(--negato-raised);
  }
  :host([strip]) nav {
    display: flex;
    gap: 12px;
    inline-size: max-content;
    block-size: 100%;
    padding: 6px max(8px, env(safe-area-inset-right)) 6px max(8px, env(safe-area-inset-left));
  }
  :host([strip]) .note {
    max-inline-size: 110px;
    align-self: end;
    font-size: 0.6875rem;
  }
  :host([strip]) section {
    display: grid;
    grid-template-rows: auto 1fr;
    margin: 0;
  }
  :host([strip]) h2 {
    display: flex;
    gap: 6px;
    padding: 0 2px 4px;
    font-size: 0.6875rem;
    line-height: 1;
    white-space: nowrap;
  }
  :host([strip]) ol {
    display: flex;
  }
  :host([strip]) .item {
    inline-size: 74px;
    padding: 3px;
  }
  :host([strip]) .item.study {
    inline-size: 110px;
    align-content: start;
    padding: 6px;
  }
  :host([strip]) .picture.document {
    aspect-ratio: 1;
  }
  :host([strip]) .line {
    display: none;
  }
  :host([strip]) .item.waiting {
    aspect-ratio: 1;
  }
  @media (forced-colors: active) {
    .item[aria-current] {
      outline: 3px solid Highlight;
    }
  }
`;
