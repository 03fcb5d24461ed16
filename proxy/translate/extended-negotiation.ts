import type { QueryModel } from "../dimse/services/query-model.ts";

/** What may be agreed upon for C-FIND beside the contexts (PS3.4 C.5.1.1). */
export interface ExtendedNegotiation {
  /** Keys of any level, without those of the levels above. */
  readonly relational: boolean;
  /** A date and a time with ranges are one range of moments. */
  readonly dateTimeMatching: boolean;
  /** Person names are matched by the rules of the PACS for names that sound or look alike. */
  readonly fuzzyMatching: boolean;
  /** Dates and times of keys and answers are adjusted by Timezone Offset From UTC. */
  readonly timeZone: boolean;
  /** Classic objects and their enhanced multi-frame conversions can be asked for apart. */
  readonly multiFrameConversion: boolean;
}

/** What is agreed upon when nothing is said. */
export const NOTHING_NEGOTIATED: ExtendedNegotiation = {
  relational: false,
  dateTimeMatching: false,
  fuzzyMatching: false,
  timeZone: false,
  multiFrameConversion: false,
};

/**
 * Service class application information for C-FIND of the Query/Retrieve models (PS3.4 table C.5-1), or of Modality
 * Worklist (K.5.1), where the first two bytes are reserved and always 1. Trailing options that are not asked for are
 * left out: there are acceptors that know three bytes and no more.
 */
export function writeFindNegotiation(
  options: ExtendedNegotiation,
  model: QueryModel,
): Uint8Array<ArrayBuffer> {
  const isWorklist = model === "worklist";
  const flags = [
    isWorklist || options.relational,
    isWorklist || options.dateTimeMatching,
    options.fuzzyMatching,
    options.timeZone,
    !isWorklist && options.multiFrameConversion,
  ];
  const length = Math.max(3, flags.lastIndexOf(true) + 1);
  return Uint8Array.from(flags.slice(0, length), Number);
}

/** What the acceptor answered; bytes that it left out, and values other than 1, are refusals. */
export function readFindNegotiation(answer: Uint8Array | undefined): ExtendedNegotiation {
  return {
    relational: answer?.[0] === 1,
    dateTimeMatching: answer?.[1] === 1,
    fuzzyMatching: answer?.[2] === 1,
    timeZone: answer?.[3] === 1,
    multiFrameConversion: answer?.[4] === 1,
  };
}

/** The same for C-MOVE and C-GET: relational retrieval and multi-frame conversion (PS3.4 tables C.5-3 and C.5-5). */
export function writeRetrieveNegotiation(options: {
  readonly relational: boolean;
  readonly multiFrameConversion: boolean;
}): Uint8Array<ArrayBuffer> {
  const flags = [options.relational, options.multiFrameConversion];
  return Uint8Array.from(options.multiFrameConversion ? flags : flags.slice(0, 1), Number);
}

/** What the acceptor answered for C-MOVE or C-GET. */
export function readRetrieveNegotiation(answer: Uint8Array | undefined): {
  readonly relational: boolean;
  readonly multiFrameConversion: boolean;
} {
  return { relational: answer?.[0] === 1, multiFrameConversion: answer?.[1] === 1 };
}
