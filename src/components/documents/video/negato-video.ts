import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import { readFrameTimes } from "#core/study/frame-times.ts";
import type { Instance } from "#core/study/instance.ts";
import { fileEndingOf, videoContainerOf } from "#core/video/video-container.ts";
import { controlStyles } from "../../control-styles.ts";
import "../../icon/negato-icon.ts";
import { type RetrieveValue, saveBytes, sizeText } from "../document-bytes.ts";
import { containerName, openVideo } from "./open-video.ts";
import type { Playback, PlaybackFailure } from "./playback.ts";
import { videoStyles } from "./video-styles.ts";

/** Pace of a film that says nothing about it, ms per picture; it is said that it is assumed. */
const ASSUMED_FRAME_MS = 40;

type VideoState =
  | { readonly kind: "loading" }
  | { readonly kind: "ready"; readonly playback: Playback }
  | { readonly kind: "unplayable"; readonly reason: PlaybackFailure }
  | { readonly kind: "failed"; readonly message: string };

/**
 * A video as it is stored, played by the browser where it can; where it cannot, that is said and the stream can be
 * saved. Space plays, arrow keys go from picture to picture.
 */
@customElement("negato-video")
export class NegatoVideo extends LitElement {
  static override readonly styles = [controlStyles, videoStyles];

