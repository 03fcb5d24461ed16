import { describe, expect, it } from "vitest";
import { actionOn, EVENTS, NEXT_STATES, type State, stateAfter } from "./state-machine.ts";

const STATES: readonly State[] = [
  "Sta1",
  "Sta2",
  "Sta3",
  "Sta4",
  "Sta5",
  "Sta6",
  "Sta7",
  "Sta8",
  "Sta9",
  "Sta10",
  "Sta11",
  "Sta12",
  "Sta13",
];

/** PS3.8 table 9-10 read the other way: for each event the states in which each action is done. */
const BY_EVENT: Readonly<Record<(typeof EVENTS)[number], Readonly<Record<string, string>>>> = {
  "A-ASSOCIATE request primitive": { "AE-1": "1" },
  "transport connection confirmed": { "AE-2": "4" },
  "A-ASSOCIATE-AC received": {
    "AA-1": "2",
    "AA-8": "3 6 7 8 9 10 11 12",
    "AE-3": "5",
    "AA-6": "13",
  },
  "A-ASSOCIATE-RJ received": {
    "AA-1": "2",
    "AA-8": "3 6 7 8 9 10 11 12",
    "AE-4": "5",
    "AA-6": "13",
  },
  "transport connection indicated": { "AE-5": "1" },
  "A-ASSOCIATE-RQ received": { "AE-6": "2", "AA-8": "3 5 6 7 8 9 10 11 12", "AA-7": "13" },
  "A-ASSOCIATE response primitive, accept": { "AE-7": "3" },
  "A-ASSOCIATE response primitive, reject": { "AE-8": "3" },
  "P-DATA request primitive": { "DT-1": "6", "AR-7": "8" },
  "P-DATA-TF received": {
    "AA-1": "2",
    "AA-8": "3 5 8 9 10 11 12",
    "DT-2": "6",
    "AR-6": "7",
    "AA-6": "13",
  },
  "A-RELEASE request primitive": { "AR-1": "6" },
  "A-RELEASE-RQ received": {
    "AA-1": "2",
    "AA-8": "3 5 8 9 10 11 12",
    "AR-2": "6",
    "AR-8": "7",
    "AA-6": "13",
  },
  "A-RELEASE-RP received": {
    "AA-1": "2",
    "AA-8": "3 5 6 8 9 12",
    "AR-3": "7 11",
    "AR-10": "10",
    "AA-6": "13",
  },
  "A-RELEASE response primitive": { "AR-4": "8 12", "AR-9": "9" },
  "A-ABORT request primitive": { "AA-1": "3 5 6 7 8 9 10 11 12", "AA-2": "4" },
  "A-ABORT received": { "AA-2": "2 13", "AA-3": "3 5 6 7 8 9 10 11 12" },
  "transport connection closed": { "AA-5": "2", "AA-4": "3 4 5 6 7 8 9 10 11 12", "AR-5": "13" },
  "ARTIM timer expired": { "AA-2": "2 13" },
  "unrecognised or invalid PDU received": {
    "AA-1": "2",
    "AA-8": "3 5 6 7 8 9 10 11 12",
    "AA-7": "13",
  },
};

describe("the state machine of the upper layer", () => {
  it.each(EVENTS)("knows what to do on: %s", (event) => {
    const byAction: Record<string, string[]> = {};
    for (const state of STATES) {
      const action = actionOn(event, state);
      if (action !== undefined) {
        byAction[action] ??= [];
        byAction[action].push(state.slice(3));
      }
    }
    const joined = Object.entries(byAction).map(([action, states]) => [action, states.join(" ")]);
    expect(Object.fromEntries(joined)).toEqual(BY_EVENT[event]);
  });

  it("does every action somewhere", () => {
    const done = EVENTS.flatMap((event) => STATES.map((state) => actionOn(event, state)));
    expect(new Set(done.filter((action) => action !== undefined))).toEqual(
      new Set(Object.keys(NEXT_STATES)),
    );
  });

  it("goes on by what is found where an action leads to two states", () => {
    expect([stateAfter("AE-6"), stateAfter("AE-6", true)]).toEqual(["Sta3", "Sta13"]);
    expect([stateAfter("AR-8"), stateAfter("AR-8", true)]).toEqual(["Sta9", "Sta10"]);
    expect([stateAfter("DT-2"), stateAfter("DT-2", true)]).toEqual(["Sta6", "Sta6"]);
  });
});
