import { css } from "lit";

/** Layout of a study on the screen: a desk with a column of series, or a phone with a strip above the tools. */
export const studyViewStyles = css`
  :host {
    display: block;
    min-block-size: 0;
    background: var(--negato-ground);
  }
  .view {
    display: grid;
    grid-template:
      "top top top" auto
      "tools tools tools" auto
      "series image panel" minmax(0, 1fr)
      / var(--negato-thumbnails-width) minmax(0, 1fr) auto;
    position: relative;
    block-size: 100%;
  }
  .top {
    grid-area: top;
    min-inline-size: 0;
  }
  negato-toolbar {
    grid-area: tools;
    border-block-end: 1px solid var(--negato-raised);
  }
  negato-toolbar:not(:defined) {
    block-size: var(--negato-toolbar-height);
    background: var(--negato-panel);
  }
  negato-series-list {
    grid-area: series;
  }
  .narrow negato-series-list {
    min-block-size: 108px;
  }
  .narrow negato-toolbar:not(:defined) {
    block-size: 60px;
  }
  main {
    grid-area: image;
    display: grid;
    min-inline-size: 0;
    min-block-size: 0;
    background: var(--negato-image-ground);
  }
  .view.narrow {
    grid-template:
      "top" auto
      "image" minmax(0, 1fr)
      "series" auto
      "tools" auto
      / minmax(0, 1fr);
  }
  negato-tag-panel {
    grid-area: panel;
    inline-size: clamp(300px, 28vw, 400px);
  }
  /* On a phone it is a sheet over tools, series and the lower part of the image, under the identity. */
  .narrow negato-tag-panel {
    position: absolute;
    inset: auto 0 0;
    z-index: 1;
    inline-size: auto;
    block-size: 66%;
    border-block-start: 1px solid var(--negato-line);
    border-radius: 12px 12px 0 0;
    padding-block-end: env(safe-area-inset-bottom);
  }
  .narrow negato-toolbar {
    border-block: 1px solid var(--negato-raised) 0;
    padding-block-end: env(safe-area-inset-bottom);
  }
  :host([low]) .view:not(.narrow) {
    --negato-head-height: 40px;
    --negato-toolbar-height: 46px;
    --negato-thumbnails-width: 84px;
  }
  .empty section {
    display: grid;
    justify-items: center;
    gap: 10px;
    max-inline-size: 44ch;
    padding: 24px;
    text-align: center;
    color: var(--negato-soft);
    pointer-events: auto;
    --negato-icon-size: 28px;
  }
  .empty h2 {
    font-size: var(--negato-size-16);
    color: var(--negato-text);
  }
  .empty section > negato-icon {
    color: var(--negato-warn);
  }
  .opening {
    animation: appear 1ms 400ms backwards;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
`;
