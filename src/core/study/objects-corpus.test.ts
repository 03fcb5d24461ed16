import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../dicom/byte-source.ts";
import { DicomError } from "../dicom/dicom-error.ts";
import { readDicom } from "../dicom/part10-reader.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { DisplaySet } from "./display-set.ts";
import { displaySetsOfStudy } from "./display-sets.ts";
import { frameDataSet } from "./frame-attributes.ts";
import { STUDY_DETAILS } from "./study-details.ts";
import { StudyBuilder } from "./study-tree.ts";

const corpus = fileURLToPath(new URL("../../../../shared/corpus/", import.meta.url));
const isRequired = process.env["NEGATO_REQUIRE_CORPUS"] === "1";
const isPresent = existsSync(`${corpus}manifest.json`);

interface Segment {
  readonly number: number;
  readonly label: string;
}

interface Entry {
  readonly file: string;
  readonly frames?: number;
  readonly expected?: "decode" | "no-pixels" | "error";
  readonly reference?: {
    readonly summary?: {
      readonly segments?: readonly Segment[];
      readonly framesPerSegment?: Readonly<Record<string, number>>;
      readonly units?: string;
      readonly scaling?: string;
    };
  };
}

const entries: readonly Entry[] = isPresent
  ? JSON.parse(readFileSync(`${corpus}manifest.json`, "utf8")).files
  : [];

/** What becomes of a file; undefined where it is no DICOM file, or not part of any study. */
async function setsOf(file: string): Promise<readonly DisplaySet[] | undefined> {
  const bytes = new Uint8Array(readFileSync(corpus + file));
  const builder = new StudyBuilder();
  try {
    const { dataSet } = await readDicom(bytesSource(bytes), { stopAtPixelData: true });
    builder.add(dataSet);
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
  }
  const study = builder.study();
  return study && displaySetsOfStudy(study, STUDY_DETAILS);
}

/** What is wrong with the display sets of a file; undefined where it has none to judge. */
async function verdictOf({ file, frames = 1, expected }: Entry): Promise<string[] | undefined> {
  const sets = await setsOf(file);
  if (sets === undefined) return undefined;
  const shown = sets.reduce((sum, set) => sum + set.frames.length, 0);
  const isNamed = sets.every(
    (set) => set.name !== "" && (set.frames.length > 0 || set.reason !== undefined),
  );
  const isWhole = expected !== "decode" || shown === frames;
  return [
    ...(sets.length > 0 && isNamed ? [] : [`${file}: no name or reason`]),
    ...(isWhole ? [] : [`${file}: ${shown} frames`]),
  ];
}

describe.skipIf(!isPresent && !isRequired)("the objects of the corpus", () => {
  it("all become frames or an entry with a name and a reason, and have the frames that they should", async () => {
    const found = await Promise.all(entries.map(verdictOf));
    expect(found.flatMap((verdict) => verdict ?? [])).toEqual([]);
    expect(found.filter((verdict) => verdict !== undefined).length).toBeGreaterThan(390);
  });

  it("have as many frames of each segment as the segmentation says", async () => {
    const segmentations = entries.filter(({ reference }) => reference?.summary?.framesPerSegment);
    for (const { file, reference } of segmentations) {
      const { framesPerSegment = {}, segments = [] } = reference?.summary ?? {};
      const sets = (await setsOf(file)) ?? [];
      for (const { number, label } of segments) {
        const own = sets.flatMap(({ name, frames }) =>
          frames.filter((frame) => (frame.label ?? name).split(" · ").includes(label)),
        );
        expect([file, label, own.length]).toEqual([file, label, framesPerSegment[number] ?? 0]);
      }
    }
    expect(segmentations.length).toBeGreaterThanOrEqual(8);
  });

  it("of dose have the scale and unit that they declare, and planes where they lie", async () => {
    const dose = entries.find(({ reference, file }) =>
      reference?.summary?.scaling === undefined ? false : file.startsWith("rt/"),
    );
    const [set] = (await setsOf(dose?.file ?? "")) ?? [];
    const last = set?.frames.at(-1);
    const frame = last && frameDataSet(last.instance, last.frameIndex);
    const { units, scaling } = dose?.reference?.summary ?? {};
    expect([frame?.number(TAGS.RescaleSlope), frame?.string(TAGS.RescaleType)]).toEqual([
      Number(scaling),
      units,
    ]);
    expect(set).toMatchObject({ spacingMm: 5, warnings: [] });
  });
});
