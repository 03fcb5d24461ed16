import { expect, test } from "vitest";
import { errorOfResponse } from "../retrieve/response-error.ts";
import { RetrieveError } from "../retrieve/study-source.ts";
import { failureOfError, isPassing } from "./failure.ts";

const problem = (code: string) =>
  new Response(JSON.stringify({ code, detail: "Because of the moon." }), {
    status: 404,
    headers: { "content-type": "application/problem+json" },
  });

test("an object without pixel data is there: it is not said to be deleted, nor asked for again", async () => {
  const failure = failureOfError(await errorOfResponse(problem("no-pixel-data")));
  expect(failure).toEqual({
    code: "no-pixel-data",
    message: "This object has no pixel data.",
    advice: "Its attributes are there; if it should be an image, ask for it to be sent again.",
  });
  expect(isPassing(failure)).toBe(false);
});

test("whatever else the archive does not find may have been deleted", async () => {
  const failure = failureOfError(await errorOfResponse(problem("not-found")));
  expect(failure).toMatchObject({ code: "not-found", advice: expect.stringContaining("deleted") });
});

test("an archive that says how long it needs is taken by its word", () => {
  const busy = new RetrieveError("busy", "Busy.", { retryAfterMs: 29_500 });
  expect(failureOfError(busy).advice).toBe("Wait 30 seconds, then try again.");
  expect(failureOfError(new RetrieveError("busy", "Busy.")).advice).toMatch(/moment/);
});
