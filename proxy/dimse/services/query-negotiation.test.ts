import { expect, test } from "vitest";
import { pairAssociations } from "../testing/paired-associations.ts";
import { MODEL_UIDS, type QueryModel } from "./query-model.ts";
import { agreedQueryAbilities, proposeQueryAbilities } from "./query-negotiation.ts";

function associationWith(model: QueryModel, agreed: readonly number[] | undefined) {
  const { requestor } = pairAssociations([]);
  const extendedNegotiations = new Map<string, Uint8Array>();
  if (agreed !== undefined)
    extendedNegotiations.set(MODEL_UIDS[model].find, Uint8Array.from(agreed));
  return Object.assign(requestor, { peer: { ...requestor.peer, extendedNegotiations } });
}

test.each<readonly [QueryModel, number]>([
  ["study-root", 4],
  ["patient-root", 4],
  ["worklist", 4],
])("all abilities are proposed for %s", (model, length) => {
  const proposed = proposeQueryAbilities(model);
  expect([...proposed]).toEqual([[MODEL_UIDS[model].find, new Uint8Array(length).fill(1)]]);
});

// PS3.4 table C.5-2: relational, date-time, fuzzy, time zone; K.5.1: two reserved, fuzzy, time zone.
test.each<readonly [QueryModel, readonly number[] | undefined, readonly boolean[]]>([
  ["study-root", undefined, [false, false, false, false]],
  ["study-root", [1], [true, false, false, false]],
  ["study-root", [0, 1, 0, 1], [false, true, false, true]],
  ["study-root", [1, 1, 1, 1, 1], [true, true, true, true]],
  ["study-root", [2, 0, 0, 0], [false, false, false, false]],
  ["worklist", [1, 1, 1, 0], [false, true, true, false]],
  ["worklist", undefined, [false, true, false, false]],
])("of %s %j is agreed as %j", (model, agreed, expected) => {
  const { relational, dateTimeMatching, fuzzyMatching, timeZone } = agreedQueryAbilities(
    associationWith(model, agreed),
    model,
  );
  expect([relational, dateTimeMatching, fuzzyMatching, timeZone]).toEqual(expected);
});
