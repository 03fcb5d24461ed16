import axe from "axe-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { bytesSource } from "#core/dicom/byte-source.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { locateFrames, readFrame } from "#core/dicom/frame-locator.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import { type Instance, readInstance } from "#core/study/instance.ts";
import { designTokens } from "../../design-tokens.ts";
import { canDecode } from "./codec-playback.ts";
import { NegatoVideo } from "./negato-video.ts";

beforeAll(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    `${designTokens.cssText.replaceAll(":host", "html")} body { background: var(--negato-panel); }`,
  );
  document.adoptedStyleSheets = [sheet];
});

afterEach(() => document.body.replaceChildren());

function madeInstance(transferSyntaxUid = "1.2.840.10008.1.2.4.102", frames = 3): Instance {
  const instance = readInstance(
    buildDataSet({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.77.1.1.1",
      StudyInstanceUID: "1.2",
      SeriesInstanceUID: "1.2.3",
      SOPInstanceUID: "1.2.3.4",
      AvailableTransferSyntaxUID: transferSyntaxUid,
      Rows: 64,
      Columns: 64,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
      SamplesPerPixel: 3,
      PhotometricInterpretation: "RGB",
      NumberOfFrames: frames,
      FrameTime: 20,
    }),
  );
  if (instance === undefined) throw new Error("no instance");
  return instance;
}

async function mount(
  instance: Instance,
  bytes: Uint8Array<ArrayBuffer> | Error,
  asked: string[] = [],
): Promise<NegatoVideo> {
  const element = new NegatoVideo();
  element.style.cssText = "inline-size: 640px; block-size: 480px;";
  element.instance = instance;
  element.retrieve = (uri) => {
    asked.push(uri);
    return bytes instanceof Error ? Promise.reject(bytes) : Promise.resolve(bytes);
  };
  document.body.append(element);
  await element.updateComplete;
  return element;
}

const textOf = (element: NegatoVideo) =>
  (element.renderRoot.textContent ?? "").replace(/\s+/g, " ");
const press = (element: NegatoVideo, key: string) =>
  element.renderRoot
    .querySelector(".stage")
    ?.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));

/** Pictures of one grey each as a bare H.264 stream, the first one and every third one by themselves. */
async function bareH264(greys: readonly number[]): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      chunks.push(bytes);
    },
    error: (error) => {
      throw error;
    },
  });
  encoder.configure({
    codec: "avc1.42001e",
    width: 64,
    height: 64,
    framerate: 25,
    avc: { format: "annexb" },
  });
  for (const [index, grey] of greys.entries()) {
    const data = new Uint8Array(64 * 64 * 4).fill(grey);
    const frame = new VideoFrame(data, {
      format: "RGBX",
      codedWidth: 64,
      codedHeight: 64,
      timestamp: index * 40_000,
    });
    encoder.encode(frame, { keyFrame: index % 3 === 0 });
    frame.close();
  }
  await encoder.flush();
  encoder.close();
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

const canEncode =
  "VideoEncoder" in globalThis &&
  (await VideoEncoder.isConfigSupported({ codec: "avc1.42001e", width: 64, height: 64 }))
    .supported === true &&
  (await canDecode("avc1.42001e"));

/** One picture of 64 x 64 in Y 127, Cb 95, Cr 67, of which nothing says by which matrix it is meant. */
const SILENT_PICTURE =
  "AAAAAWdkAAqs2UQmwEQAAAMABAAAAwDIPEiWWAAAAAFo6+PLIsAAAAFliIQAK//+2Ofx8Z9uiMgjFVLh1Ze18DITbo6EsFwGsHtF";

describe.skipIf(!canEncode)("a small H.264 picture that does not describe its colours", () => {
  it("is shown by the matrix of standard definition (BT.601)", async () => {
    const bytes = Uint8Array.from(atob(SILENT_PICTURE), (letter) => letter.charCodeAt(0));
    const element = await mount(madeInstance(undefined, 1), bytes);
    const pixel = () => {
      const canvas = element.renderRoot.querySelector("canvas");
      return [...(canvas?.getContext("2d")?.getImageData(32, 32, 1, 1).data ?? [])];
    };
    await expect.poll(() => pixel()[3]).toBe(255);
    // R = 1.164 (127 - 16) + 1.596 (67 - 128), and so on; by BT.709 it would be 20, 169, 60.
    for (const [at, expected] of [32, 192, 63].entries())
      expect(Math.abs((pixel()[at] ?? 0) - expected)).toBeLessThanOrEqual(3);
  });
});

