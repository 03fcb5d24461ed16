import type { Playback, PlaybackListener } from "./playback.ts";

/** Plays a file that the browser itself can play (MP4, WebM) in a `<video>` without sound, controls or full screen. */
export class ElementPlayback implements Playback {
  readonly surface = document.createElement("video");
  readonly frameCount: number;
  readonly #address: string;
  readonly #listener: PlaybackListener;

  /** @param frameCount as the data set says, for steps from picture to picture */
  constructor(
    bytes: Uint8Array<ArrayBuffer>,
    type: string,
    frameCount: number,
    listener: PlaybackListener,
  ) {
    this.frameCount = Math.max(frameCount, 1);
    this.#listener = listener;
    this.#address = URL.createObjectURL(new Blob([bytes], { type }));
    const { surface } = this;
    surface.muted = true;
    surface.playsInline = true;
    // Outside the page nothing says whose pictures these are.
    surface.disablePictureInPicture = true;
    surface.disableRemotePlayback = true;
    surface.preload = "auto";
    for (const name of ["loadeddata", "play", "pause", "seeked", "timeupdate", "ended"])
      surface.addEventListener(name, () => listener.changed());
    surface.addEventListener("error", () => listener.failed(failureOf(surface.error)));
    surface.src = this.#address;
    this.#follow();
  }

  get frameIndex(): number {
    const { currentTime, duration } = this.surface;
    if (!(duration > 0)) return 0;
    const index = Math.floor((currentTime / duration) * this.frameCount + 1e-6);
    return Math.min(index, this.frameCount - 1);
  }

  get isPlaying(): boolean {
    return !this.surface.paused && !this.surface.ended;
  }

  play(): void {
    if (this.surface.ended) this.surface.currentTime = 0;
    // A start that a pause overtakes is rejected; whatever else is the matter comes as an error event.
    this.surface.play().catch(() => this.#listener.changed());
  }

  pause(): void {
    this.surface.pause();
  }

  show(frameIndex: number): void {
    const { duration } = this.surface;
    this.surface.pause();
    if (duration > 0) this.surface.currentTime = ((frameIndex + 0.5) / this.frameCount) * duration;
  }

  close(): void {
    this.surface.pause();
    this.surface.removeAttribute("src");
    this.surface.load();
    URL.revokeObjectURL(this.#address);
  }

  /** Tells of each picture that the browser shows, where it says so. */
  #follow(): void {
    const { surface } = this;
    if (!("requestVideoFrameCallback" in surface)) return;
    surface.requestVideoFrameCallback(() => {
      this.#listener.changed();
      this.#follow();
    });
  }
}

function failureOf(error: MediaError | null): "not-supported" | "damaged" {
  return error?.code === MediaError.MEDIA_ERR_DECODE ? "damaged" : "not-supported";
}
