import { msg, str } from "@lit/localize";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { LocalFiles } from "../../viewer/local-files.ts";
import type { LocalProblem } from "../../viewer/viewer-services.ts";
import { controlStyles } from "../control-styles.ts";
import { type GivenFiles, givenFiles } from "../dropped-files.ts";
import "../icon/negato-icon.ts";
import { SignalController } from "../signal-controller.ts";

/** A person gave files that are to be opened. */
export class FilesGivenEvent extends Event {
  static readonly type = "negato-files-given";
  readonly given: GivenFiles;

  constructor(given: GivenFiles) {
    super(FilesGivenEvent.type);
    this.given = given;
  }
}

/**
 * The way to open files of this computer, how far their reading has come, and which of them could not be opened
 * and why. It says that nothing is uploaded.
 *
 * @event negato-files-given - Files were chosen.
 * @event negato-files-closed - The files are to be let go.
 */
@customElement("negato-local-files")
export class NegatoLocalFiles extends LitElement {
  static override readonly styles = [
    controlStyles,
    css`
      :host {
        display: block;
      }
      h1 {
        margin-inline-end: auto;
        font-size: var(--negato-size-20);
        font-weight: 650;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
      .hint {
        color: var(--negato-soft);
        font-size: var(--negato-size-13);
      }
      .open {
        margin-block-end: 16px;
        padding: 12px 14px;
        border: 1px solid var(--negato-line);
        border-radius: var(--negato-radius);
        background: var(--negato-panel);
      }
      .open .row > strong {
        margin-inline-end: auto;
      }
      progress {
        inline-size: 160px;
        accent-color: var(--negato-accent);
      }
      @media (pointer: coarse) {
        .desk,
        .folder {
          display: none;
        }
      }
      summary {
        cursor: pointer;
        padding-block: 6px;
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
        padding-block: 2px;
        overflow-wrap: anywhere;
      }
      li span {
        color: var(--negato-soft);
      }
    `,
  ];

  /** The files that are open; undefined while there are none. */
  @property({ attribute: false }) local: LocalFiles | undefined;
  @state() private shownProblems = 200;
  readonly #signals = new SignalController(this);

  protected override render(): TemplateResult {
    return this.#signals.track(
      () => html`${this.local === undefined ? nothing : this.#open(this.local)}
      <div class="row">
        <h1>${this.local === undefined ? msg("Studies") : msg("Studies in the files")}</h1>
        <span class="hint">
          <span class="desk">${msg("Drop files, a folder or a zip here.")}</span>
          ${msg("Nothing is uploaded.")}
        </span>
        ${this.#chooser(msg("Open files …"), false)} ${this.#chooser(msg("Open a folder …"), true)}
      </div>`,
    );
  }

  #chooser(label: string, isFolder: boolean): TemplateResult {
    return html`<button
        class="button ${isFolder ? "folder" : ""}"
        type="button"
        @click=${() => this.renderRoot.querySelector<HTMLInputElement>(isFolder ? "#folder" : "#files")?.click()}
      >
        <negato-icon name=${isFolder ? "folder-open" : "file"}></negato-icon>${label}
      </button>
      <input
        id=${isFolder ? "folder" : "files"}
        type="file"
        hidden
        multiple
        ?webkitdirectory=${isFolder}
        aria-label=${label}
        @change=${(event: Event) => {
          const { target } = event;
          if (!(target instanceof HTMLInputElement) || target.files === null) return;
          const given = givenFiles(target.files);
          if (given.files.length > 0) this.dispatchEvent(new FilesGivenEvent(given));
          target.value = "";
        }}
      />`;
  }

  #open(local: LocalFiles): TemplateResult {
    const status = local.status.value;
    const problems = status.kind === "done" ? status.problems : [];
    return html`<div class="open" role="status">
      <div class="row">
        <strong>${msg("Files of this computer")}</strong>
        ${status.kind === "reading" ? this.#progress(status.progress) : nothing}
        <button
          class="button"
          type="button"
          @click=${() => this.dispatchEvent(new Event("negato-files-closed"))}
        >
          <negato-icon name="x"></negato-icon>${msg("Close the files")}
        </button>
      </div>
      ${problems.length === 0 ? nothing : this.#problems(problems)}
    </div>`;
  }

  #progress(
    progress:
      | { readonly filesFound: number; readonly filesRead: number; readonly instances: number }
      | undefined,
  ): TemplateResult {
    const { filesFound = 0, filesRead = 0, instances = 0 } = progress ?? {};
    return html`<progress max=${Math.max(1, filesFound)} .value=${filesRead} aria-label=${msg("Reading")}></progress>
      <span>
        ${msg(str`${filesRead.toLocaleString()} of ${filesFound.toLocaleString()} files read, ${instances.toLocaleString()} objects`)}
      </span>`;
  }

  #problems(problems: readonly LocalProblem[]): TemplateResult {
    const rest = problems.length - this.shownProblems;
    return html`<details>
      <summary>
        ${problems.length === 1 ? msg("1 file was not opened") : msg(str`${problems.length.toLocaleString()} files were not opened`)}
      </summary>
      <ul tabindex="0" aria-label=${msg("Files that were not opened")}>
        ${problems
          .slice(0, this.shownProblems)
          .map(({ path, message }) => html`<li>${path} <span>– ${message}</span></li>`)}
        ${
          rest > 0
            ? html`<li>
                <button
                  class="button"
                  @click=${() => {
                    this.shownProblems += 1000;
                  }}
                >
                  ${msg(str`${rest.toLocaleString()} more`)}
                </button>
              </li>`
            : nothing
        }
      </ul>
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-local-files": NegatoLocalFiles;
  }
  interface GlobalEventHandlersEventMap {
    "negato-files-given": FilesGivenEvent;
    "negato-files-closed": Event;
  }
}
