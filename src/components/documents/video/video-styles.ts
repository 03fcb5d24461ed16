import { css } from "lit";

/** Looks of a video: pictures on black as large as they fit, controls in reach of a thumb. */
export const videoStyles = css`
  :host {
    display: grid;
    grid-template-rows: minmax(0, 1fr) auto;
    min-block-size: 0;
    min-inline-size: 0;
  }
  .stage {
    display: grid;
    place-items: center;
    min-block-size: 0;
    background: var(--negato-image-ground);
    overflow: hidden;
  }
  video,
  canvas {
    inline-size: 100%;
    block-size: 100%;
    min-block-size: 0;
    object-fit: contain;
  }
  .note {
    display: grid;
    justify-items: center;
    gap: 12px;
    max-inline-size: 52ch;
    padding: 20px;
    text-align: center;
    --negato-icon-size: 28px;
  }
  .note negato-icon {
    color: var(--negato-warn);
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 10px;
    padding: 8px 12px;
    border-block-start: 1px solid var(--negato-line);
  }
  input {
    flex: 1 1 10rem;
    min-inline-size: 8rem;
    min-block-size: var(--negato-target);
    accent-color: var(--negato-accent);
  }
  .facts {
    flex: 1 1 14rem;
    color: var(--negato-soft);
    font-size: var(--negato-size-13);
  }
  .lossy {
    color: var(--negato-warn);
  }
`;
