import type { FrameStore } from "../cache/frame-store.ts";
import type { DecodeRequest } from "../decode/protocol.ts";
import { type EncodedFrame, RetrieveError, type StudySource } from "../retrieve/study-source.ts";
import { failureOfDecoding, failureOfError } from "./failure.ts";
import type { FrameDecoder } from "./frame-decoder.ts";
import type { FrameOutcome, FrameRequest } from "./frame-request.ts";
import type { UnkeptFrames } from "./unkept-frames.ts";
import type { Urgency } from "./urgency.ts";
import { within } from "./within.ts";

/** The way of one frame: from storage, or else from the source through the decoder. It remembers nothing. */
export class FramePipeline {
  readonly #source: StudySource;
  readonly #decoder: FrameDecoder;
  readonly #store: Promise<FrameStore | undefined>;
  readonly #storePatienceMs: number;
  readonly #unkept: UnkeptFrames;

  /**
   * @param storePatienceMs how long a frame waits for the storage to open before it takes the network
   * @param unkept gives the place where a decoded frame is kept
   */
  constructor(
    source: StudySource,
    decoder: FrameDecoder,
    store: Promise<FrameStore | undefined>,
    storePatienceMs: number,
    unkept: UnkeptFrames,
  ) {
    this.#source = source;
    this.#decoder = decoder;
    this.#store = store;
    this.#storePatienceMs = storePatienceMs;
    this.#unkept = unkept;
  }

  /** Never rejects; after an abort the failure is `aborted`. */
  async run(request: FrameRequest, signal: AbortSignal, urgency: Urgency): Promise<FrameOutcome> {
    try {
      const store = await within(this.#store, this.#storePatienceMs);
      const stored = await this.#fromStore(store, request);
      if (stored !== undefined) return stored;
      return await this.#fromSource(request, signal, urgency);
    } catch (error) {
      return { ok: false, failure: failureOfError(error) };
    }
  }

  async #fromSource(
    request: FrameRequest,
    signal: AbortSignal,
    urgency: Urgency,
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
    return this.#decode(request, encoded, signal, urgency);
  }

  async #decode(
    request: FrameRequest,
    encoded: EncodedFrame,
    signal: AbortSignal,
    urgency: Urgency,
  ): Promise<FrameOutcome> {
    const keep = this.#source.isCacheable ? await this.#unkept.slotFor(request) : undefined;
    const job: DecodeRequest = {
      encoded: encoded.bytes,
      transferSyntaxUid: encoded.transferSyntaxUid,
      imagePixel: request.imagePixel,
      ...(keep === undefined ? {} : { keep }),
    };
    urgency.onRise(() => this.#decoder.prioritize?.(job, urgency.value));
    const outcome = await this.#decoder.decode(job, signal, urgency.value);
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
}
