import { describe, expect, it } from "vitest";
import type { DataSet } from "#core/dicom/data-set.ts";
import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import { FakeFrameProvider } from "./fake/fake-frame-provider.ts";
import { FakeTime } from "./fake/fake-time.ts";
import { madeInstance, madeStudyOf } from "./fake/made-study.ts";
import { about, state, until } from "./fake/presented-viewport.ts";
import { ViewportController } from "./viewport-controller.ts";

type Range = readonly [minimum: number, maximum: number];

const WITHOUT_WINDOW: MadeDataSet = {
  WindowCenter: [],
  WindowWidth: [],
  BitsAllocated: 16,
  BitsStored: 16,
  HighBit: 15,
  Modality: "MR",
};

/** A viewport on frames with these ranges of stored values; the first is shown, none is in memory. */
function opened(
  ranges: readonly Range[],
  attributes: readonly MadeDataSet[] = [{}],
  statements: readonly DataSet[] = [],
) {
  const frames = new FakeFrameProvider(({ address, imagePixel }): DecodedFrame => {
    const place = Number(address.sopInstanceUid.split(".").at(-1)) - 1;
    const [minimum, maximum] = ranges[
      imagePixel.numberOfFrames > 1 ? address.frameNumber - 1 : place
    ] ?? [0, 0];
    return {
      rows: 64,
      columns: 64,
      meaning: "monochrome",
      samples: new Uint16Array(64 * 64),
      bitsStored: 16,
      isSigned: false,
      minimum,
      maximum,
      decoder: "made",
      fidelity: "exact",
      deviations: [],
    };
  });
  const viewport = new ViewportController({ frames, delay: new FakeTime().delay });
  const count =
    attributes.length === 1 && attributes[0]?.["NumberOfFrames"] !== undefined ? 1 : ranges.length;
  const dataSets = Array.from({ length: count }, (_, index) =>
    madeInstance(index + 1, { ...WITHOUT_WINDOW, ...(attributes[index] ?? attributes[0]) }),
  );
  viewport.state.show(madeStudyOf([...dataSets, ...statements]));
  const first = frames.open[0]?.request;
  if (first !== undefined) frames.keep(first);
  viewport.state.goTo(1);
  viewport.state.goTo(0);
  return { frames, viewport };
}

/** Lower and upper end of the window of the shown image. */
function ends({ pipeline }: ViewportController): Range | undefined {
  const voi = pipeline.peek()?.voi;
  if (voi?.kind !== "window") return undefined;
  return [voi.windowCenter - voi.windowWidth / 2, voi.windowCenter + voi.windowWidth / 2];
}

describe("the window of frames that bring none", () => {
  it("spans the values of all slices that are in memory, so that a slice looks like its neighbours", () => {
    const { frames, viewport } = opened([
      [10, 100],
      [0, 400],
      [50, 60],
    ]);
    expect(ends(viewport)).toEqual([10, 100]);
    frames.keepWishes();
    expect(ends(viewport)).toEqual([0, 400]);
    viewport.state.goTo(2);
    expect(ends(viewport)).toEqual([0, 400]);
  });

  it("counts values after each slice's own rescale, as PET has it", () => {
    const slopes = [{ RescaleSlope: 2 }, { RescaleSlope: 0.5, RescaleIntercept: -10 }];
    const { frames, viewport } = opened(
      [
        [0, 100],
        [0, 1000],
      ],
      slopes,
    );
    frames.keepWishes();
    expect(ends(viewport)).toEqual([-10, 490]);
  });

  it("is left alone where the key for the automatic window is pressed: then it is that of the frame", () => {
    const { frames, viewport } = opened([
      [10, 100],
      [0, 400],
    ]);
    frames.keepWishes();
    viewport.run("window-automatic");
    expect(ends(viewport)).toEqual([10, 100]);
    viewport.run("window-default");
    expect(ends(viewport)).toEqual([0, 400]);
  });

  it("is one for all frames of a film", () => {
    const { frames, viewport } = opened(
      [
        [5, 80],
        [0, 90],
        [7, 200],
      ],
      [{ NumberOfFrames: 3, Modality: "XA" }],
    );
    frames.keepWishes();
    expect(ends(viewport)).toEqual([0, 200]);
  });

  it("is not that of other exposures: radiographs have no common scale", () => {
    const radiograph = { Modality: "CR", ImagePositionPatient: [], ImageOrientationPatient: [] };
    const { frames, viewport } = opened(
      [
        [10, 100],
        [0, 4000],
      ],
      [radiograph],
    );
    frames.keepWishes();
    expect(ends(viewport)).toEqual([10, 100]);
  });

  it("is not that of slices that have a window of their own", () => {
    const own = { WindowCenter: 40, WindowWidth: 400 };
    const { frames, viewport } = opened(
      [
        [10, 100],
        [0, 4000],
      ],
      [{}, own],
    );
    frames.keepWishes();
    expect(ends(viewport)).toEqual([10, 100]);
    viewport.state.goTo(1);
    expect(viewport.pipeline.peek()?.voi).toMatchObject(own && { windowCenter: 40 });
  });

  it("is not moved by what a presentation state makes of the values of a slice", async () => {
    const other = about({ ReferencedSOPInstanceUID: "1.2.3.4.2" });
    const stated = state({ ...other, RescaleSlope: 50, RescaleIntercept: 0, RescaleType: "US" });
    const ranges: readonly Range[] = [
      [10, 100],
      [0, 400],
    ];
    const { frames, viewport } = opened(ranges, [{}], [stated]);
    viewport.state.goTo(1);
    for (const request of frames.open) request.answer();
    await until(() => viewport.presentation.peek() !== undefined);
    viewport.state.goTo(0);
    expect(ends(viewport)).toEqual([0, 400]);
  });

  it("is not moved by slices of one value, and holds for them", () => {
    const { frames, viewport } = opened([
      [50, 100],
      [0, 0],
    ]);
    frames.keepWishes();
    expect(ends(viewport)).toEqual([50, 100]);
    viewport.state.goTo(1);
    expect(ends(viewport)).toEqual([50, 100]);
  });

  it("begins again with another display set, and listens to nothing once the viewport is gone", () => {
    const { frames, viewport } = opened([
      [10, 100],
      [0, 400],
    ]);
    frames.keepWishes();
    const other = madeStudyOf([madeInstance(1, { ...WITHOUT_WINDOW, SeriesInstanceUID: "1.2.9" })]);
    viewport.state.show(other);
    expect(ends(viewport)).toEqual([10, 100]);
    viewport.dispose();
    expect(frames.listenerCount).toBe(0);
  });
});
