import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Source } from "../sources/source.ts";
import { type MadeFolder, madeFolder, madeInstance } from "../testing/made-archive.ts";
import { basicAuthentication } from "./basic-authentication.ts";
import { createServer } from "./create-server.ts";
import { hashPassword } from "./password-hash.ts";

const decoder = { decode: refused, render: refused };

async function refused() {
  return { ok: false, error: { code: "codec-failure", message: "unused" } } as const;
}

let made: MadeFolder;

beforeAll(async () => {
  made = await madeFolder({ "a.dcm": madeInstance() });
});

afterAll(async () => {
  await made.remove();
});

/** A source whose searches last until they are let go, and that remembers on whose behalf they were. */
async function slowSource() {
  const users: string[] = [];
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const archive = await made.open();
  const search = async () => {
    await held;
    return { matches: [], warnings: [], hasMore: false };
  };
  const source: Source = {
    ...archive,
    name: "slow",
    search,
    forUser: (subject) => {
      users.push(subject);
      return { ...source, search };
    },
  };
  return { source, users, letGo };
}

describe("limits of users", () => {
  it("refuse with 429 what one user asks beyond them, and leave others alone", async () => {
    const { source, users, letGo } = await slowSource();
    const passwordHash = await hashPassword("correct horse");
    const app = await createServer({
      sources: [source],
      decoder,
      version: "1",
      allowedHosts: "any",
      authenticator: basicAuthentication([
        { name: "ann", passwordHash },
        { name: "bob", passwordHash },
      ]),
      limits: { requestsPerUser: 2, retrievalsPerUser: 1 },
    });
    const address = await app.listen({ host: "127.0.0.1", port: 0 });
    const ask = (user: string) =>
      fetch(`${address}/dicom-web/studies`, {
        headers: {
          authorization: `Basic ${Buffer.from(`${user}:correct horse`).toString("base64")}`,
        },
      });
    const first = [ask("ann"), ask("ann")];
    await expect.poll(() => users).toEqual(["ann", "ann"]);
    const third = await ask("ann");
    expect(third.status).toBe(429);
    expect(third.headers.get("retry-after")).toBe("1");
    expect(await third.json()).toMatchObject({ code: "too-many-requests", status: 429 });
    const other = ask("bob");
    await expect.poll(() => users).toEqual(["ann", "ann", "bob"]);
    letGo();
    for (const answer of await Promise.all([...first, other])) {
      expect(answer.status).toBe(200);
      await answer.arrayBuffer();
    }
    const afterwards = await ask("ann");
    expect(afterwards.status).toBe(200);
    await afterwards.arrayBuffer();
    await app.close();
  });
});
