import { describe, expect, test, vi } from "vitest";
import type { Association } from "./association.ts";
import {
  type AssociationNeed,
  createAssociationPool,
  type PoolLimits,
} from "./association-pool.ts";
import { DimseError } from "./dimse-error.ts";
import { echo, VERIFICATION } from "./services/echo.ts";
import { localAe } from "./testing/loopback.ts";
import { type PairedAssociations, pairAssociations } from "./testing/paired-associations.ts";
import { ScriptedScp } from "./testing/scripted-scp.ts";

const SIGNAL = new AbortController().signal;
const LIMITS: PoolLimits = { most: 3, perUser: 3, waitTimeoutMs: 2000, idleTimeoutMs: 250 };
const CONTEXT = {
  id: 1,
  abstractSyntaxUid: VERIFICATION,
  transferSyntaxUid: "1.2.840.10008.1.2",
  roles: { scu: true, scp: false },
};
const NO_REASON = new DimseError("rejected", "No", { result: 1, source: 1, reason: 1 });
const UNKNOWN = new DimseError("rejected", "Who?", { result: 1, source: 1, reason: 3 });
const CONGESTED = new DimseError("rejected", "It has no room", { result: 2, source: 3, reason: 2 });

function need(changes: Partial<AssociationNeed> = {}): AssociationNeed {
  return { request: { contexts: [] }, purpose: "echo", user: "ada", isUrgent: false, ...changes };
}

/** A pool whose PACS lets so many associations be open, and answers what is asked. */
function open(limits: Partial<PoolLimits> = {}, room = 100, refusal = CONGESTED) {
  const pairs: PairedAssociations[] = [];
  let requested = 0;
  const isOpen = ({ requestor }: PairedAssociations) => requestor.isOpen;
  const pool = createAssociationPool(
    localAe(1),
    { ...LIMITS, ...limits },
    undefined,
    (_remote, _request, signal) => {
      requested++;
      if (signal.aborted) return Promise.reject(new DimseError("cancelled", "Not wanted"));
      if (pairs.filter(isOpen).length >= room) return Promise.reject(refusal);
      const made = pairAssociations([CONTEXT]);
      pairs.push(made);
      new ScriptedScp(made.acceptor, (message, scp) => {
        if (message.command.messageId !== undefined) void scp.answer(message, 0);
      });
      return Promise.resolve(made.requestor);
    },
  );
  return { pool, pairs, requested: () => requested, openNow: () => pairs.filter(isOpen).length };
}

/** A task that goes on until it is told to end. */
function held() {
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let hasBegun = false;
  const task = async () => {
    hasBegun = true;
    await done;
  };
  return { task, finish: () => finish(), hasBegun: () => hasBegun };
}

const settle = (milliseconds = 5) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
const ping = (association: Association) => echo(association, SIGNAL);

