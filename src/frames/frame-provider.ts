import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { FrameOutcome, FrameRequest } from "./frame-request.ts";

/** The corridor: gives decoded frames from memory, storage or the archive, whichever is nearest. */
export interface FrameProvider {
  /**
   * The frame, before everything that is only prefetched. Never rejects but for an abort (`signal.reason`).
   * Requests for the same frame share one retrieval and one decoding.
   */
  frame(request: FrameRequest, signal: AbortSignal): Promise<FrameOutcome>;
  /** The frame if it is in memory. */
  peek(request: FrameRequest): DecodedFrame | undefined;
  /** Replaces the queue of frames to fetch ahead; order is importance. What is no longer in it is aborted. */
  prefetch(requests: readonly FrameRequest[]): void;
  /** Whether the frame can be had without the network: it is in memory or in storage. */
  isCached(request: FrameRequest): boolean;
  /** Calls back, at most once per animation frame's time, when answers of `isCached` may have changed. */
  onCachedChanged(listener: () => void): () => void;
  /** Stops all work and lets go of all frames. */
  close(): void;
}
