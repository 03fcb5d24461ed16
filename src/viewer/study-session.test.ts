import { describe, expect, it } from "vitest";
import type { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { STUDY_DETAILS } from "#core/study/study-details.ts";
import type { StudyLoader, StudyPart } from "../frames/study-loader.ts";
import { RetrieveError } from "../retrieve/study-source.ts";
import { madeInstance } from "./fake/made-study.ts";
import { StudySession } from "./study-session.ts";

/** A loader that gives these parts, one at a time, and then ends or breaks off. */
function loaderOf(
  parts: readonly (readonly DataSet[])[],
  error?: Error,
): Pick<StudyLoader, "loadStudy"> {
  return {
    async *loadStudy(_study, signal): AsyncGenerator<StudyPart> {
      for (const instances of parts) {
        await Promise.resolve();
        signal.throwIfAborted();
        yield { instances, origin: { kind: "archive", fetchedAt: new Date(0) } };
      }
      if (error !== undefined) throw error;
    },
  };
}

describe("an open study", () => {
  it("grows while its metadata arrive", async () => {
    const session = new StudySession(loaderOf([[madeInstance(1)], [madeInstance(2)]]));
    const counts: number[] = [];
    session.completeness.subscribe(({ shownImages }) => counts.push(shownImages));
    await session.open("1.2.3");
    expect([...new Set(counts)]).toEqual([0, 1, 2]);
    expect(session.status.value.kind).toBe("complete");
    expect(session.displaySets.value).toHaveLength(1);
    expect(session.origin.value?.kind).toBe("archive");
  });

  it("shows the frames of a dose in the order of its planes from the first moment on", async () => {
    const dose = madeInstance(1, {
      Modality: "RTDOSE",
      NumberOfFrames: 3,
      GridFrameOffsetVector: [0, -2, -4],
      DoseGridScaling: "0.01",
    });
    const session = new StudySession(loaderOf([[dose]]));
    const seen: (number | undefined)[] = [];
    session.displaySets.subscribe((sets) => {
      if (sets[0] !== undefined) seen.push(sets[0].spacingMm);
    });
    await session.open("1.2.3");
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen)).toEqual(new Set([2]));
  });

  it("names what is no image when the names have come, without keeping images waiting", async () => {
    let give = (): void => {};
    const names = new Promise<void>((resolve) => {
      give = resolve;
    });
    const report = buildDataSet({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.481.5",
      SOPInstanceUID: "1.2.3.9.1",
      StudyInstanceUID: "1.2.3",
      SeriesInstanceUID: "1.2.3.9",
    });
    const session = new StudySession(loaderOf([[madeInstance(1), report]]), async () => {
      await names;
      return STUDY_DETAILS;
    });
    const opened = session.open("1.2.3");
    await expect.poll(() => session.displaySets.value.length).toBe(2);
    expect(session.status.value.kind).toBe("loading");
    give();
    await opened;
    expect(session.status.value.kind).toBe("complete");
    expect(session.displaySets.value.map(({ name }) => name)).toEqual(["Chest 1 mm", "RT Plan"]);
  });

  it("fails when what its frames need cannot be had, and tries again with the next opening", async () => {
    let isBroken = true;
    const nuclear = madeInstance(1, { Modality: "NM", NumberOfFrames: 2, DetectorVector: [1, 2] });
    const session = new StudySession(loaderOf([[nuclear]]), async () => {
      if (isBroken) throw new TypeError("Failed to fetch");
      return STUDY_DETAILS;
    });
    await session.open("1.2.3");
    expect(session.status.value).toMatchObject({ kind: "failed", failure: { code: "internal" } });
    isBroken = false;
    await session.open("1.2.3");
    expect(session.displaySets.value).toHaveLength(2);
  });

  it("says how many objects the archive has that did not arrive", async () => {
    const session = new StudySession(loaderOf([[madeInstance(1), madeInstance(2)]]));
    await session.open("1.2.3", { expectedInstances: 5 });
    expect(session.completeness.value).toEqual({
      shownImages: 2,
      knownImages: 5,
      missingInstances: 3,
    });
  });

  it("lists instances that cannot be shown, with the reason", async () => {
    const unusable = madeInstance(2, { Rows: 0 });
    const nameless = buildDataSet({ PatientName: "A" });
    const session = new StudySession(loaderOf([[madeInstance(1), unusable, nameless]]));
    await session.open("1.2.3");
    expect(session.problems.value).toHaveLength(2);
    expect(session.problems.value.every(({ failure }) => failure.message !== "")).toBe(true);
    expect(session.completeness.value).toMatchObject({ shownImages: 1, knownImages: 2 });
  });

  it("lists images whose tables could not be had, which are there all the same", async () => {
    const failure = { code: "table-missing", message: "Not there.", advice: "" };
    const problem = { sopInstanceUid: "1.2.3.4.1", failure };
    const session = new StudySession({
      async *loadStudy(): AsyncGenerator<StudyPart> {
        const origin = { kind: "archive", fetchedAt: new Date(0) } as const;
        yield { instances: [madeInstance(1)], problems: [problem], origin };
      },
    });
    await session.open("1.2.3");
    expect(session.problems.value).toEqual([problem]);
    session.noteProblem(problem);
    expect(session.problems.value).toHaveLength(1);
    expect(session.completeness.value.knownImages).toBe(1);
  });

  it("forgets a failure that passed when the image is shown after all, and no other", async () => {
    const session = new StudySession(loaderOf([[madeInstance(1), madeInstance(2)]]));
    await session.open("1.2.3");
    const note = (number: number, code: string) =>
      session.noteProblem({
        sopInstanceUid: `1.2.3.4.${number}`,
        failure: { code, message: "", advice: "" },
      });
    note(1, "network");
    note(2, "truncated");
    session.noteShown("1.2.3.4.1");
    session.noteShown("1.2.3.4.2");
    expect(session.problems.value.map(({ failure }) => failure.code)).toEqual(["truncated"]);
  });

  it("notices that its images name two patients", async () => {
    const other = madeInstance(2, { PatientID: "other" });
    const session = new StudySession(loaderOf([[madeInstance(1), other]]));
    await session.open("1.2.3");
    expect(session.conflicts.value.map(({ attribute }) => attribute)).toEqual(["PatientID"]);
  });

  it("keeps what had arrived when loading breaks off, and says why", async () => {
    const error = new RetrieveError("network", "The archive does not answer.");
    const session = new StudySession(loaderOf([[madeInstance(1)]], error));
    await session.open("1.2.3");
    expect(session.status.value).toMatchObject({ kind: "failed", failure: { code: "network" } });
    expect(session.completeness.value.shownImages).toBe(1);
  });

  it("keeps what it has when it is asked again for the rest, and counts each object once", async () => {
    const attempts = [
      loaderOf([[madeInstance(1), madeInstance(2)]], new RetrieveError("network", "Cut.")),
      loaderOf([[madeInstance(1)], [madeInstance(2), madeInstance(3)]]),
    ];
    const session = new StudySession({
      loadStudy: (...asked) => (attempts.shift() ?? loaderOf([])).loadStudy(...asked),
    });
    await session.open("1.2.3", { expectedInstances: 4 });
    expect(session.completeness.value).toMatchObject({ shownImages: 2, missingInstances: 2 });
    const counts: number[] = [];
    session.completeness.subscribe(({ shownImages }) => counts.push(shownImages));
    await session.resume();
    expect(Math.min(...counts)).toBe(2);
    expect(session.status.value.kind).toBe("complete");
    expect(session.completeness.value).toMatchObject({ shownImages: 3, missingInstances: 1 });
  });

  it("forgets a study that is closed while it loads", async () => {
    const session = new StudySession(loaderOf([[madeInstance(1)], [madeInstance(2)]]));
    const opening = session.open("1.2.3");
    session.close();
    await opening;
    expect(session.study.value).toBeUndefined();
    expect(session.status.value.kind).toBe("idle");
  });
});