describe("a pool", () => {
  test("opens nothing before it is needed, uses an association again, and releases it when idle", async () => {
    const { pool, pairs, openNow } = open();
    expect(pairs.length).toBe(0);
    for (let round = 0; round < 3; round++) {
      await pool.use(need(), ping, SIGNAL);
      await settle(1);
    }
    expect(pairs.length).toBe(1);
    expect(pool.status()).toEqual({ open: 1, idle: 1, waiting: 0 });
    await vi.waitFor(() => expect(openNow()).toBe(0));
    expect(pool.status()).toEqual({ open: 0, idle: 0, waiting: 0 });
    await pool.close();
  });

  test("keeps to its limit, and makes others wait", async () => {
    const { pool, openNow } = open({ most: 3 });
    const tasks = Array.from({ length: 5 }, held);
    const running = tasks.map(({ task }) => pool.use(need(), task, SIGNAL));
    await settle();
    // One is kept free for what is urgent.
    expect(openNow()).toBe(2);
    expect(pool.status().waiting).toBe(3);
    const urgent = held();
    const hurried = pool.use(need({ isUrgent: true }), urgent.task, SIGNAL);
    await settle();
    expect(urgent.hasBegun()).toBe(true);
    expect(openNow()).toBe(3);
    for (const { finish } of [...tasks, urgent]) finish();
    await Promise.all([...running, hurried]);
    expect(openNow()).toBeLessThanOrEqual(3);
    await pool.close();
  });

  test("gives its only association to whatever comes", async () => {
    const { pool, openNow } = open({ most: 1 });
    await Promise.all([1, 2, 3].map(() => pool.use(need(), ping, SIGNAL)));
    expect(openNow()).toBe(1);
    await pool.close();
  });

  test("lets no user take more than is theirs, and goes round between users", async () => {
    const { pool } = open({ most: 3, perUser: 1 });
    const order: string[] = [];
    const first = held();
    const running = [pool.use(need({ user: "ada" }), first.task, SIGNAL)];
    const enqueue = (user: string, name: string) =>
      running.push(
        pool.use(
          need({ user }),
          async () => {
            order.push(name);
            await settle(2);
          },
          SIGNAL,
        ),
      );
    for (const name of ["a1", "a2", "a3"]) enqueue("ada", name);
    for (const name of ["b1", "b2"]) enqueue("bob", name);
    await settle(30);
    expect(order).toEqual(["b1", "b2"]);
    first.finish();
    await Promise.all(running);
    expect(order).toEqual(["b1", "b2", "a1", "a2", "a3"]);
    await pool.close();
  });

  test("serves users in turn, and who is urgent first", async () => {
    const { pool } = open({ most: 1 });
    const order: string[] = [];
    const blocker = held();
    const running = [pool.use(need(), blocker.task, SIGNAL)];
    for (const [user, name, isUrgent] of [
      ["ada", "a1", false],
      ["ada", "a2", false],
      ["bob", "b1", false],
      ["cid", "urgent", true],
    ] as const)
      running.push(
        pool.use(
          need({ user, isUrgent }),
          async () => {
            order.push(name);
          },
          SIGNAL,
        ),
      );
    blocker.finish();
    await Promise.all(running);
    expect(order).toEqual(["urgent", "b1", "a1", "a2"]);
    await pool.close();
  });

  test("gives up an idle association of another purpose when there is no more room", async () => {
    const { pool, pairs, openNow } = open({ most: 1, idleTimeoutMs: 10_000 });
    await pool.use(need({ purpose: "find" }), ping, SIGNAL);
    await pool.use(need({ purpose: "get" }), ping, SIGNAL);
    expect(pairs.length).toBe(2);
    expect(openNow()).toBe(1);
    await pool.close();
  });

  test("says that it is busy when no turn comes in time", async () => {
    const { pool } = open({ most: 1, waitTimeoutMs: 10 });
    const blocker = held();
    const running = pool.use(need(), blocker.task, SIGNAL);
    await expect(pool.use(need(), ping, SIGNAL)).rejects.toMatchObject({ code: "busy" });
    blocker.finish();
    await running;
    expect(pool.status().waiting).toBe(0);
    await pool.close();
  });

  test("lets who waits leave", async () => {
    const { pool } = open({ most: 1 });
    const blocker = held();
    const running = pool.use(need(), blocker.task, SIGNAL);
    const leaving = new AbortController();
    const waiting = pool.use(need(), ping, leaving.signal);
    leaving.abort();
    await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
    blocker.finish();
    await running;
    await pool.close();
  });
});

describe("what fails", () => {
  test("a task that throws does not leave its association for others", async () => {
    const { pool, pairs } = open();
    const broken = new Error("It fails");
    await expect(pool.use(need(), () => Promise.reject(broken), SIGNAL)).rejects.toBe(broken);
    await pool.use(need(), ping, SIGNAL);
    expect(pairs.length).toBe(2);
    expect(pairs[0]?.requestor.isOpen).toBe(false);
    await pool.close();
  });

  test("a refusing answer leaves the association for others", async () => {
    const { pool, pairs } = open();
    const refused = new DimseError("failed-status", "No", { status: 0xa900 });
    await expect(pool.use(need(), () => Promise.reject(refused), SIGNAL)).rejects.toBe(refused);
    await settle(1);
    await pool.use(need(), ping, SIGNAL);
    expect(pairs.length).toBe(1);
    await pool.close();
  });

  test("an idle association that turns out to be dead is replaced once", async () => {
    const { pool, pairs } = open({ idleTimeoutMs: 10_000 });
    await pool.use(need(), ping, SIGNAL);
    await settle(1);
    let tries = 0;
    const task = async (association: Association) => {
      tries++;
      if (tries === 1) pairs[0]?.acceptor.abort();
      await echo(association, SIGNAL);
    };
    await pool.use(need(), task, SIGNAL);
    expect(tries).toBe(2);
    expect(pairs.length).toBe(2);
    await pool.close();
  });

  test.each(["a fresh association", "one on which something came", "one that took a stream"])(
    "%s that dies is not replaced",
    async (which) => {
      const { pool, pairs } = open({ idleTimeoutMs: 10_000 });
      if (which !== "a fresh association") await pool.use(need(), ping, SIGNAL);
      await settle(1);
      let tries = 0;
      const task = async (association: Association) => {
        tries++;
        if (which === "one on which something came") await echo(association, SIGNAL);
        if (which === "one that took a stream") await sendStream(association);
        pairs.at(-1)?.acceptor.abort();
        await echo(association, SIGNAL);
      };
      await expect(pool.use(need(), task, SIGNAL)).rejects.toMatchObject({ code: "aborted" });
      expect(tries).toBe(1);
      await pool.close();
    },
  );

  test("an operation that takes too long is overdue", async () => {
    const pair = pairAssociations([CONTEXT]);
    new ScriptedScp(pair.acceptor);
    const remote = localAe(1, { operationTimeoutMs: 10 });
    const pool = createAssociationPool(remote, LIMITS, undefined, async () => pair.requestor);
    await expect(pool.use(need(), ping, SIGNAL)).rejects.toMatchObject({ code: "overdue" });
    await pool.close();
  });
});

