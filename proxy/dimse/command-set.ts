/** A command set (PS3.7 sections 9.3, 10.3 and annex E), as it is read and written; absent elements are undefined. */
export interface CommandSet {
  /** (0000,0100), one of `COMMAND_FIELDS`. */
  readonly commandField: number;
  /** Whether a data set follows: (0000,0800) is not 0101H. */
  readonly hasDataSet: boolean;
  /** (0000,0110) of requests. */
  readonly messageId?: number;
  /** (0000,0120) of responses and of C-CANCEL. */
  readonly messageIdBeingRespondedTo?: number;
  readonly affectedSopClassUid?: string;
  readonly requestedSopClassUid?: string;
  readonly affectedSopInstanceUid?: string;
  readonly requestedSopInstanceUid?: string;
  /** (0000,0700): 0 medium, 1 high, 2 low. */
  readonly priority?: number;
  /** (0000,0900) of responses. */
  readonly status?: number;
  /** (0000,0902). */
  readonly errorComment?: string;
  /** (0000,0901), tags. */
  readonly offendingElements?: readonly number[];
  /** (0000,0600). */
  readonly moveDestination?: string;
  /** (0000,1030) and (0000,1031). */
  readonly moveOriginatorAeTitle?: string;
  readonly moveOriginatorMessageId?: number;
  readonly remainingSuboperations?: number;
  readonly completedSuboperations?: number;
  readonly failedSuboperations?: number;
  readonly warningSuboperations?: number;
  /** (0000,1002) and (0000,1008). */
  readonly eventTypeId?: number;
  readonly actionTypeId?: number;
}

/** Command Field (0000,0100) of requests; their responses have 8000H added (PS3.7 table E.1-1). */
export const COMMAND_FIELDS = {
  cStore: 0x0001,
  cGet: 0x0010,
  cFind: 0x0020,
  cMove: 0x0021,
  cEcho: 0x0030,
  nEventReport: 0x0100,
  nAction: 0x0130,
  cCancel: 0x0fff,
} as const;

/** Added to the Command Field of a request for that of its response. */
export const RESPONSE = 0x8000;
