import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesSource } from "#core/dicom/byte-source.ts";
import type { DataSet } from "#core/dicom/data-set.ts";
import type { DicomFile } from "#core/dicom/dicom-file.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import {
  AccessionNumber,
  ContentSequence,
  EncapsulatedDocument,
  EncapsulatedDocumentLength,
  FrameOfReferenceUID,
  ImageOrientationPatient,
  ImagePositionPatient,
  LossyImageCompression,
  MeasuredValueSequence,
  Modality,
  NumericValue,
  PatientID,
  PatientName,
  PhotometricInterpretation,
  PhysicalDeltaX,
  ReferencedSOPInstanceUID,
  ReferencedSOPSequence,
  RescaleIntercept,
  SequenceOfUltrasoundRegions,
  SOPInstanceUID,
  StudyDate,
  StudyInstanceUID,
  ValueType,
} from "#core/dicom/tags.generated.ts";
import { overlayPixels, readOverlayPlanes } from "#core/pixels/overlay-planes.ts";
import { readInstance } from "#core/study/instance.ts";
import { readKeyObjectSelection } from "#core/study/key-object-reader.ts";
import { readAnnotation } from "#core/study/presentation-annotations.ts";
import { readPresentationState } from "#core/study/presentation-reader.ts";
import { isReferenced } from "#core/study/presentation-references.ts";
import { decodeSamples } from "#core/waveform/decode-samples.ts";
import { isUsable, readMultiplexGroups } from "#core/waveform/read-waveform.ts";
import { CURRENT_SOFT_SERIES, NODULE_INSTANCE_NUMBER } from "./ct-chest.ts";
import { instanceUid } from "./demo-file.ts";
import { ensureDemoArchive } from "./generate.ts";

