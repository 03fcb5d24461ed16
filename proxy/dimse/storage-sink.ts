import type { DataSetSink } from "./association.ts";

/** An object that arrives by C-STORE. */
export interface IncomingObject {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** The data set arrives in this syntax, and is kept in it. */
  readonly transferSyntaxUid: string;
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  /** The C-MOVE that it comes from, where the sender tells (0000,1030 and 1031). */
  readonly moveOriginator?: { readonly aeTitle: string; readonly messageId: number };
}

/** Takes one object. */
export interface ObjectReceiver extends Omit<DataSetSink, "end"> {
  /** The data set is complete; gives the Status (0000,0900) to be answered. What it throws is answered C000H. */
  end(): number | Promise<number>;
}

/** Takes the objects of a C-GET, of a C-MOVE, or of whoever stores here; a number refuses with that Status. */
export interface StorageSink {
  begin(object: IncomingObject): ObjectReceiver | number;
}
