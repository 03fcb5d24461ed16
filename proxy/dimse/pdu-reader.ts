import type { DimseError } from "./dimse-error.ts";
import { GrowingBytes } from "./growing-bytes.ts";
import { type ControlPdu, PDU_HEADER_LENGTH, PDU_TYPES } from "./pdu.ts";
import { readPdu, SHORT_LENGTH } from "./read-pdu.ts";
import { excess, violation } from "./violation.ts";

/** Bytes of an association PDU that are taken: 128 contexts with dozens of syntaxes, and a large identity token. */
const MOST_ASSOCIATE_BYTES = 262_144;
/**
 * Bytes by which a P-DATA-TF may be longer than we announced. Its bytes are handed on as they come, so that its length
 * costs nothing, and some peers send what they are configured to; what is far beyond is no length but garbage.
 */
export const PDU_LENGTH_TOLERANCE = 1_048_576;
/** Item length, context identifier and message control header of a PDV (PS3.8 figure 9-2 and E.2). */
const PDV_HEADER_LENGTH = 6;
/** Of those, what the item length does not count. */
const PDV_LENGTH_FIELD = 4;
/** Empty fragments in a row after which a peer is taken to send nothing else. */
const MOST_EMPTY_FRAGMENTS = 64;

/** Who takes what is read. What it throws ends the reading. */
export interface PduHandler {
  /** A P-DATA-TF begins; false when what is in it is to be dropped. */
  dataBegins(): boolean;
  /**
   * Bytes of a fragment, a view of the chunk that they came in; `isEnd` when they are the last of the command set or
   * data set (PS3.8 E.2). A promise holds the reader until it is resumed.
   */
  fragment(
    contextId: number,
    isCommand: boolean,
    bytes: Uint8Array,
    isEnd: boolean,
  ): void | Promise<void>;
  control(pdu: ControlPdu): void;
}

type Phase = "header" | "body" | "dropped" | "fragment-header" | "fragment" | "stopped";

/**
 * Reads PDUs from bytes however they are cut. Nothing is allocated by a length that was announced; data are handed on
 * without being copied or gathered.
 */
export class PduReader {
  readonly #handler: PduHandler;
  readonly #longestData: number;
  readonly #scratch = new Uint8Array(Math.max(PDU_HEADER_LENGTH, PDV_HEADER_LENGTH));
  readonly #view = new DataView(this.#scratch.buffer);
  readonly #body = new GrowingBytes();
  #scratchLength = 0;
  #phase: Phase = "header";
  #type = 0;
  /** Bytes of the PDU that are to come, less those of the fragment that is being read. */
  #pduLeft = 0;
  #fragmentLeft = 0;
  #contextId = 0;
  #control = 0;
  #emptyFragments = 0;
  #hold: Promise<void> | undefined;
  #rest: Uint8Array | undefined;

  /** `maximumPduLength` is what we announced; 0 for no limit. */
  constructor(handler: PduHandler, maximumPduLength: number) {
    this.#handler = handler;
    this.#longestData =
      maximumPduLength === 0 ? Number.POSITIVE_INFINITY : maximumPduLength + PDU_LENGTH_TOLERANCE;
  }

