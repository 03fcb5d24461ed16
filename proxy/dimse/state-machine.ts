/** States of the upper layer (PS3.8 tables 9-1 to 9-5). */
export type State =
  /** Idle. */
  | "Sta1"
  /** Transport connection open, awaiting A-ASSOCIATE-RQ. */
  | "Sta2"
  /** Awaiting the local A-ASSOCIATE response. */
  | "Sta3"
  /** Awaiting that the transport connection opens. */
  | "Sta4"
  /** Awaiting A-ASSOCIATE-AC or A-ASSOCIATE-RJ. */
  | "Sta5"
  /** Association established, ready for data. */
  | "Sta6"
  /** Awaiting A-RELEASE-RP. */
  | "Sta7"
  /** Awaiting the local A-RELEASE response. */
  | "Sta8"
  /** Release collision, requestor: awaiting the local A-RELEASE response. */
  | "Sta9"
  /** Release collision, acceptor: awaiting A-RELEASE-RP. */
  | "Sta10"
  /** Release collision, requestor: awaiting A-RELEASE-RP. */
  | "Sta11"
  /** Release collision, acceptor: awaiting the local A-RELEASE response. */
  | "Sta12"
  /** Awaiting that the transport connection closes. */
  | "Sta13";

/** Actions (PS3.8 tables 9-6 to 9-9). */
export type Action =
  | `AE-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`
  | `DT-${1 | 2}`
  | `AR-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10}`
  | `AA-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`;

/** Events (PS3.8 table 9-10, first column), in its order: Evt1 to Evt19. */
export const EVENTS = [
  "A-ASSOCIATE request primitive",
  "transport connection confirmed",
  "A-ASSOCIATE-AC received",
  "A-ASSOCIATE-RJ received",
  "transport connection indicated",
  "A-ASSOCIATE-RQ received",
  "A-ASSOCIATE response primitive, accept",
  "A-ASSOCIATE response primitive, reject",
  "P-DATA request primitive",
  "P-DATA-TF received",
  "A-RELEASE request primitive",
  "A-RELEASE-RQ received",
  "A-RELEASE-RP received",
  "A-RELEASE response primitive",
  "A-ABORT request primitive",
  "A-ABORT received",
  "transport connection closed",
  "ARTIM timer expired",
  "unrecognised or invalid PDU received",
] as const;

export type Event = (typeof EVENTS)[number];

/** The state that an action leads to; two where the action decides by what it finds (PS3.8 tables 9-6 to 9-9). */
export const NEXT_STATES: { readonly [A in Action]: State | readonly [State, State] } = {
  /** Issue TRANSPORT CONNECT request primitive. */
  "AE-1": "Sta4",
  /** Send A-ASSOCIATE-RQ. */
  "AE-2": "Sta5",
  /** Issue A-ASSOCIATE confirmation, accept. */
  "AE-3": "Sta6",
  /** Issue A-ASSOCIATE confirmation, reject; close transport connection. */
  "AE-4": "Sta1",
  /** Issue transport connection response; start ARTIM timer. */
  "AE-5": "Sta2",
  /** Stop ARTIM timer; if acceptable issue A-ASSOCIATE indication, else send A-ASSOCIATE-RJ and start ARTIM timer. */
  "AE-6": ["Sta3", "Sta13"],
  /** Send A-ASSOCIATE-AC. */
  "AE-7": "Sta6",
  /** Send A-ASSOCIATE-RJ; start ARTIM timer. */
  "AE-8": "Sta13",
  /** Send P-DATA-TF. */
  "DT-1": "Sta6",
  /** Issue P-DATA indication. */
  "DT-2": "Sta6",
  /** Send A-RELEASE-RQ. */
  "AR-1": "Sta7",
  /** Issue A-RELEASE indication. */
  "AR-2": "Sta8",
  /** Issue A-RELEASE confirmation; close transport connection. */
  "AR-3": "Sta1",
  /** Send A-RELEASE-RP; start ARTIM timer. */
  "AR-4": "Sta13",
  /** Stop ARTIM timer. */
  "AR-5": "Sta1",
  /** Issue P-DATA indication. */
  "AR-6": "Sta7",
  /** Send P-DATA-TF. */
  "AR-7": "Sta8",
  /** Issue A-RELEASE indication (collision): the requestor of the association, or its acceptor. */
  "AR-8": ["Sta9", "Sta10"],
  /** Send A-RELEASE-RP. */
  "AR-9": "Sta11",
  /** Issue A-RELEASE confirmation. */
  "AR-10": "Sta12",
  /** Send A-ABORT (service user); start, or restart, ARTIM timer. */
  "AA-1": "Sta13",
  /** Stop ARTIM timer; close transport connection. */
  "AA-2": "Sta1",
  /** Issue A-ABORT or A-P-ABORT indication by the source of the PDU; close transport connection. */
  "AA-3": "Sta1",
  /** Issue A-P-ABORT indication. */
  "AA-4": "Sta1",
  /** Stop ARTIM timer. */
  "AA-5": "Sta1",
  /** Ignore the PDU. */
  "AA-6": "Sta13",
  /** Send A-ABORT. */
  "AA-7": "Sta13",
  /** Send A-ABORT (service provider); issue A-P-ABORT indication; start ARTIM timer. */
  "AA-8": "Sta13",
};

