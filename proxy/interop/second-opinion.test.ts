import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesSource } from "#core/dicom/byte-source.ts";
import { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { locateFrames, readFrame } from "#core/dicom/frame-locator.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import { writePart10 } from "#core/dicom/part10-writer.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import { displayPipeline, readDisplayAttributes } from "#core/pixels/display-pipeline.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { readImagePixel } from "#core/pixels/image-pixel-reader.ts";
import { renderPixels } from "#core/pixels/render-pixels.ts";
import { storedValueBytes } from "#core/pixels/sample-hash.ts";
import { hasDcmtk, hasGdcm } from "../../scripts/system-parts.mjs";
import { CodecLoader } from "../../wasm/codec-loader.ts";
import { decodeFrame } from "../../wasm/decode-frame.ts";
import { nodeCodecs } from "../decode/node-codecs.ts";
import { archiveParts } from "../demo/archive.ts";
import {
  decodeBy,
  encode,
  FOREIGN_ENCODERS,
  type ForeignEncoder,
  greysOf,
  pictureOf,
  rawPixels,
} from "./foreign-codecs.ts";

/** The demo archive in small: one image of each kind. */
const SCALE = 0.02;
const PARTS = ["heart-us-2026", "chest-dx-2026 pa", "chest-ct-2026 0", "head-mr-2026 axial-t2 0"];

interface Image {
  readonly name: string;
  /** Native, explicit VR little endian. */
  readonly file: string;
  readonly imagePixel: ImagePixel;
  readonly values: Uint8Array;
}

const codecs = new CodecLoader(nodeCodecs);
const images: Image[] = [];
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "negato-interop-"));
  if (!hasDcmtk() || !hasGdcm()) return;
  for (const part of archiveParts(SCALE).filter(({ name }) => PARTS.includes(name)))
    images.push(await nativeImage(part.name, (await part.make())[0]?.bytes ?? new Uint8Array()));
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!hasDcmtk() || !hasGdcm())("a second opinion of DCMTK and GDCM", () => {
  it("has an image of every kind of the demo archive", () => {
    expect(images.map(({ name }) => name).sort()).toEqual([...PARTS].sort());
  });

  it.each(FOREIGN_ENCODERS.map((encoder) => [encoder.name, encoder] as const))(
    "agrees on every value of %s",
    async (_, encoder) => {
      let count = 0;
      for (const image of images) {
        if (!takes(encoder, image.imagePixel)) continue;
        count += 1;
        const encoded = await encode(encoder, image.file);
        const ours = valuesOf(await decodeFile(encoded));
        if (encoder.isLossless) expect(different(ours, image.values), image.name).toBe(0);
        for (const maker of encoder.decodedBy) {
          const theirs = await nativeValues(await decodeBy(maker, encoder, encoded));
          expect(different(ours, theirs), `${image.name}, ${maker}`).toBe(0);
        }
      }
      expect(count).toBeGreaterThan(0);
    },
    60_000,
  );

  it.each([
    ["the first window", ["+Wi", "1"]],
    ["smallest to largest value", ["+Wm"]],
  ])("agrees on the grey of every pixel through %s", async (_, options) => {
    for (const image of images.filter(({ imagePixel }) => imagePixel.samplesPerPixel === 1)) {
      const { frame, dataSet, imagePixel } = await decodeFile(image.file);
      const attributes = readDisplayAttributes(dataSet, imagePixel);
      const vois = options[0] === "+Wi" ? attributes.vois : [];
      const ours = renderPixels(frame, displayPipeline({ ...attributes, vois }, frame));
      const theirs = greysOf(new Uint8Array(await readFile(await pictureOf(image.file, options))));
      let most = 0;
      for (let at = 0; at < theirs.length; at += 1)
        most = Math.max(most, Math.abs((ours[at * 4] ?? 0) - (theirs[at] ?? 0)));
      expect(theirs.length, image.name).toBe(imagePixel.rows * imagePixel.columns);
      expect(most, image.name).toBeLessThanOrEqual(1);
    }
  });
});

function takes(encoder: ForeignEncoder, imagePixel: ImagePixel): boolean {
  const { bitsStored, samplesPerPixel, pixelRepresentation } = imagePixel;
  return (
    bitsStored <= encoder.mostBits &&
    (samplesPerPixel === 1 || encoder.takesColour) &&
    (pixelRepresentation === 0 || encoder.takesSigned)
  );
}

/** The first frame of a file of the archive, decoded and written as it would be without compression. */
async function nativeImage(name: string, bytes: Uint8Array): Promise<Image> {
  const file = path.join(folder, name.replaceAll(" ", "-"));
  await writeFile(`${file}.demo`, bytes);
  const { frame, dataSet, imagePixel } = await decodeFile(`${file}.demo`);
  const isColour = imagePixel.samplesPerPixel === 3;
  const values = storedValueBytes(frame.samples, imagePixel.bitsAllocated);
  const native = buildDataSet({
    ...(isColour ? { PhotometricInterpretation: "RGB" } : {}),
    NumberOfFrames: "1",
    PixelData: values,
  });
  const elements = new Map([...dataSet.elements, ...native.elements]);
  const written = new DataSet(elements.values(), dataSet.encoding);
  await writeFile(
    file,
    writePart10({ dataSet: written, transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN }),
  );
  return { name, file, imagePixel, values };
}

interface DecodedFile {
  readonly frame: DecodedFrame;
  readonly dataSet: DataSet;
  readonly imagePixel: ImagePixel;
}

/** The first frame of a file by our own reader and decoders. */
async function decodeFile(file: string): Promise<DecodedFile> {
  const dicom = await readDicom(bytesSource(new Uint8Array(await readFile(file))));
  const { dataSet, transferSyntaxUid } = dicom;
  const imagePixel = readImagePixel(dataSet);
  const { rows, columns, samplesPerPixel, bitsAllocated, numberOfFrames } = imagePixel;
  const bitsPerFrame = rows * columns * samplesPerPixel * bitsAllocated;
  const index = await locateFrames(dicom, { numberOfFrames, bitsPerFrame });
  const encoded = (await readFrame(dicom, index, 0)).slice();
  const frame = await decodeFrame({ encoded, transferSyntaxUid, imagePixel }, codecs);
  return { frame, dataSet, imagePixel };
}

function valuesOf({ frame, imagePixel }: DecodedFile): Uint8Array {
  return storedValueBytes(frame.samples, imagePixel.bitsAllocated);
}

/** The values of a native file as GDCM extracts them, colour by pixel. */
async function nativeValues(file: string): Promise<Uint8Array> {
  const { dataSet } = await readDicom(bytesSource(new Uint8Array(await readFile(file))));
  const { rows, columns, samplesPerPixel, planarConfiguration, bitsAllocated } =
    readImagePixel(dataSet);
  const length = rows * columns * samplesPerPixel * (bitsAllocated / 8);
  // A pad byte may follow.
  const raw = new Uint8Array(await readFile(await rawPixels(file))).subarray(0, length);
  if (samplesPerPixel === 1 || planarConfiguration === 0) return raw;
  const plane = rows * columns;
  return Uint8Array.from(raw, (_, at) => raw[(at % 3) * plane + Math.floor(at / 3)] ?? 0);
}

/** How many bytes differ; another length counts, too. */
function different(ours: Uint8Array, theirs: Uint8Array): number {
  let count = Math.abs(ours.length - theirs.length);
  for (let at = 0; at < ours.length; at += 1) if (ours[at] !== theirs[at]) count += 1;
  return count;
}
