import { describe, expect, it } from "vitest";
import { DataSet } from "#core/dicom/data-set.ts";
import * as TAGS from "#core/dicom/tags.generated.ts";
import { madeInstance, madeStudyOf } from "./fake/made-study.ts";
import { about, state } from "./fake/presented-viewport.ts";
import { StateShelf } from "./state-shelf.ts";

describe("a presentation state of which something is elsewhere", () => {
  it("is read for the image that is waited for, though the one before it was scrolled past", async () => {
    const images = ["1.2.3.4.1", "1.2.3.4.2"].map((uid) => ({ ReferencedSOPInstanceUID: uid }));
    const profile = { kind: "uri", uri: "/bulk/1" } as const;
    const whole = state(about(...images));
    const lacking = new DataSet([
      ...whole.elements.values(),
      { tag: TAGS.ICCProfile, vr: "OB", value: profile },
    ]);
    const { study } = madeStudyOf([madeInstance(1), madeInstance(2), lacking]);
    const answers: (() => void)[] = [];
    const shelf = new StateShelf({
      complete: (_, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          answers.push(() => resolve({ dataSet: whole }));
        }),
    });
    const [first, second] = [new AbortController(), new AbortController()];
    const ofFirst = shelf.prepare(study, "1.2.3.4.1", first.signal);
    const ofSecond = shelf.prepare(study, "1.2.3.4.2", second.signal);
    expect(answers).toHaveLength(1);
    first.abort();
    await expect(ofFirst).rejects.toThrow();
    await new Promise((resolve) => setTimeout(() => resolve(undefined), 0));
    answers[1]?.();
    await expect(ofSecond).resolves.toBeUndefined();
    const [instance] = study.series.flatMap(({ instances }) => instances);
    if (instance === undefined) throw new Error("no image");
    expect(shelf.optionsFor(study, { instance, frameIndex: 0 })).toMatchObject([
      { title: { label: "TEST" }, obstacle: undefined },
    ]);
  });
});
