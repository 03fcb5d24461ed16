import { describe, expect, it } from "vitest";
import { jsonLines, withHeartbeat } from "./send-live.ts";

describe("a body that tells what happens", () => {
  it("begins with a beat, and beats on while nothing is told", async () => {
    const told = withHeartbeat(afterwards(), "beat", 1);
    let tell: (text: string) => void = () => undefined;
    async function* afterwards() {
      yield await new Promise<string>((resolve) => {
        tell = resolve;
      });
    }
    expect(await heard(told, 3)).toEqual(["beat", "beat", "beat"]);
    tell("told");
    let next = await told.next();
    while (next.value === "beat") next = await told.next();
    expect(next.value).toBe("told");
    expect((await told.next()).done).toBe(true);
  });

  it("loses nothing that is told while a beat is due", async () => {
    async function* numbers() {
      for (let number = 0; number < 20; number += 1) {
        await new Promise((resolve) => setTimeout(resolve, number % 3));
        yield { number };
      }
    }
    const texts: string[] = [];
    for await (const text of withHeartbeat(jsonLines(numbers()), "\n", 1)) texts.push(text);
    const lines = texts.filter((text) => text !== "\n");
    expect(lines).toEqual(Array.from({ length: 20 }, (_, number) => `{"number":${number}}\n`));
  });

  it("ends what it tells of when nobody reads on", async () => {
    let isEnded = false;
    async function* endless() {
      try {
        while (true) yield {};
      } finally {
        isEnded = true;
      }
    }
    const told = withHeartbeat(jsonLines(endless()), "\n");
    await heard(told, 3);
    await told.return(undefined);
    expect(isEnded).toBe(true);
  });

  async function heard(texts: AsyncGenerator<string>, count: number): Promise<unknown[]> {
    const found: unknown[] = [];
    while (found.length < count) found.push((await texts.next()).value);
    return found;
  }
});
