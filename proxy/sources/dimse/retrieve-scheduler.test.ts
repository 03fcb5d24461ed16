import { setMaxListeners } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import { DimseError } from "../../dimse/dimse-error.ts";
import type { WantPriority } from "./series-entry.ts";
import { NotListable } from "./series-lists.ts";
import {
  listed,
  listOf,
  type SchedulerFixture,
  SERIES,
  STUDY,
  schedulerFixture,
  turn,
} from "./testing/scheduler-fixture.ts";

const silent = new DimseError("silent", "Nothing came");
const signal = new AbortController().signal;
setMaxListeners(0, signal);

afterEach(() => {
  vi.useRealTimers();
});

/** Lets time go on, and what is due then happen. */
async function later(fixture: SchedulerFixture, milliseconds: number): Promise<void> {
  fixture.clock += milliseconds;
  await vi.advanceTimersByTimeAsync(milliseconds);
}

function fakeTimers(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
}

describe("a small series", () => {
  it("comes by one retrieve, whoever wants what of it", async () => {
    const fixture = schedulerFixture({ count: 6 });
    const wants = [fixture.want(1), fixture.want(1), fixture.want(5, signal, "b")];
    await turn();
    expect(fixture.retrieves).toHaveLength(1);
    expect(fixture.retrieves[0]?.job.level).toBe("series");
    await fixture.retrieves[0]?.complete();
    expect((await Promise.all(wants)).map(({ etag }) => etag)).toEqual(["e1", "e1", "e5"]);
    expect(fixture.lists).toBe(1);
    await fixture.want(6);
    expect(fixture.retrieves).toHaveLength(1);
  });

  it("is answered for as soon as the instance is there", async () => {
    const fixture = schedulerFixture({ count: 6 });
    const first = fixture.want(2);
    await turn();
    fixture.retrieves[0]?.send(2);
    expect((await first).etag).toBe("e2");
    expect(fixture.running()).toHaveLength(1);
  });

  /** Somebody else wants an instance of another series. */
  function elsewhere({ scheduler }: SchedulerFixture, priority: WantPriority = "now") {
    const series = { studyInstanceUid: "1.9", seriesInstanceUid: "1.9.1" };
    const wanted = scheduler.want(
      { ...series, sopInstanceUid: `${SERIES}.1` },
      "b",
      priority,
      signal,
    );
    wanted.catch(() => undefined);
    return wanted;
  }

  it("fails with a silent PACS for those of other series that have waited as long, and not while it sends", async () => {
    const limits = { most: 1, aheadMs: 0 };
    const dead = schedulerFixture({ count: 4, limits });
    const waiting = [dead.want(1), elsewhere(dead)];
    await turn();
    dead.retrieves[0]?.fail(silent);
    for (const one of waiting) await expect(one).rejects.toBe(silent);
    expect(dead.retrieves).toHaveLength(1);

    const alive = schedulerFixture({ count: 4, limits });
    const [, next] = [alive.want(1), elsewhere(alive)];
    await turn();
    alive.clock += 10;
    alive.retrieves[0]?.send(1);
    alive.retrieves[0]?.fail(silent);
    await turn();
    expect(alive.running()).toHaveLength(1);
    alive.running()[0]?.fail(silent);
    await expect(next).rejects.toBe(silent);
  });

  it("does not let a request for one instance wait for its turn for ever", async () => {
    const fixture = schedulerFixture({ count: 4, limits: { most: 1, aheadMs: 0, waitMs: 30 } });
    const first = fixture.want(1);
    await turn();
    const queued = elsewhere(fixture);
    const bulk = elsewhere(fixture, "bulk");
    await expect(queued).rejects.toMatchObject({ code: "busy" });
    await fixture.retrieves[0]?.complete();
    await first;
    expect(fixture.running()).toHaveLength(1);
    fixture.running()[0]?.fail(silent);
    await expect(bulk).rejects.toBe(silent);
  });

  it("fails for what did not come, without a further retrieve, and is tried again by the next request", async () => {
    const fixture = schedulerFixture({ count: 4 });
    const came = fixture.want(1);
    const lost = fixture.want(4);
    await turn();
    fixture.retrieves[0]?.send(1);
    fixture.retrieves[0]?.fail(silent);
    await came;
    await expect(lost).rejects.toBe(silent);
    await turn();
    expect(fixture.retrieves).toHaveLength(1);
    expect([...fixture.problems.keys()]).toEqual([`${SERIES}.2`, `${SERIES}.3`, `${SERIES}.4`]);
    const again = fixture.want(4);
    await turn();
    expect(fixture.retrieves[1]?.numbers).toEqual([4]);
    await fixture.retrieves[1]?.complete();
    expect((await again).etag).toBe("e4");
    expect(fixture.problems.has(`${SERIES}.4`)).toBe(false);
  });

  it("says not-found when nothing was sent, and the status when it was refused", async () => {
    const fixture = schedulerFixture({ count: 2 });
    const none = fixture.want(1);
    await turn();
    await fixture.retrieves[0]?.end();
    await expect(none).rejects.toMatchObject({ code: "not-found" });
    const some = fixture.want(1);
    await turn();
    await fixture.retrieves[1]?.end({ status: 0xb000, failed: 1 });
    await expect(some).rejects.toMatchObject({ code: "failed-status", facts: { status: 0xb000 } });
  });

  it("gives an instance a retrieve of its own when it is too far back", async () => {
    const fixture = schedulerFixture({ count: 6 });
    const last = fixture.want(6);
    await turn();
    // How long the first takes says nothing yet.
    fixture.clock += 3000;
    fixture.retrieves[0]?.send(1);
    expect(fixture.retrieves).toHaveLength(1);
    fixture.clock += 700;
    fixture.retrieves[0]?.send(2);
    expect(fixture.retrieves[1]?.numbers).toEqual([6]);
    fixture.retrieves[1]?.send(6);
    expect((await last).etag).toBe("e6");
  });

  it("lets an instance that comes soon stay where it is", async () => {
    const fixture = schedulerFixture({ count: 6 });
    const last = fixture.want(6);
    await turn();
    fixture.clock += 100;
    fixture.retrieves[0]?.send(1);
    expect(fixture.retrieves).toHaveLength(1);
    await fixture.retrieves[0]?.complete();
    await last;
  });
});

