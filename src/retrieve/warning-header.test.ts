import { expect, it } from "vitest";
import { readSearchWarnings } from "./warning-header.ts";

it("tells that there are more matches apart from what else the archive says", () => {
  const header =
    '299 negato "The folder is still being indexed: there may be more than this", ' +
    '299 negato "There are additional results that can be requested"';
  expect(readSearchWarnings(header)).toEqual({
    hasMore: true,
    sentences: ["The folder is still being indexed: there may be more than this"],
  });
});

it("reads quoted quotes, says each sentence once, and nothing where there is no header", () => {
  expect(readSearchWarnings('299 a "not \\"fuzzy\\"", 299 b "not \\"fuzzy\\""').sentences).toEqual([
    'not "fuzzy"',
  ]);
  expect(readSearchWarnings(null)).toEqual({ hasMore: false, sentences: [] });
  expect(readSearchWarnings("garbage").sentences).toEqual([]);
});