/** PS3.8 table 9-10: a line for each event, in the order of `EVENTS`, a column for each state; `-` where it cannot happen. */
const TABLE = `
        Sta1  Sta2  Sta3  Sta4  Sta5  Sta6  Sta7  Sta8  Sta9  Sta10 Sta11 Sta12 Sta13
Evt1    AE-1  -     -     -     -     -     -     -     -     -     -     -     -
Evt2    -     -     -     AE-2  -     -     -     -     -     -     -     -     -
Evt3    -     AA-1  AA-8  -     AE-3  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6
Evt4    -     AA-1  AA-8  -     AE-4  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6
Evt5    AE-5  -     -     -     -     -     -     -     -     -     -     -     -
Evt6    -     AE-6  AA-8  -     AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-7
Evt7    -     -     AE-7  -     -     -     -     -     -     -     -     -     -
Evt8    -     -     AE-8  -     -     -     -     -     -     -     -     -     -
Evt9    -     -     -     -     -     DT-1  -     AR-7  -     -     -     -     -
Evt10   -     AA-1  AA-8  -     AA-8  DT-2  AR-6  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6
Evt11   -     -     -     -     -     AR-1  -     -     -     -     -     -     -
Evt12   -     AA-1  AA-8  -     AA-8  AR-2  AR-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6
Evt13   -     AA-1  AA-8  -     AA-8  AA-8  AR-3  AA-8  AA-8  AR-10 AR-3  AA-8  AA-6
Evt14   -     -     -     -     -     -     -     AR-4  AR-9  -     -     AR-4  -
Evt15   -     -     AA-1  AA-2  AA-1  AA-1  AA-1  AA-1  AA-1  AA-1  AA-1  AA-1  -
Evt16   -     AA-2  AA-3  -     AA-3  AA-3  AA-3  AA-3  AA-3  AA-3  AA-3  AA-3  AA-2
Evt17   -     AA-5  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AR-5
Evt18   -     AA-2  -     -     -     -     -     -     -     -     -     -     AA-2
Evt19   -     AA-1  AA-8  -     AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-7
`;

const TRANSITIONS = readTable(TABLE);

/** The action on an event in a state; undefined where the standard has none. */
export function actionOn(event: Event, state: State): Action | undefined {
  return TRANSITIONS.get(event)?.get(state);
}

/** The state after an action; `isSecond` chooses where there are two. */
export function stateAfter(action: Action, isSecond = false): State {
  const next = NEXT_STATES[action];
  if (typeof next === "string") return next;
  return isSecond ? next[1] : next[0];
}

function readTable(text: string): ReadonlyMap<Event, ReadonlyMap<State, Action>> {
  const [head = "", ...lines] = text.trim().split("\n");
  const states = cellsOf(head).filter(isState);
  return new Map(
    EVENTS.map((event, at) => {
      const cells = cellsOf(lines[at] ?? "").slice(1);
      return [event, new Map(states.flatMap((state, column) => entryOf(state, cells[column])))];
    }),
  );
}

function entryOf(state: State, cell: string | undefined): readonly (readonly [State, Action])[] {
  return cell !== undefined && isAction(cell) ? [[state, cell]] : [];
}

function cellsOf(line: string): readonly string[] {
  return line.trim().split(/\s+/);
}

function isState(cell: string): cell is State {
  return /^Sta([1-9]|1[0-3])$/.test(cell);
}

function isAction(cell: string): cell is Action {
  return cell in NEXT_STATES;
}
