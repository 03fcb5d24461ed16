import { describe, expect, it } from "vitest";
import { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { FakeFrameProvider } from "./fake/fake-frame-provider.ts";
import { FakeTime } from "./fake/fake-time.ts";
import { madeInstance, madeStudy, madeStudyOf } from "./fake/made-study.ts";
import { LOADING_MARK_MS, ShownFrame } from "./shown-frame.ts";

/** Lets promises settle. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function stack(count: number) {
  const frames = new FakeFrameProvider();
  const time = new FakeTime();
  const shownFrame = new ShownFrame(frames, time.delay, () => ({ ok: true }));
  const { displaySet } = madeStudy(count);
  const want = (index: number): void => shownFrame.want({ displaySet, index, direction: 1 });
  return { frames, time, shownFrame, displaySet, want };
}

/** Number of the shown image and the value of its pixels. */
function onScreen(shownFrame: ShownFrame): readonly (number | undefined)[] {
  const shown = shownFrame.shown.peek();
  return shown.kind === "image" ? [shown.index + 1, shownFrame.decoded?.samples[0]] : [];
}

describe("the frame on the screen", () => {
  it("is the wanted one, under its own number", async () => {
    const { frames, shownFrame, want } = stack(5);
    want(2);
    expect(shownFrame.shown.peek().kind).toBe("nothing");
    frames.open[0]?.answer();
    await settled();
    expect(onScreen(shownFrame)).toEqual([3, 3]);
  });

  it("comes at once when it is in memory", () => {
    const { frames, shownFrame, want } = stack(5);
    want(0);
    frames.keepWishes();
    want(3);
    expect(onScreen(shownFrame)).toEqual([4, 4]);
    expect(shownFrame.isWaiting.peek()).toBe(false);
  });

  it("stays the one before, with its number, until the wanted one is there", async () => {
    const { frames, shownFrame, want } = stack(5);
    want(0);
    frames.open[0]?.answer();
    await settled();
    want(1);
    expect(onScreen(shownFrame)).toEqual([1, 1]);
    expect(shownFrame.isWaiting.peek()).toBe(true);
  });

  it("is never the answer to a question that is no longer asked", async () => {
    const { frames, shownFrame, want } = stack(5);
    want(0);
    want(1);
    expect(frames.open[0]?.signal.aborted).toBe(true);
    frames.open[1]?.answer();
    await settled();
    frames.open[0]?.answer();
    await settled();
    expect(onScreen(shownFrame)).toEqual([2, 2]);
  });

  it("is gone at once when another display set is opened", async () => {
    const { frames, shownFrame, want } = stack(5);
    want(0);
    frames.open[0]?.answer();
    await settled();
    const other = madeStudyOf([madeInstance(9, { SeriesInstanceUID: "1.2.3.5" })]);
    shownFrame.want({ displaySet: other.displaySet, index: 0, direction: 1 });
    expect(shownFrame.shown.peek().kind).toBe("nothing");
    expect(shownFrame.decoded).toBeUndefined();
  });

  it("is followed by its neighbours in the direction of travel", () => {
    const { frames, want } = stack(6);
    want(2);
    const wished = frames.wishes.map(({ address }) => address.sopInstanceUid.split(".").at(-1));
    expect(wished).toEqual(["4", "5", "6", "2", "1"]);
  });

  it("says that it is loading when that takes longer than a moment", async () => {
    const { frames, time, shownFrame, want } = stack(5);
    want(0);
    time.pass(LOADING_MARK_MS - 1);
    expect(shownFrame.isLoadingMarked.peek()).toBe(false);
    time.pass(1);
    expect(shownFrame.isLoadingMarked.peek()).toBe(true);
    frames.open[0]?.answer();
    await settled();
    expect(shownFrame.isLoadingMarked.peek()).toBe(false);
  });

  it("is a failure in words where there is no image, and the image after another attempt", async () => {
    const { frames, shownFrame, want } = stack(5);
    want(1);
    frames.open[0]?.fail("network", "The archive does not answer.");
    await settled();
    expect(shownFrame.shown.peek()).toMatchObject({
      kind: "failure",
      index: 1,
      failure: { code: "network" },
    });
    expect(shownFrame.decoded).toBeUndefined();
    shownFrame.retry();
    frames.open[1]?.answer();
    await settled();
    expect(onScreen(shownFrame)).toEqual([2, 2]);
  });

  it("is a failure when its header says nothing usable about its pixels", () => {
    const frames = new FakeFrameProvider();
    const shownFrame = new ShownFrame(frames, new FakeTime().delay, () => ({ ok: true }));
    const broken = new DataSet([
      ...madeInstance(1).elements.values(),
      ...buildDataSet({ BitsAllocated: 7 }).elements.values(),
    ]);
    const { displaySet } = madeStudyOf([broken]);
    shownFrame.want({ displaySet, index: 0, direction: 1 });
    const isRefused = displaySet.frames.length === 0 || shownFrame.shown.peek().kind === "failure";
    expect(isRefused).toBe(true);
    expect(frames.open).toEqual([]);
  });

  it("keeps its picture and takes its new number when instances arrive before it", async () => {
    const frames = new FakeFrameProvider();
    const shownFrame = new ShownFrame(frames, new FakeTime().delay, () => ({ ok: true }));
    const late = madeStudyOf([madeInstance(3)]).displaySet;
    shownFrame.want({ displaySet: late, index: 0, direction: 1 });
    frames.open[0]?.answer();
    await settled();
    const all = madeStudyOf([madeInstance(3), madeInstance(1), madeInstance(2)]).displaySet;
    shownFrame.want({ displaySet: { ...all, id: late.id }, index: 2, direction: 1 });
    expect(onScreen(shownFrame)).toEqual([3, 3]);
    expect(frames.open).toHaveLength(1);
  });

  it("lets go of everything at the end", () => {
    const { frames, time, shownFrame, want } = stack(5);
    want(0);
    shownFrame.dispose();
    expect(frames.open[0]?.signal.aborted).toBe(true);
    expect(frames.wishes).toEqual([]);
    expect(time.waiting).toBe(0);
  });
});
