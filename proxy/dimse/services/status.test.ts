import { expect, test } from "vitest";
import { formatStatus, statusMeaning } from "./status.ts";
import { STATUS_TABLE, type StatusKind, type StatusService } from "./status-table.ts";

test.each<readonly [StatusService, number, StatusKind, string]>([
  // PS3.4 table B.2-1.
  ["C-STORE", 0x0000, "success", "Success"],
  ["C-STORE", 0xa700, "failure", "Refused: Out of Resources"],
  ["C-STORE", 0xa7ff, "failure", "Refused: Out of Resources"],
  ["C-STORE", 0xa900, "failure", "Error: Data Set does not match SOP Class"],
  ["C-STORE", 0xb000, "warning", "Coercion of Data Elements"],
  ["C-STORE", 0xb006, "warning", "Elements Discarded"],
  ["C-STORE", 0xb007, "warning", "Data Set does not match SOP Class"],
  ["C-STORE", 0xc123, "failure", "Error: Cannot understand"],
  // PS3.4 table C.4-1.
  ["C-FIND", 0xa700, "failure", "Refused: Out of Resources"],
  ["C-FIND", 0xa900, "failure", "Error: Data Set does not match SOP Class"],
  ["C-FIND", 0xc001, "failure", "Error: Unable to process"],
  ["C-FIND", 0xfe00, "cancel", "Cancel"],
  ["C-FIND", 0xff00, "pending", "Pending"],
  ["C-FIND", 0xff01, "pending", "Pending, optional keys not supported"],
  // PS3.4 tables C.4-2 and C.4-3.
  [
    "C-MOVE",
    0xa701,
    "failure",
    "Refused: Out of Resources - Unable to calculate number of matches",
  ],
  ["C-GET", 0xa702, "failure", "Refused: Out of Resources - Unable to perform sub-operations"],
  ["C-MOVE", 0xa801, "failure", "Refused: Move Destination unknown"],
  ["C-GET", 0xaa02, "failure", "Unable to extract frames"],
  ["C-GET", 0xb000, "warning", "Sub-operations complete - one or more failures or warnings"],
  // PS3.7 annex C.
  ["C-ECHO", 0x0122, "failure", "SOP class not supported"],
  ["C-STORE", 0x0111, "failure", "Duplicate SOP Instance"],
  ["C-STORE", 0x0117, "failure", "Invalid SOP Instance"],
  ["C-MOVE", 0x0124, "failure", "Refused: Not authorized"],
  ["C-FIND", 0x0211, "failure", "Unrecognized operation"],
  ["N-ACTION", 0x0110, "failure", "Processing failure"],
  ["N-ACTION", 0x0112, "failure", "No such SOP Instance"],
  ["N-ACTION", 0x0131, "failure", "Duplicate transaction UID"],
  ["N-ACTION", 0x0213, "failure", "Resource limitation"],
  ["N-EVENT-REPORT", 0x0212, "failure", "Mistyped argument"],
])("%s answers %i, which is a %s: %s", (service, status, kind, meaning) => {
  expect(statusMeaning(service, status)).toMatchObject({ kind, meaning });
});

test.each([0x1234, 0xff02, 0xfe01, 0xffff])(
  "a status of no meaning (%i) is a failure",
  (status) => {
    expect(statusMeaning("C-FIND", status).kind).toBe("failure");
  },
);

test("a pending status of queries is none of a C-STORE or C-ECHO", () => {
  expect(statusMeaning("C-STORE", 0xff00).kind).toBe("failure");
  expect(statusMeaning("C-ECHO", 0xff00).kind).toBe("failure");
  expect(statusMeaning("C-GET", 0xff01).kind).toBe("failure");
});

test("every row says what to do in a sentence, and no row is hidden by one before it", () => {
  for (const [index, row] of STATUS_TABLE.entries()) {
    expect(row.advice).toMatch(/^[A-Z].*[.?]$/);
    const isSeen = row.services.some((service) =>
      [row.first, row.last, row.first + 1].some(
        (status) =>
          status <= row.last &&
          STATUS_TABLE.findIndex(
            (one) => one.services.includes(service) && one.first <= status && status <= one.last,
          ) === index,
      ),
    );
    expect(isSeen, formatStatus(row.first)).toBe(true);
  }
});

test("statuses are written as in the standard", () => {
  expect([0, 0x122, 0xa700].map(formatStatus)).toEqual(["0000H", "0122H", "A700H"]);
});
