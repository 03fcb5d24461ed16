import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { madeStateAttributes } from "#core/study/made-state.ts";
import type { BulkSource } from "../frame-outfit.ts";
import { FrameOutfits } from "../frame-outfits.ts";
import { ViewportController } from "../viewport-controller.ts";
import { FakeFrameProvider } from "./fake-frame-provider.ts";
import { FakeTime } from "./fake-time.ts";
import { madeStudyOf } from "./made-study.ts";

/** What a state says of the window: centre 40, width 20. */
export const BONE = { SoftcopyVOILUTSequence: [{ WindowCenter: 40, WindowWidth: 20 }] };
/** A shutter that covers the first column of 64. */
export const RECTANGLE = {
  ShutterShape: "RECTANGULAR",
  ShutterLeftVerticalEdge: 2,
  ShutterRightVerticalEdge: 64,
  ShutterUpperHorizontalEdge: 1,
  ShutterLowerHorizontalEdge: 64,
};

/** A presentation state, about the first made image unless it says otherwise. */
export const state = (attributes: MadeDataSet) => buildDataSet(madeStateAttributes(attributes));
/** That a state is about these images. */
export const about = (...images: readonly MadeDataSet[]) => ({
  ReferencedSeriesSequence: [{ SeriesInstanceUID: "1.2.3.4", ReferencedImageSequence: images }],
});

/** An archive without large values. */
export const NOTHING: BulkSource = {
  retrieveBulkData: () => Promise.reject(new Error("nothing here")),
};

/** A viewport over made images, which are all in memory. */
export async function opened(
  dataSets: Parameters<typeof madeStudyOf>[0],
  source: BulkSource = NOTHING,
  isReady = true,
) {
  const frames = new FakeFrameProvider();
  const time = new FakeTime();
  const outfits = new FrameOutfits(source);
  const viewport = new ViewportController({ frames, time, delay: time.delay, outfits });
  viewport.state.setCanvas({ width: 640, height: 640, pixelRatio: 1 });
  const show = (sets: typeof dataSets) => viewport.state.show(madeStudyOf(sets));
  show(dataSets);
  frames.open[0]?.answer();
  frames.keepWishes();
  if (isReady) await until(() => viewport.shown.peek().kind !== "nothing");
  return { frames, outfits, viewport, show };
}

/** Waits until something is true. */
export async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error("It did not happen.");
    await new Promise((resolve) => setTimeout(() => resolve(undefined), 1));
  }
}

/** Centre of the window that is applied. */
export const centre = ({ pipeline }: ViewportController) => {
  const voi = pipeline.peek()?.voi;
  return voi?.kind === "window" ? voi.windowCenter : undefined;
};

/** Label of the state that is applied. */
export const label = ({ presentation }: ViewportController) => presentation.peek()?.title.label;
