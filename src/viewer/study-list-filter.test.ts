import { describe, expect, it } from "vitest";
import { NO_FILTER, searchesOf } from "./study-list-filter.ts";

const today = new Date(2026, 2, 1);

describe("a filter of the study list", () => {
  it.each([
    [{ patientName: " demo, chest " }, { patientName: "*demo*chest*" }],
    [{ patientName: "demo^ch*" }, { patientName: "demo^ch*" }],
    [{ patientName: "?ro*" }, { patientName: "?ro*" }],
    [{ patientName: "a\\b" }, { patientName: "*a*b*" }],
    [{ patientId: "44" }, { patientId: "44*" }],
    [{ accessionNumber: "*213" }, { accessionNumber: "*213" }],
    [{ description: "chest ct" }, { studyDescription: "*chest ct*" }],
    [{ dates: { kind: "days", days: 1 } }, { dateFrom: "20260301", dateTo: "20260301" }],
    [{ dates: { kind: "days", days: 7 } }, { dateFrom: "20260223", dateTo: "20260301" }],
    [{ dates: { kind: "range", from: "20250101", to: "" } }, { dateFrom: "20250101" }],
    [{ patientName: "  ," }, {}],
  ] as const)("%j searches for %j", (filter, keys) => {
    expect(searchesOf({ ...NO_FILTER, ...filter }, today)).toEqual([keys]);
  });
});