const SCALE = 0.02;
let folder = "";
let archive = "";
const files = new Map<string, DicomFile>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "negato-demo-"));
  archive = join(folder, "first");
  await ensureDemoArchive(archive, undefined, { scale: SCALE });
  for (const file of await filesBelow(archive))
    if (file.endsWith(".dcm"))
      files.set(
        file,
        await readDicom(bytesSource(new Uint8Array(await readFile(join(archive, file))))),
      );
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("ensureDemoArchive", () => {
  it("makes the same bytes every time, and reports each part", async () => {
    const reports: string[] = [];
    const second = join(folder, "second");
    await ensureDemoArchive(second, (done, total) => reports.push(`${done}/${total}`), {
      scale: SCALE,
    });
    expect(await hashOfFolder(second)).toBe(await hashOfFolder(archive));
    expect(reports[0]).toMatch(/^0\//);
    expect(reports.at(-1)).toMatch(/^(\d+)\/\1$/);
  }, 120_000);

  it("leaves a finished archive alone", async () => {
    const before = await stat(join(archive, "heart-us-2026"));
    let isAsked = false;
    await ensureDemoArchive(
      archive,
      () => {
        isAsked = true;
      },
      { scale: SCALE },
    );
    expect(isAsked).toBe(false);
    expect((await stat(join(archive, "heart-us-2026"))).mtimeMs).toBe(before.mtimeMs);
  });

  it("leaves nothing half behind when it is interrupted", async () => {
    const third = join(folder, "third");
    const interrupt = (done: number) => {
      if (done === 1) throw new Error("interrupted");
    };
    await expect(ensureDemoArchive(third, interrupt, { scale: SCALE })).rejects.toThrow(
      "interrupted",
    );
    expect((await readdir(folder)).filter((name) => name.includes("third"))).toEqual([]);
  }, 60_000);

  it("does not replace a folder that is not its own", async () => {
    const foreign = await mkdtemp(join(folder, "foreign-"));
    await writeFile(join(foreign, "mine.txt"), "keep me");
    await expect(ensureDemoArchive(foreign, undefined, { scale: SCALE })).rejects.toThrow();
    expect(await readFile(join(foreign, "mine.txt"), "utf8")).toBe("keep me");
  }, 60_000);
});

function below(folder: string): readonly DataSet[] {
  const found = [...files].filter(([path]) => path.startsWith(folder));
  expect(found.length).toBeGreaterThan(0);
  return found.map(([, file]) => file.dataSet);
}

describe("the demo archive", () => {
  it("is read without any deviation, and no instance twice", () => {
    expect([...files.values()].flatMap((file) => file.deviations)).toEqual([]);
    const uids = [...files.values()].map((file) => file.dataSet.string(SOPInstanceUID));
    expect(new Set(uids).size).toBe(files.size);
  });

  it("mixes modalities and transfer syntaxes", () => {
    const all = [...files.values()];
    expect(new Set(all.map((file) => file.dataSet.string(Modality)))).toEqual(
      new Set(["CT", "MR", "DX", "US", "ECG", "SR", "DOC", "PR", "KO"]),
    );
    expect(new Set(all.map((file) => file.transferSyntaxUid))).toEqual(
      new Set([
        "1.2.840.10008.1.2.1",
        "1.2.840.10008.1.2.4.50",
        "1.2.840.10008.1.2.4.90",
        "1.2.840.10008.1.2.5",
      ]),
    );
  });

  it("has a chest CT with a prior of the same patient, each in a frame of reference of its own", () => {
    const [current] = below("chest-ct-2026/soft");
    const [lung] = below("chest-ct-2026/lung");
    const [prior] = below("chest-ct-2025/soft");
    expect(prior?.string(PatientID)).toBe(current?.string(PatientID));
    expect([current, prior].map((set) => set?.string(StudyDate))).toEqual(["20261114", "20251202"]);
    expect(current?.string(AccessionNumber)).not.toBe(prior?.string(AccessionNumber));
    expect(lung?.string(FrameOfReferenceUID)).toBe(current?.string(FrameOfReferenceUID));
    expect(lung?.numbers(ImagePositionPatient)).toEqual(current?.numbers(ImagePositionPatient));
    expect(prior?.string(FrameOfReferenceUID)).not.toBe(current?.string(FrameOfReferenceUID));
    expect(current?.number(RescaleIntercept)).toBe(-1024);
  });

  it("has an MR of the head in three orientations, for a name with three component groups", () => {
    const orientations = ["axial-t2", "sagittal-t1", "coronal-flair"].map((series) => {
      const [first] = below(`head-mr-2026/${series}`);
      expect(first?.personName(PatientName)).toEqual({
        alphabetic: "Yamada^Tarou",
        ideographic: "山田^太郎",
        phonetic: "やまだ^たろう",
      });
      return first?.numbers(ImageOrientationPatient) ?? [];
    });
    const mainAxes = orientations.map(([rx = 0, ry = 0, rz = 0, cx = 0, cy = 0, cz = 0]) => {
      expect(rx * cx + ry * cy + rz * cz).toBeCloseTo(0, 5);
      const normal = [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx].map(Math.abs);
      return normal.indexOf(Math.max(...normal));
    });
    expect(mainAxes).toEqual([2, 0, 1]);
  });

  it("has radiographs of both polarities and a lossy colour cine with calibrated regions", () => {
    const [pa] = below("chest-dx-2026/pa");
    const [lateral] = below("chest-dx-2026/lateral");
    expect(pa?.string(PhotometricInterpretation)).toBe("MONOCHROME1");
    expect(lateral?.string(PhotometricInterpretation)).toBe("MONOCHROME2");
    const [cine] = below("heart-us-2026/apical-four-chamber");
    expect(cine?.string(LossyImageCompression)).toBe("01");
    expect(cine?.items(SequenceOfUltrasoundRegions)[0]?.number(PhysicalDeltaX)).toBe(1 / 32);
  });

  it("has a structured report whose diameter was measured on an image of the CT", () => {
    const [report] = below("chest-ct-2026/measurements");
    const number = contentOf(report).find((item) => item.string(ValueType) === "NUM");
    expect(number?.items(MeasuredValueSequence)[0]?.number(NumericValue)).toBe(9);
    const image = contentOf(number).find((item) => item.string(ValueType) === "IMAGE");
    expect(image?.items(ReferencedSOPSequence)[0]?.string(ReferencedSOPInstanceUID)).toBe(
      instanceUid(CURRENT_SOFT_SERIES, NODULE_INSTANCE_NUMBER),
    );
    const [slice] = below("chest-ct-2026/soft");
    expect(slice?.string(StudyInstanceUID)).toBe(report?.string(StudyInstanceUID));
  });

  it("has a presentation state that draws an arrow with words on the radiograph", () => {
    const [file] = below("chest-dx-2026/annotations");
    const instance = file === undefined ? undefined : readInstance(file);
    const read = instance === undefined ? undefined : readPresentationState(instance);
    if (read?.ok !== true) throw new Error("The state cannot be read");
    const [image] = below("chest-dx-2026/pa");
    const uid = image?.string(SOPInstanceUID) ?? "";
    expect(isReferenced(read.state.references, uid, 1)).toBe(true);
    const place = { transformation: read.state.transformation, pixelAspect: 1 };
    const area = { left: 0, top: 0, right: 1, bottom: 1 };
    const [items] = read.state.annotations;
    const drawn = items && readAnnotation(items.value, { ...place, area });
    expect(drawn?.graphics.map(({ kind }) => kind)).toEqual(["path", "path", "text"]);
    expect(drawn?.limits).toEqual([]);
  });

  it("has an overlay plane with the letter of a side on the lateral radiograph", () => {
    const [image] = below("chest-dx-2026/lateral");
    const [plane] = image === undefined ? [] : readOverlayPlanes(image, 0);
    expect(plane).toMatchObject({ label: "L", kind: "graphics", bits: { kind: "data" } });
    const isSet = plane && overlayPixels(plane);
    const row = Math.floor((plane?.rows ?? 0) * 0.85);
    const line = Array.from({ length: plane?.columns ?? 0 }, (_, column) => isSet?.(row, column));
    expect(line.filter((isInk) => isInk === true).length).toBeGreaterThan(line.length / 2);
  });

  it("has a key object selection of the slices that show the nodule", () => {
    const [file] = below("chest-ct-2026/key-images");
    const instance = file === undefined ? undefined : readInstance(file);
    expect(instance && readKeyObjectSelection(instance)).toMatchObject({
      title: "Of Interest",
      comment: "Nodule in the right lung, 9 mm",
      references: [
        { sopInstanceUid: instanceUid(CURRENT_SOFT_SERIES, NODULE_INSTANCE_NUMBER) },
        { sopInstanceUid: instanceUid(CURRENT_SOFT_SERIES, NODULE_INSTANCE_NUMBER + 1) },
      ],
    });
  });

  it("has an ECG whose limb leads obey Einthoven and Goldberger", () => {
    const [ecg] = below("heart-us-2026/ecg");
    const [group] = ecg === undefined ? [] : readMultiplexGroups(ecg);
    if (group === undefined || !isUsable(group) || group.data.value.kind !== "bytes")
      throw new Error("The ECG cannot be read");
    const { bytes } = group.data.value;
    const [one, two, three, right, left, foot] = group.channels.map((_, at) =>
      decodeSamples(group, at, bytes, true),
    );
    const differences = (one ?? []).map((value, at) => {
      const second = two?.[at] ?? 0;
      return Math.max(
        Math.abs((three?.[at] ?? 0) - (second - value)),
        Math.abs((right?.[at] ?? 0) + (value + second) / 2),
        Math.abs((left?.[at] ?? 0) - (value - second / 2)),
        Math.abs((foot?.[at] ?? 0) - (second - value / 2)),
      );
    });
    // Each sample is rounded to a step of 2.5 microvolts.
    expect(Math.max(...differences)).toBeLessThanOrEqual(5);
    expect(Math.max(...(one ?? []))).toBeGreaterThan(700);
  });

  it("has a PDF report whose table of objects gives their places", () => {
    const [report] = below("chest-ct-2026/report");
    const bytes = report?.bytes(EncapsulatedDocument) ?? new Uint8Array();
    const pdf = Buffer.from(bytes.subarray(0, report?.number(EncapsulatedDocumentLength)));
    const text = pdf.toString("latin1");
    expect(text).toMatch(/^%PDF-1\.4[\s\S]*DEMO, Chest Maria[\s\S]*%%EOF\n$/);
    const table = Number(/startxref\n(\d+)/.exec(text)?.[1]);
    expect(text.slice(table, table + 4)).toBe("xref");
    const offsets = [...text.slice(table).matchAll(/(\d{10}) 00000 n/g)].map(([, at]) =>
      Number(at),
    );
    expect(offsets.map((at) => text.slice(at, at + 7))).toEqual(
      offsets.map((_, index) => `${index + 1} 0 obj`),
    );
  });
});

/** All content items below an item. */
function contentOf(item: DataSet | undefined): readonly DataSet[] {
  const children = item?.items(ContentSequence) ?? [];
  return children.flatMap((child) => [child, ...contentOf(child)]);
}

async function hashOfFolder(root: string): Promise<string> {
  const hash = createHash("sha256");
  const names = await filesBelow(root);
  for (const name of names) hash.update(name).update(await readFile(join(root, name)));
  return `${names.length} ${hash.digest("hex")}`;
}

/** Paths below a folder, with `/`, in a fixed order. */
async function filesBelow(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}
