import type { FrameStore } from "../cache/frame-store.ts";
import type { DecodeOutcome, DecodeRequest, KeepFrame } from "../decode/protocol.ts";
import { type EncodedFrame, RetrieveError, type StudySource } from "../retrieve/study-source.ts";
import { failureOfDecoding, failureOfError } from "./failure.ts";
import type { FrameOutcome, FrameRequest } from "./frame-request.ts";
import { within } from "./within.ts";

/** What decodes; the decode pool is one. */
export interface FrameDecoder {
  /** Lower priority goes first. Takes `request.encoded` over; never rejects. */
  decode(request: DecodeRequest, signal: AbortSignal, priority?: number): Promise<DecodeOutcome>;
  /** Loads a codec in advance. */
  warm?(transferSyntaxUid: string): void;
}

/** The way of one frame: from storage, or else from the source through the decoder. It remembers nothing. */
export class FramePipeline {
  readonly #source: StudySource;
  readonly #decoder: FrameDecoder;
  readonly #store: Promise<FrameStore | undefined>;
  readonly #storePatienceMs: number;

  /** @param storePatienceMs how long a frame waits for the storage to open before it takes the network */
  constructor(
    source: StudySource,
    decoder: FrameDecoder,
    store: Promise<FrameStore | undefined>,
    storePatienceMs: number,
  ) {
    this.#source = source;
    this.#decoder = decoder;
    this.#store = store;
    this.#storePatienceMs = storePatienceMs;
  }

  /** Never rejects; after an abort the failure is `aborted`. */
  async run(request: FrameRequest, signal: AbortSignal, priority: number): Promise<FrameOutcome> {
    try {
      const store = await within(this.#store, this.#storePatienceMs);
      const stored = await this.#fromStore(store, request);
      if (stored !== undefined) return stored;
      return await this.#fromSource(request, signal, priority);
    } catch (error) {
      return { ok: false, failure: failureOfError(error) };
    }
  }

  async #fromSource(
    request: FrameRequest,
    signal: AbortSignal,
    priority: number,
  ): Promise<FrameOutcome> {
    if (request.expectedTransferSyntaxUid !== undefined)
      this.#decoder.warm?.(request.expectedTransferSyntaxUid);
    let encoded: EncodedFrame;
    try {
      encoded = await this.#source.retrieveFrame(request.address, signal);
    } catch (error) {
      const isUnreachable = error instanceof RetrieveError && error.code === "network";
      // Without a network a cache that opens late is worth the wait.
      const stored = isUnreachable ? await this.#fromStore(await this.#store, request) : undefined;
      if (stored !== undefined) return stored;
      throw error;
    }
    const keep = await this.#slot(request);
    const outcome = await this.#decoder.decode(
      {
        encoded: encoded.bytes,
        transferSyntaxUid: encoded.transferSyntaxUid,
        imagePixel: request.imagePixel,
        ...(keep === undefined ? {} : { keep }),
      },
      signal,
      priority,
    );
    return outcome.ok
      ? { ok: true, frame: outcome.frame, from: "network" }
      : { ok: false, failure: failureOfDecoding(outcome.error) };
  }

  async #fromStore(
    store: FrameStore | undefined,
    request: FrameRequest,
  ): Promise<FrameOutcome | undefined> {
    if (store === undefined) return undefined;
    const frame = await store.read(await store.nameOf(request.address));
    return frame === undefined ? undefined : { ok: true, frame, from: "storage" };
  }

  async #slot(request: FrameRequest): Promise<KeepFrame | undefined> {
    if (!this.#source.isCacheable) return undefined;
    const store = await within(this.#store, 0);
    return store?.slotFor(request.address);
  }
}
