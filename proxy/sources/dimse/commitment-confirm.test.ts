import { describe, expect, it } from "vitest";
import { DimseError } from "../../dimse/dimse-error.ts";
import { createCommitmentDesk } from "../../dimse/services/commitment-desk.ts";
import type { CommitmentReport } from "../../dimse/services/commitment-report.ts";
import type { StoreOutcome } from "../source.ts";
import { confirmStored } from "./commitment-confirm.ts";
import { NOT_CONFIRMED } from "./store-failure.ts";
import { fakePool, fakeSettings } from "./testing/fake-storing.ts";

const NEVER = new AbortController().signal;
const CT = "1.2.840.10008.5.1.4.1.1.2";

type Report = Omit<CommitmentReport, "transactionUid">;

describe("confirmation by Storage Commitment", () => {
  it("leaves what is kept as stored, and names what is not", async () => {
    const outcomes = await confirm([stored("1"), stored("2"), stored("3"), refused("4")], {
      committed: [named("1")],
      failed: [{ ...named("2"), reason: 0x0112 }],
    });
    expect(outcomes.map(({ kind, status }) => [kind, status])).toEqual([
      ["stored", 0],
      ["failed", 0x0112],
      ["warning", NOT_CONFIRMED],
      ["failed", 0xa700],
    ]);
    expect(outcomes[1]?.message).toContain("0112H");
  });

  it("does not take a failure without a reason for success", async () => {
    const report = { committed: [named("1")], failed: [{ ...named("1"), reason: 0 }] };
    expect(await confirm([stored("1")], report)).toMatchObject([
      { kind: "failed", status: 0x0110 },
    ]);
  });

  it("keeps the warning that an object was stored with", async () => {
    const warned = { ...stored("1"), kind: "warning", status: 0xb000 } as const;
    const report = { committed: [named("1")], failed: [] };
    expect(await confirm([warned], report)).toMatchObject([{ kind: "warning", status: 0xb000 }]);
  });

  it("says that nothing was confirmed when no report comes in time", async () => {
    const [outcome] = await confirm([stored("1")], undefined);
    expect(outcome).toMatchObject({ kind: "warning", status: NOT_CONFIRMED });
    expect(outcome?.message).toContain("no report came");
  });

  it("says why when the PACS does not commit at all", async () => {
    const failure = new DimseError("no-context", "Storage Commitment is not offered");
    const [outcome] = await confirm([stored("1")], failure);
    expect(outcome).toMatchObject({ kind: "warning", status: NOT_CONFIRMED });
    expect(outcome?.message).toContain("not offered");
  });

  it("asks for nothing when nothing was stored", async () => {
    expect(await confirm([refused("1")], new Error("asked"))).toEqual([refused("1")]);
  });

  it("ends when the client leaves", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 5);
    const waiting = confirm([stored("1")], undefined, controller.signal, 10_000);
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  });
});

/** Confirms with a PACS that reports before it answers the request, or fails, or says nothing. */
function confirm(
  outcomes: readonly StoreOutcome[],
  said: Report | Error | undefined,
  signal = NEVER,
  reportTimeoutMs = 20,
): Promise<readonly StoreOutcome[]> {
  const desk = createCommitmentDesk();
  const parts = {
    settings: fakeSettings(),
    pool: fakePool(),
    desk,
    reportTimeoutMs,
    requestCommitment: async (_association: unknown, transactionUid: string) => {
      if (said instanceof Error) throw said;
      if (said !== undefined) desk.received({ ...said, transactionUid });
      await Promise.resolve();
    },
  };
  return confirmStored(outcomes, parts, "", signal);
}

function named(uid: string) {
  return { sopClassUid: CT, sopInstanceUid: uid };
}

function stored(uid: string): StoreOutcome {
  const study = { studyInstanceUid: "1.2", seriesInstanceUid: "1.2.1" };
  return { ...named(uid), ...study, kind: "stored", status: 0, message: "Stored" };
}

function refused(uid: string): StoreOutcome {
  return { ...stored(uid), kind: "failed", status: 0xa700, message: "Full" };
}
