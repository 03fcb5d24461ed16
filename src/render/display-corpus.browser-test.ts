import { decode as decodePng } from "fast-png";
import { beforeAll, describe, expect, it } from "vitest";
import { bytesSource } from "#core/dicom/byte-source.ts";
import { locateFrames, readFrame } from "#core/dicom/frame-locator.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import { transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import { fitView } from "#core/geometry/view-transform.ts";
import { automaticWindow } from "#core/pixels/automatic-window.ts";
import { displayPipeline, readDisplayAttributes } from "#core/pixels/display-pipeline.ts";
import { readImagePixel } from "#core/pixels/image-pixel-reader.ts";
import { frameDataSet } from "#core/study/frame-attributes.ts";
import { CodecLoader } from "../../wasm/codec-loader.ts";
import { CODEC_TABLE } from "../../wasm/codec-table.ts";
import { decodeFrame } from "../../wasm/decode-frame.ts";
import { fetchedCodecs } from "../../workers/fetched-codecs.ts";
import { type Case, draw } from "./fake/test-pictures.ts";
import { SharedGraphics } from "./shared-graphics.ts";

/** The part of a manifest entry that this test reads. */
interface Entry {
  readonly file: string;
  readonly bytes: number;
  readonly transferSyntaxUID?: string;
  readonly alsoAcceptable?: string;
  readonly photometricInterpretation?: string;
  readonly bitsAllocated?: number;
  readonly pixelRepresentation?: number;
  readonly reference: {
    readonly display?: { readonly png: string; readonly pipeline: string };
    readonly frames?: readonly { readonly min: number; readonly max: number }[];
  };
}

const response = await fetch("/corpus/manifest.json");
const manifest: { readonly files: readonly Entry[] } = response.ok
  ? await response.json()
  : { files: [] };

/** The smallest entry of each kind: what the pixels mean, their cells, how they are encoded, which stages the pipeline has. */
const entries = [
  ...new Map(
    manifest.files
      .filter(isShown)
      .sort(largestFirst)
      .map((entry) => {
        const stages = entry.reference.display?.pipeline.replace(/[-\d.,e/]+/g, "");
        const { photometricInterpretation, bitsAllocated, pixelRepresentation } = entry;
        const encoding = transferSyntaxOf(entry.transferSyntaxUID ?? "")?.frameEncoding;
        const kind = [
          photometricInterpretation,
          bitsAllocated,
          pixelRepresentation,
          encoding,
          stages,
        ];
        return [kind.join(), entry] as const;
      }),
  ).values(),
];

function largestFirst(a: Entry, b: Entry): number {
  return b.bytes - a.bytes;
}

function isShown({ reference, transferSyntaxUID, alsoAcceptable }: Entry): boolean {
  const syntax = transferSyntaxOf(transferSyntaxUID ?? "");
  if (reference.display === undefined || syntax === undefined) return false;
  return alsoAcceptable !== "error" && CODEC_TABLE[syntax.frameEncoding].kind !== "not-yet";
}

const codecs = new CodecLoader(fetchedCodecs);

async function read(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await fetch(`/corpus/${file}`)).arrayBuffer());
}

async function caseOf({ file, reference }: Entry): Promise<Case> {
  const dicom = await readDicom(bytesSource(await read(file)));
  const { dataSet, transferSyntaxUid } = dicom;
  const imagePixel = readImagePixel(dataSet);
  const { rows, columns, samplesPerPixel, bitsAllocated, numberOfFrames } = imagePixel;
  const stored = imagePixel.photometricInterpretation === "YBR_FULL_422" ? 2 : samplesPerPixel;
  const bitsPerFrame = rows * columns * stored * bitsAllocated;
  const index = await locateFrames(dicom, { numberOfFrames, bitsPerFrame });
  const encoded = (await readFrame(dicom, index, 0)).slice();
  const frame = await decodeFrame({ encoded, transferSyntaxUid, imagePixel }, codecs);
  const attributes = readDisplayAttributes(frameDataSet({ dataSet }, 0), imagePixel);
  const range = reference.frames?.[0];
  const isFree = reference.display?.pipeline.includes("min-max") === true;
  if (!isFree || range === undefined)
    return { name: file, frame, display: displayPipeline(attributes, frame) };
  const voi = automaticWindow(range.min, range.max, attributes.modality);
  // Where there is no window the references draw padding like any value.
  const { padding, ...display } = displayPipeline(attributes, frame, { voi });
  return { name: file, frame, display };
}

function largestDifference(rgba: Uint8ClampedArray, png: ReturnType<typeof decodePng>): number {
  expect(rgba.length).toBe(png.width * png.height * 4);
  let largest = 0;
  for (let pixel = 0; pixel < png.width * png.height; pixel += 1)
    for (let channel = 0; channel < 3; channel += 1) {
      const at = pixel * png.channels + (png.channels >= 3 ? channel : 0);
      largest = Math.max(largest, Math.abs((rgba[pixel * 4 + channel] ?? 0) - (png.data[at] ?? 0)));
    }
  return largest;
}

describe.skipIf(entries.length === 0)("the corpus at 1:1", () => {
  const graphics = new SharedGraphics({ acceptsSlow: true });
  beforeAll(() => graphics.ready);

  it("has many kinds of images", () => {
    expect(entries.length).toBeGreaterThan(40);
  });

  it.each(entries)("shows $file like its reference picture", async (entry) => {
    const test = await caseOf(entry);
    const { rows, columns } = test.frame;
    const sizes = { rows, columns, canvasWidth: columns, canvasHeight: rows, pixelAspect: 1 };
    const png = decodePng(await read(entry.reference.display?.png ?? ""));
    for (const kind of ["webgl2", "canvas2d"] as const) {
      const drawn = draw(kind, graphics, test, fitView(sizes));
      expect(largestDifference(drawn, png), kind).toBeLessThanOrEqual(1);
    }
  });
});