  /**
   * Reads the bytes that follow on those before. A promise says that the handler holds the reader: nothing may be
   * pushed until it has settled and `resume` has been called.
   * @throws DimseError `protocol-violation`, `limit-exceeded`, and what the handler throws; nothing is read after that
   */
  push(chunk: Uint8Array): Promise<void> | undefined {
    try {
      let at = 0;
      while (at < chunk.byteLength) {
        at = this.#step(chunk, at);
        if (this.#hold !== undefined) return this.#held(chunk.subarray(at));
      }
      return undefined;
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  /** Reads on after a hold; like `push`. */
  resume(): Promise<void> | undefined {
    const rest = this.#rest;
    this.#rest = undefined;
    return rest === undefined ? undefined : this.push(rest);
  }

  /** Drops what is left of a P-DATA-TF that is being read; PDUs are still read. */
  drop(): void {
    if (this.#phase !== "fragment-header" && this.#phase !== "fragment") return;
    const headerLeft = this.#phase === "fragment-header" ? this.#scratchLength : 0;
    this.#pduLeft += this.#fragmentLeft - headerLeft;
    this.#fragmentLeft = 0;
    this.#scratchLength = 0;
    this.#phase = this.#pduLeft === 0 ? "header" : "dropped";
  }

  /** Drops all that comes. */
  stop(): void {
    this.#phase = "stopped";
  }

  #held(rest: Uint8Array): Promise<void> | undefined {
    const hold = this.#hold;
    this.#hold = undefined;
    this.#rest = rest;
    return hold;
  }

  /** Reads some bytes from `at`; gives where to read on. */
  #step(chunk: Uint8Array, at: number): number {
    switch (this.#phase) {
      case "header":
        return this.#gather(chunk, at, PDU_HEADER_LENGTH);
      case "body":
        return this.#gatherBody(chunk, at);
      case "fragment-header":
        return this.#gather(chunk, at, PDV_HEADER_LENGTH);
      case "fragment":
        return this.#readFragment(chunk, at);
      case "dropped":
        return this.#drop(chunk, at);
      case "stopped":
        return chunk.byteLength;
    }
  }

  #gather(chunk: Uint8Array, at: number, length: number): number {
    let end = at;
    while (end < chunk.byteLength && this.#scratchLength < length) {
      this.#scratch[this.#scratchLength] = chunk[end] ?? 0;
      this.#scratchLength += 1;
      end += 1;
    }
    if (this.#scratchLength === length) {
      this.#scratchLength = 0;
      if (this.#phase === "header") this.#beginPdu();
      else this.#beginFragment();
    }
    return end;
  }

  #beginPdu(): void {
    this.#type = this.#view.getUint8(0);
    this.#pduLeft = this.#view.getUint32(2);
    const problem = this.#problemOfHeader();
    if (problem !== undefined) throw problem;
    if (this.#type !== PDU_TYPES.data) {
      this.#phase = "body";
    } else if (this.#handler.dataBegins()) {
      this.#awaitFragment();
    } else {
      this.#phase = "dropped";
    }
  }

  #problemOfHeader(): DimseError | undefined {
    const length = this.#pduLeft;
    switch (this.#type) {
      case PDU_TYPES.data:
        if (length > this.#longestData) return excess("A PDU is longer than was negotiated.");
        return length < PDV_HEADER_LENGTH
          ? violation("invalidParameter", "A P-DATA-TF PDU has no room for a data value.")
          : undefined;
      case PDU_TYPES.associateRequest:
      case PDU_TYPES.associateAccept:
        return length > MOST_ASSOCIATE_BYTES
          ? excess("An association PDU is longer than is taken.")
          : undefined;
      case PDU_TYPES.associateReject:
      case PDU_TYPES.releaseRequest:
      case PDU_TYPES.releaseResponse:
      case PDU_TYPES.abort:
        return length === SHORT_LENGTH
          ? undefined
          : violation("invalidParameter", "A PDU came whose length does not fit its type.");
      default:
        return violation("unrecognizedPdu", "What came is no PDU of the DICOM upper layer.");
    }
  }

  #gatherBody(chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.byteLength, at + this.#pduLeft);
    this.#body.add(chunk.subarray(at, end));
    this.#pduLeft -= end - at;
    if (this.#pduLeft === 0) {
      this.#phase = "header";
      this.#handler.control(readPdu(this.#type, this.#body.take()));
    }
    return end;
  }

  #awaitFragment(): void {
    if (this.#pduLeft === 0) {
      this.#phase = "header";
      return;
    }
    if (this.#pduLeft < PDV_HEADER_LENGTH) {
      throw violation("invalidParameter", "A P-DATA-TF PDU ends inside of a data value's header.");
    }
    this.#phase = "fragment-header";
  }

  #beginFragment(): void {
    const length = this.#view.getUint32(0);
    if (
      length < PDV_HEADER_LENGTH - PDV_LENGTH_FIELD ||
      length > this.#pduLeft - PDV_LENGTH_FIELD
    ) {
      throw violation("invalidParameter", "The length of a data value does not fit into its PDU.");
    }
    this.#contextId = this.#view.getUint8(4);
    this.#control = this.#view.getUint8(5);
    this.#pduLeft -= PDV_LENGTH_FIELD + length;
    this.#fragmentLeft = length - (PDV_HEADER_LENGTH - PDV_LENGTH_FIELD);
    this.#phase = "fragment";
    if (this.#fragmentLeft > 0) {
      this.#emptyFragments = 0;
      return;
    }
    this.#emptyFragments += 1;
    if (this.#emptyFragments > MOST_EMPTY_FRAGMENTS) throw excess("Too many empty data values.");
    this.#readFragment(this.#scratch.subarray(0, 0), 0);
  }

  #readFragment(chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.byteLength, at + this.#fragmentLeft);
    this.#fragmentLeft -= end - at;
    const isDone = this.#fragmentLeft === 0;
    const isCommand = (this.#control & 1) !== 0;
    const isEnd = isDone && (this.#control & 2) !== 0;
    if (isDone) this.#awaitFragment();
    const hold = this.#handler.fragment(
      this.#contextId,
      isCommand,
      at === 0 && end === chunk.byteLength ? chunk : chunk.subarray(at, end),
      isEnd,
    );
    if (hold !== undefined) this.#hold = hold;
    return end;
  }

  #drop(chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.byteLength, at + this.#pduLeft);
    this.#pduLeft -= end - at;
    if (this.#pduLeft === 0) this.#phase = "header";
    return end;
  }
}