describe("a large series", () => {
  it("gives the first instance the line to itself, then comes in advance from there on", async () => {
    const fixture = schedulerFixture({ count: 500 });
    const want = fixture.want(251);
    await turn();
    expect(fixture.retrieves.map(({ numbers }) => numbers)).toEqual([[251]]);
    await fixture.retrieves[0]?.complete();
    await want;
    const [next, ...others] = fixture.running();
    expect(next?.numbers).toEqual([252, 253, 254, 255]);
    expect(others).toHaveLength(3);
    expect(others.every(({ job }) => job.reason === "ahead")).toBe(true);
    const asked = fixture.retrieves.flatMap(({ numbers }) => numbers);
    expect(new Set(asked).size).toBe(asked.length);
    while (fixture.running().length > 0)
      for (const retrieve of fixture.running()) await retrieve.complete();
    expect(fixture.store.size).toBe(500);
  });

  it("does not wait for a long list", async () => {
    async function* never() {
      yield listed(1);
      await new Promise(() => undefined);
    }
    const fixture = schedulerFixture({
      count: 500,
      list: never,
      probe: async () => ({ count: 500, instance: listed(251) }),
    });
    const want = fixture.want(251);
    await turn();
    expect(fixture.retrieves.map(({ numbers }) => numbers)).toEqual([[251]]);
    await fixture.retrieves[0]?.complete();
    expect((await want).etag).toBe("e251");
  });

  it("takes what somebody wants now before what many want, and that before what nobody wants yet", async () => {
    const fixture = schedulerFixture({ count: 100, limits: { most: 1, perRetrieval: 1 } });
    await fixture.scheduler.list(STUDY, SERIES, "a", signal);
    await turn();
    const bulk = [10, 11, 12].map((number) => fixture.want(number, signal, "a", "bulk"));
    const now = fixture.want(90, signal, "b");
    const order: number[][] = [];
    while (fixture.running().length > 0 && order.length < 6) {
      const [retrieve] = fixture.running();
      order.push([...(retrieve?.numbers ?? [])]);
      await retrieve?.complete();
    }
    await Promise.all([now, ...bulk]);
    // The first was under way already when they came.
    expect(order[1]).toEqual([90]);
    expect(order.slice(2).flat().slice(0, 3)).toEqual([10, 11, 12]);
  });

  it("shares one retrieve between what is fetched in advance and who comes to want it", async () => {
    const fixture = schedulerFixture({ count: 100 });
    const first = fixture.want(1);
    await turn();
    await fixture.retrieves[0]?.complete();
    await first;
    const before = fixture.retrieves.length;
    const next = fixture.want(2);
    await turn();
    expect(fixture.retrieves).toHaveLength(before);
    await fixture.running()[0]?.complete();
    expect((await next).etag).toBe("e2");
  });

  it("takes a refused association beside others for a limit of the PACS, and asks for no more", async () => {
    const fixture = schedulerFixture({ count: 100 });
    await fixture.scheduler.list(STUDY, SERIES, "a", signal);
    await turn();
    const wants = Array.from({ length: 100 }, (_, index) =>
      fixture.want(index + 1, signal, "a", "bulk"),
    );
    const [first, ...others] = fixture.running();
    expect(others.length).toBeGreaterThan(0);
    const full = new DimseError("rejected", "Local limit exceeded");
    for (const retrieve of others) retrieve.fail(full);
    await turn();
    expect(fixture.running()).toEqual([first]);
    while (fixture.running().length > 0) {
      expect(fixture.running()).toHaveLength(1);
      await fixture.running()[0]?.complete();
    }
    expect(await Promise.all(wants)).toHaveLength(100);
  });

  it("fails all that wait when the PACS is not reached at all", async () => {
    const fixture = schedulerFixture({ count: 100 });
    await fixture.scheduler.list(STUDY, SERIES, "a", signal);
    await turn();
    const wants = [1, 30, 60, 99].map((number) => fixture.want(number));
    const refused = new DimseError("unreachable", "Refused");
    for (const retrieve of fixture.running()) retrieve.fail(refused);
    await turn();
    for (const want of wants) await expect(want).rejects.toBe(refused);
    expect(fixture.running()).toHaveLength(0);
  });

  it("does not keep a series on that nobody has used for a while", async () => {
    const fixture = schedulerFixture({ count: 500 });
    const want = fixture.want(1);
    await turn();
    await fixture.retrieves[0]?.complete();
    await want;
    fixture.clock += 31_000;
    for (const retrieve of fixture.running()) await retrieve.complete();
    expect(fixture.running()).toHaveLength(0);
    expect(fixture.store.size).toBeLessThan(100);
  });
});