  @property({ attribute: false }) instance: Instance | undefined;
  @property({ attribute: false }) retrieve: RetrieveValue | undefined;
  @state() private video: VideoState = { kind: "loading" };
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  /** What is to be closed, also after it failed. */
  #playback: Playback | undefined;
  #abort = new AbortController();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("instance")) void this.#load();
  }

  protected override render(): TemplateResult {
    const { video } = this;
    return html`<div class="stage" tabindex="0" role="group" aria-label=${msg("Video")} @keydown=${this.#keys}>
        ${this.#stage(video)}
      </div>
      <div class="tools" role="toolbar" aria-label=${msg("Video")}>
        ${video.kind === "ready" ? this.#controls(video.playback) : nothing}
        <span class="facts">${this.#facts()}</span>
        <button class="button" type="button" ?disabled=${this.#bytes === undefined} @click=${this.#save}>
          ${msg("Save")}
        </button>
      </div>`;
  }

  #stage(video: VideoState): TemplateResult | HTMLElement {
    switch (video.kind) {
      case "loading":
        return html`<p role="status">${msg("Loading the video …")}</p>`;
      case "ready":
        return video.playback.surface;
      case "unplayable":
        return html`<div class="note" role="alert">
          <negato-icon name="triangle-alert"></negato-icon>
          <p>${this.#unplayableText(video.reason)}</p>
        </div>`;
      case "failed":
        return html`<div class="note" role="alert">
          <negato-icon name="triangle-alert"></negato-icon>
          <p>${video.message}</p>
          <button class="button" type="button" @click=${() => void this.#load()}>
            ${msg("Try again")}
          </button>
        </div>`;
    }
  }

  #controls(playback: Playback): TemplateResult {
    const { isPlaying, frameIndex, frameCount } = playback;
    return html`<button
        class="button icon-only"
        type="button"
        aria-label=${msg("Previous picture")}
        @click=${() => playback.show(frameIndex - 1)}
      >
        <negato-icon name="chevron-left"></negato-icon>
      </button>
      <button
        class="button icon-only"
        type="button"
        aria-label=${isPlaying ? msg("Pause") : msg("Play")}
        title=${isPlaying ? msg("Pause (Space)") : msg("Play (Space)")}
        @click=${() => (isPlaying ? playback.pause() : playback.play())}
      >
        <negato-icon name=${isPlaying ? "pause" : "play"}></negato-icon>
      </button>
      <button
        class="button icon-only"
        type="button"
        aria-label=${msg("Next picture")}
        @click=${() => playback.show(frameIndex + 1)}
      >
        <negato-icon name="chevron-right"></negato-icon>
      </button>
      <input
        type="range"
        min="0"
        max=${frameCount - 1}
        .value=${String(frameIndex)}
        aria-label=${msg("Picture")}
        aria-valuetext=${msg(str`${frameIndex + 1} of ${frameCount}`)}
        @input=${(event: Event) => {
          if (event.target instanceof HTMLInputElement) playback.show(event.target.valueAsNumber);
        }}
      />
      <span class="count">${frameIndex + 1} / ${frameCount}</span>`;
  }

  /** `LOSSY (video) · MPEG-4 AVC/H.264 … · MP4 · 27.8 kB`: a video is never exact (safety C8). */
  #facts(): TemplateResult {
    const syntax = transferSyntaxOf(this.instance?.transferSyntaxUid ?? "")?.name;
    const stored = this.#bytes;
    const facts = [
      syntax ?? "",
      stored === undefined ? "" : containerName(videoContainerOf(stored)),
      stored === undefined ? "" : sizeText(stored.length),
      this.#frameMs() === undefined ? msg("pace not recorded, 25 pictures/s assumed") : "",
    ].filter((text) => text !== "");
    return html`<strong class="lossy">${msg("LOSSY (video)")}</strong> ${facts.join(" · ")}`;
  }

  #unplayableText(reason: PlaybackFailure): string {
    if (reason === "damaged")
      return msg("The video is damaged and cannot be played. It can be saved as it is stored.");
    const name = containerName(
      this.#bytes === undefined ? "unknown" : videoContainerOf(this.#bytes),
    );
    return msg(
      str`This browser does not play videos of this kind (${name}). It can be saved and played by another program.`,
    );
  }

  #frameMs(): number | undefined {
    const { instance } = this;
    const count = Math.max(instance?.numberOfFrames ?? 1, 1);
    return instance && readFrameTimes(instance.dataSet, count)?.[0];
  }

  async #load(): Promise<void> {
    this.#close();
    const { instance, retrieve } = this;
    if (instance === undefined || retrieve === undefined) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.video = { kind: "loading" };
    try {
      const bytes = await retrieve(streamAddress(instance), abort.signal);
      if (abort.signal.aborted) return;
      this.#bytes = bytes;
      const facts = {
        frameCount: instance.numberOfFrames,
        frameMs: this.#frameMs() ?? ASSUMED_FRAME_MS,
      };
      const playback = await openVideo(bytes, facts, {
        changed: () => this.requestUpdate(),
        failed: (reason) => {
          if (!abort.signal.aborted) this.video = { kind: "unplayable", reason };
        },
      });
      this.#begin(playback, abort.signal);
    } catch (error) {
      const message = error instanceof Error ? error.message : msg("It could not be loaded.");
      if (!abort.signal.aborted) this.video = { kind: "failed", message };
    }
  }

  #begin(playback: Playback | PlaybackFailure, signal: AbortSignal): void {
    if (typeof playback === "string") {
      if (!signal.aborted) this.video = { kind: "unplayable", reason: playback };
    } else if (signal.aborted) playback.close();
    else {
      this.#playback = playback;
      if (this.video.kind === "loading") this.video = { kind: "ready", playback };
    }
  }

  #close(): void {
    this.#abort.abort();
    this.#playback?.close();
    this.#playback = undefined;
    this.#bytes = undefined;
  }

  readonly #save = (): void => {
    const bytes = this.#bytes;
    if (bytes === undefined) return;
    const ending = fileEndingOf(videoContainerOf(bytes));
    saveBytes(bytes, "application/octet-stream", `video.${ending}`);
  };

  readonly #keys = (event: KeyboardEvent): void => {
    if (this.video.kind !== "ready" || event.ctrlKey || event.metaKey || event.altKey) return;
    const { playback } = this.video;
    switch (event.key) {
      case " ":
        if (playback.isPlaying) playback.pause();
        else playback.play();
        break;
      case "ArrowLeft":
        playback.show(playback.frameIndex - 1);
        break;
      case "ArrowRight":
        playback.show(playback.frameIndex + 1);
        break;
      case "Home":
        playback.show(0);
        break;
      case "End":
        playback.show(playback.frameCount - 1);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
}

/** The stream of a video is its one frame, whatever Number of Frames says (PS3.18 8.7.3.3.3). */
function streamAddress(instance: Instance): string {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance;
  const [study, series, one] = [studyInstanceUid, seriesInstanceUid, sopInstanceUid].map(
    encodeURIComponent,
  );
  return `studies/${study}/series/${series}/instances/${one}/frames/1`;
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-video": NegatoVideo;
  }
}
