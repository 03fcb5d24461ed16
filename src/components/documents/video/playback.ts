/** A video that can be played and looked at picture by picture. Pictures count from 0. */
export interface Playback {
  /** What draws it. */
  readonly surface: HTMLElement;
  readonly frameCount: number;
  readonly frameIndex: number;
  readonly isPlaying: boolean;
  /** From here to the end; from the begin when it stands at the end. */
  play(): void;
  pause(): void;
  /** Stops at a picture. */
  show(frameIndex: number): void;
  close(): void;
}

/** What a playback tells. */
export interface PlaybackListener {
  /** Another picture is on, or it was started or stopped. */
  changed(): void;
  /** It cannot go on. */
  failed(reason: PlaybackFailure): void;
}

export type PlaybackFailure = "not-supported" | "damaged";