describe("a video", () => {
  it("asks for its one stream, and says that it is never exact", async () => {
    const asked: string[] = [];
    const element = await mount(madeInstance(), Uint8Array.of(0, 0, 1, 0xb3, 0, 0), asked);
    expect(asked).toEqual(["studies/1.2/series/1.2.3/instances/1.2.3.4/frames/1"]);
    expect(textOf(element)).toContain("LOSSY (video)");
  });

  it.each([
    ["MPEG-2", Uint8Array.of(0, 0, 1, 0xb3, 20, 0)],
    ["MPEG-PS", Uint8Array.of(0, 0, 1, 0xba, 0, 0)],
    ["?", Uint8Array.of(1, 2, 3, 4)],
  ])("that no browser plays (%s) says so, and can be saved", async (name, bytes) => {
    const element = await mount(madeInstance("1.2.840.10008.1.2.4.100"), bytes);
    await expect
      .poll(() => textOf(element))
      .toContain(`does not play videos of this kind (${name})`);
    const save = [...element.renderRoot.querySelectorAll("button")].at(-1);
    expect([save?.textContent?.trim(), save?.disabled]).toEqual(["Save", false]);
  });

  it("that is no film in spite of its name says so", async () => {
    const bytes = new Uint8Array(400);
    bytes.set([0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70]);
    const element = await mount(madeInstance(), bytes);
    await expect
      .poll(() => textOf(element), { timeout: 10_000 })
      .toMatch(/cannot be played|does not play/);
  });

  it("whose stream breaks off before its first picture is called damaged", async () => {
    const element = await mount(madeInstance(), Uint8Array.of(0, 0, 0, 1, 0x67, 0x64, 0, 0x29));
    await expect.poll(() => textOf(element)).toContain("The video is damaged");
  });

  it("that cannot be fetched says why, and is asked for again", async () => {
    const asked: string[] = [];
    const element = await mount(madeInstance(), new Error("The archive is away."), asked);
    await expect.poll(() => textOf(element)).toContain("The archive is away.");
    element.renderRoot.querySelector<HTMLElement>('[role="alert"] button')?.click();
    await expect.poll(() => asked).toHaveLength(2);
  });

  it.skipIf(!canEncode)(
    "as a bare stream is decoded picture by picture, forth and back",
    async () => {
      const greys = [20, 60, 100, 140, 180, 220];
      const element = await mount(madeInstance(undefined, greys.length), await bareH264(greys));
      const shown = () => {
        const canvas = element.renderRoot.querySelector("canvas");
        return canvas?.getContext("2d")?.getImageData(32, 32, 1, 1).data[0] ?? -99;
      };
      const near = (grey = 0) => expect.poll(() => Math.abs(shown() - grey)).toBeLessThan(12);
      await near(greys[0]);
      press(element, "ArrowRight");
      await near(greys[1]);
      press(element, "End");
      await near(greys[5]);
      press(element, "ArrowLeft");
      await near(greys[4]);
      press(element, "Home");
      await near(greys[0]);
      press(element, " ");
      await near(greys[5]);
      await expect.poll(() => textOf(element)).toContain("6 / 6");
    },
  );
});

const isThere = (await fetch("/corpus/manifest.json")).ok;

async function corpusVideo(file: string) {
  const stored = await (await fetch(`/corpus/video/${file}`)).arrayBuffer();
  const dicom = await readDicom(bytesSource(new Uint8Array(stored)));
  const instance = readInstance(dicom.dataSet);
  if (instance === undefined) throw new Error("no instance");
  const index = await locateFrames(dicom, { numberOfFrames: 30, bitsPerFrame: 0 });
  const bytes = (await readFrame(dicom, index, 0)).slice();
  return { instance: { ...instance, transferSyntaxUid: dicom.transferSyntaxUid }, bytes };
}

describe.skipIf(!isThere)("videos of the corpus", () => {
  it("in MP4 are played where the browser can, and stepped through", async () => {
    const { instance, bytes } = await corpusVideo("us-mpeg4-avc-30f.dcm");
    const element = await mount(instance, bytes);
    const canPlay = document.createElement("video").canPlayType('video/mp4; codecs="avc1.640029"');
    if (canPlay === "") {
      await expect.poll(() => textOf(element), { timeout: 10_000 }).toContain("does not play");
      return;
    }
    await expect
      .poll(() => element.renderRoot.querySelector("video")?.readyState, { timeout: 10_000 })
      .toBeGreaterThan(1);
    press(element, "ArrowRight");
    await expect.poll(() => textOf(element)).toContain("2 / 30");
    const { violations } = await axe.run(element, { resultTypes: ["violations"] });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });

  it("in MPEG-2 say that they cannot be played", async () => {
    const { instance, bytes } = await corpusVideo("us-mpeg2-30f.dcm");
    const element = await mount(instance, bytes);
    await expect
      .poll(() => textOf(element))
      .toContain("does not play videos of this kind (MPEG-2)");
  });
});
