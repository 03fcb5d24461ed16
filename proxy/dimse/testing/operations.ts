import type { Association, DataSetSink } from "../association.ts";
import { COMMAND_FIELDS, type CommandSet, RESPONSE } from "../command-set.ts";
import type { DimseError } from "../dimse-error.ts";
import { CT_IMAGE_STORAGE } from "./loopback.ts";

/** A C-ECHO-RQ. */
export const ECHO: CommandSet = {
  commandField: COMMAND_FIELDS.cEcho,
  hasDataSet: false,
  messageId: 1,
  affectedSopClassUid: "1.2.840.10008.1.1",
};

/** Its answer. */
export const ECHOED: CommandSet = {
  commandField: COMMAND_FIELDS.cEcho | RESPONSE,
  hasDataSet: false,
  messageIdBeingRespondedTo: 1,
  status: 0,
};

/** A C-STORE-RQ. */
export const STORE: CommandSet = {
  commandField: COMMAND_FIELDS.cStore,
  hasDataSet: true,
  messageId: 1,
  affectedSopClassUid: CT_IMAGE_STORAGE,
  affectedSopInstanceUid: "1.2.3",
  priority: 0,
};

/** Its answer. */
export const STORED: CommandSet = {
  commandField: COMMAND_FIELDS.cStore | RESPONSE,
  hasDataSet: false,
  messageIdBeingRespondedTo: 1,
  status: 0,
};

/** A message that came, with its data set. */
export interface Arrived {
  readonly command: CommandSet;
  readonly dataSet: Uint8Array;
}

/** The next message on an association. */
export function nextMessage(association: Association): Promise<Arrived> {
  return new Promise((resolve, reject) => {
    association.receive({
      message(_contextId, command): DataSetSink | undefined {
        const chunks: Uint8Array[] = [];
        const end = (): void => resolve({ command, dataSet: Buffer.concat(chunks) });
        if (command.hasDataSet) {
          return { write: (chunk) => void chunks.push(chunk), end, abort: reject };
        }
        end();
        return undefined;
      },
      closed: (error) => error !== undefined && reject(error),
    });
  });
}

/** How an association ends; undefined when it is released. Data sets that come are thrown away. */
export function endOf(association: Association): Promise<DimseError | undefined> {
  const nothing = (): void => {};
  return new Promise((resolve) => {
    association.receive({
      message: (_contextId, command) =>
        command.hasDataSet ? { write: nothing, end: nothing, abort: nothing } : undefined,
      closed: resolve,
    });
  });
}