describe("a PACS that has no room", () => {
  test.each([
    ["says so", CONGESTED],
    ["gives no reason", NO_REASON],
    ["closes the connection", new DimseError("connection-lost", "Gone")],
  ])("and %s makes needs wait for the associations that are open", async (_how, refusal) => {
    const limits = { most: 6, perUser: 6, waitTimeoutMs: 2000 };
    const { pool, openNow, requested } = open(limits, 2, refusal);
    const tasks = Array.from({ length: 5 }, held);
    const running = tasks.map(({ task }) => pool.use(need(), task, SIGNAL));
    await settle(10);
    expect(openNow()).toBe(2);
    const asked = requested();
    for (const { finish } of tasks) finish();
    await Promise.all(running);
    // Nobody asked for more than there is room for once that was known.
    expect(requested()).toBeLessThanOrEqual(asked + 1);
    await pool.close();
  });

  test("is not what a rejection for another reason says", async () => {
    const { pool } = open({}, 1, UNKNOWN);
    const first = held();
    const running = pool.use(need(), first.task, SIGNAL);
    await settle();
    await expect(pool.use(need(), ping, SIGNAL)).rejects.toBe(UNKNOWN);
    first.finish();
    await running;
    await pool.close();
  });

  test("is told when none of ours is open", async () => {
    const { pool } = open({}, 0);
    await expect(pool.use(need(), ping, SIGNAL)).rejects.toBe(CONGESTED);
    await pool.close();
  });
});

test("a pool that is closed ends what is open and refuses the rest", async () => {
  const { pool, openNow } = open({ most: 2, idleTimeoutMs: 10_000 });
  await pool.use(need({ purpose: "idle" }), ping, SIGNAL);
  await settle(1);
  const stuck = pool.use(
    need(),
    (association) => {
      association.receive({ message: () => undefined, closed: () => undefined });
      return new Promise<void>((_, reject) => {
        association.receive({ message: () => undefined, closed: (error) => reject(error) });
      });
    },
    SIGNAL,
  );
  const waiting = pool.use(need(), ping, SIGNAL);
  await settle();
  const closing = pool.close();
  await expect(stuck).rejects.toMatchObject({ code: "closed" });
  await expect(waiting).rejects.toMatchObject({ code: "closed" });
  await closing;
  await settle();
  expect(openNow()).toBe(0);
  await expect(pool.use(need(), ping, SIGNAL)).rejects.toMatchObject({ code: "closed" });
});

async function sendStream(association: Association): Promise<void> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(1);
  }
  const command = { commandField: 0x30, hasDataSet: true };
  await association.send({ contextId: 1, command, dataSet: stream() });
}

describe("a PACS that does not answer", () => {
  test("is tried by few, and those who waited meanwhile hear the same", async () => {
    let requested = 0;
    const away = new DimseError("connect-timeout", "Nobody answers");
    const pool = createAssociationPool(localAe(1), { ...LIMITS, most: 2 }, undefined, () => {
      requested++;
      return new Promise((_resolve, reject) => {
        setTimeout(reject, 60, away);
      });
    });
    const ask = () => pool.use(need({ isUrgent: true }), async () => undefined, SIGNAL);
    const first = Array.from({ length: 10 }, ask);
    await settle(5);
    const outcomes = await Promise.allSettled([...first, ...Array.from({ length: 10 }, ask)]);
    expect(outcomes.every((one) => one.status === "rejected" && one.reason === away)).toBe(true);
    expect(requested).toBe(2);
    await pool.close();
  });
});
