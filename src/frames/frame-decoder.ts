import type { DecodeOutcome, DecodeRequest, KeepRequest } from "../decode/protocol.ts";

/** What decodes; the decode pool is one. */
export interface FrameDecoder {
  /** Lower priority goes first. Takes `request.encoded` over; never rejects. */
  decode(request: DecodeRequest, signal: AbortSignal, priority?: number): Promise<DecodeOutcome>;
  /** Lets a frame that waits to be decoded overtake others. */
  prioritize?(request: DecodeRequest, priority: number): void;
  /** Keeps a frame that is decoded already, after everything else; never rejects. */
  keep?(request: KeepRequest, signal: AbortSignal): Promise<void>;
  /** Loads a codec in advance. */
  warm?(transferSyntaxUid: string): void;
}