describe("who leaves", () => {
  it("ends the retrieve, and what was fetched in advance, when nobody else waits", async () => {
    fakeTimers();
    const fixture = schedulerFixture({ count: 500 });
    const leaving = new AbortController();
    const want = fixture.want(100, leaving.signal);
    await turn();
    const [retrieve] = fixture.running();
    leaving.abort(new Error("left"));
    await expect(want).rejects.toThrow("left");
    await later(fixture, 300);
    expect(retrieve?.job.controller.signal.aborted).toBe(true);
    expect(fixture.running()).toHaveLength(0);
    expect(fixture.scheduler.queue()).toEqual({ wanted: 0, ahead: 0 });
  });

  it("leaves the retrieve to the others", async () => {
    fakeTimers();
    const fixture = schedulerFixture({ count: 6 });
    const leaving = new AbortController();
    const left = fixture.want(1, leaving.signal);
    const stays = fixture.want(2);
    await turn();
    leaving.abort(new Error("left"));
    await expect(left).rejects.toThrow("left");
    await later(fixture, 1000);
    await fixture.retrieves[0]?.complete();
    expect((await stays).etag).toBe("e2");
  });

  it("may come back at once, and finds the retrieve still there", async () => {
    fakeTimers();
    const fixture = schedulerFixture({ count: 6 });
    const leaving = new AbortController();
    const left = fixture.want(1, leaving.signal);
    await turn();
    leaving.abort(new Error("left"));
    await expect(left).rejects.toThrow("left");
    await later(fixture, 50);
    const back = fixture.want(1);
    await later(fixture, 1000);
    expect(fixture.retrieves).toHaveLength(1);
    await fixture.retrieves[0]?.complete();
    await back;
  });

  it("may come back after it was ended, and gets a new retrieve", async () => {
    fakeTimers();
    const fixture = schedulerFixture({ count: 6 });
    const leaving = new AbortController();
    const left = fixture.want(1, leaving.signal);
    await turn();
    leaving.abort(new Error("left"));
    await expect(left).rejects.toThrow("left");
    await later(fixture, 300);
    const back = fixture.want(1);
    await turn();
    expect(fixture.retrieves).toHaveLength(2);
    await fixture.retrieves[1]?.complete();
    expect((await back).etag).toBe("e1");
  });

  it("while the list is still read, ends that too; the next request lists anew", async () => {
    fakeTimers();
    const signals: AbortSignal[] = [];
    const fixture = schedulerFixture({
      count: 3,
      list: async function* (listSignal) {
        signals.push(listSignal);
        if (signals.length > 1) yield* listOf(3);
        else await new Promise((_, reject) => listSignal.addEventListener("abort", reject));
      },
    });
    const leaving = new AbortController();
    const left = fixture.want(1, leaving.signal);
    leaving.abort(new Error("left"));
    await expect(left).rejects.toThrow("left");
    await later(fixture, 300);
    expect(signals[0]?.aborted).toBe(true);
    const back = fixture.want(1);
    await turn();
    await fixture.retrieves[0]?.complete();
    expect((await back).etag).toBe("e1");
  });
});

