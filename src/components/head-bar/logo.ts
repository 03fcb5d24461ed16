import { html } from "lit";

/** The mark: a lit light box. */
export const logo = html`<svg class="logo" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
  <defs>
    <linearGradient id="light" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#f2feff" />
      <stop offset="1" stop-color="#9adfe8" />
    </linearGradient>
  </defs>
  <rect x="4" y="2" width="16" height="20" rx="2.5" fill="url(#light)" />
</svg>`;