describe("objects that are not what was asked for", () => {
  it("are never given for the series that was asked for", async () => {
    const fixture = schedulerFixture({ count: 2 });
    const want = fixture.want(1);
    await turn();
    fixture.retrieves[0]?.send(1, { studyInstanceUid: "9.9" });
    await fixture.retrieves[0]?.end({ completed: 2 });
    await expect(want).rejects.toMatchObject({ code: "protocol-violation" });
    const again = fixture.want(1);
    await turn();
    expect(fixture.retrieves[1]?.numbers).toEqual([1]);
    fixture.retrieves[1]?.fail(silent);
    await expect(again).rejects.toBe(silent);
  });

  it("are taken all the same when they belong to the series", async () => {
    const fixture = schedulerFixture({ count: 3 });
    const want = fixture.want(1);
    await turn();
    fixture.retrieves[0]?.send(7);
    await fixture.retrieves[0]?.complete();
    await want;
    expect((await fixture.want(7)).etag).toBe("e7");
  });
});

describe("lists", () => {
  it("that fail fail those who wait, with the reason", async () => {
    const fixture = schedulerFixture({
      count: 0,
      // biome-ignore lint/correctness/useYield: it fails before it gives anything
      list: async function* () {
        throw silent;
      },
    });
    await expect(fixture.want(1)).rejects.toBe(silent);
    await expect(fixture.scheduler.list(STUDY, SERIES, "a", signal)).rejects.toBe(silent);
    expect(fixture.retrieves).toHaveLength(0);
  });

  it("without the instance are a 404", async () => {
    const fixture = schedulerFixture({ count: 15 });
    await expect(fixture.want(16)).rejects.toMatchObject({ code: "not-found" });
  });

  it("are asked for again for an instance that they lack, when they are not of this moment", async () => {
    let count = 5;
    const fixture = schedulerFixture({ count: 0, list: () => listOf(count) });
    await fixture.scheduler.list(STUDY, SERIES, "a", signal);
    count = 6;
    fixture.clock += 5000;
    const want = fixture.want(6);
    await turn();
    // Beside what was being fetched in advance.
    expect(fixture.running().map(({ numbers }) => numbers)).toEqual([[1, 2, 3, 4, 5], [6]]);
    await fixture.running()[1]?.complete();
    expect((await want).etag).toBe("e6");
    expect(fixture.lists).toBe(2);
  });

  it("are looked at again before an instance that they lack is asked for", async () => {
    const lists = [listOf(2), listOf(2), listOf(3)];
    const fixture = schedulerFixture({ count: 2, list: () => lists.shift() ?? listOf(0) });
    await fixture.scheduler.list(STUDY, SERIES, "a", signal);
    fixture.clock += 3000;
    await expect(fixture.want(9)).rejects.toMatchObject({ code: "not-found" });
    expect(fixture.retrieves.flatMap(({ numbers }) => numbers)).not.toContain(9);
    fixture.clock += 3000;
    const third = fixture.want(3);
    for (let round = 0; round < 4; round += 1) {
      await turn();
      for (const retrieve of fixture.running()) await retrieve.complete();
    }
    expect((await third).etag).toBe("e3");
  });

  it("tell of an object in whose place there is another one: it is forgotten, and fetched anew", async () => {
    const lists = [listOf(2), renewed()];
    async function* renewed() {
      yield { ...listed(1), version: "1" };
      yield { ...listed(2), version: "2" };
    }
    const first = async function* () {
      for await (const one of lists.shift() ?? listOf(0)) yield { version: "1", ...one };
    };
    const fixture = schedulerFixture({ count: 2, list: first, limits: { aheadMs: 0 } });
    for (const number of [1, 2]) {
      const wanted = fixture.want(number);
      await turn();
      for (const retrieve of fixture.running()) await retrieve.complete();
      await wanted;
    }
    fixture.clock += 31_000;
    await fixture.scheduler.confirm(STUDY, SERIES, "a");
    expect([...fixture.store.keys()]).toEqual([`${SERIES}.1`]);
  });

  it("that do not exist make the series come as a whole", async () => {
    const fixture = schedulerFixture({
      count: 0,
      // biome-ignore lint/correctness/useYield: it fails before it gives anything
      list: async function* () {
        throw new NotListable();
      },
    });
    const want = fixture.want(2);
    await turn();
    expect(fixture.retrieves[0]?.job.level).toBe("series");
    for (const number of [3, 1, 2]) fixture.retrieves[0]?.send(number);
    await fixture.retrieves[0]?.end();
    expect((await want).etag).toBe("e2");
    const series = await fixture.scheduler.list(STUDY, SERIES, "a", signal);
    expect(series.order).toHaveLength(3);
  });
});

it("ends with everybody told", async () => {
  const fixture = schedulerFixture({ count: 6 });
  const want = fixture.want(1);
  await turn();
  fixture.scheduler.close();
  await expect(want).rejects.toMatchObject({ code: "closed" });
  await expect(fixture.want(2)).rejects.toMatchObject({ code: "closed" });
  expect(fixture.running()).toHaveLength(0);
});
