import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../dicom/byte-source.ts";
import { readDicom } from "../dicom/part10-reader.ts";
import { type Instance, readInstance } from "./instance.ts";
import { readKeyObjectSelection } from "./key-object-reader.ts";
import { readAnnotation } from "./presentation-annotations.ts";
import { wholeArea } from "./presentation-area.ts";
import { readPresentationState } from "./presentation-reader.ts";
import type { PresentationState } from "./presentation-state.ts";

const corpus = fileURLToPath(new URL("../../../../shared/corpus/", import.meta.url));
const isRequired = process.env["NEGATO_REQUIRE_CORPUS"] === "1";

interface Entry {
  readonly file: string;
  readonly reference: { readonly summary: Record<string, unknown> };
}

async function entriesOf(folder: string): Promise<readonly Entry[]> {
  const manifest: { readonly files: readonly Entry[] } = JSON.parse(
    await readFile(`${corpus}manifest.json`, "utf8"),
  );
  return manifest.files.filter(({ file }) => file.startsWith(`${folder}/`));
}

async function instanceOf(file: string): Promise<Instance> {
  const bytes = new Uint8Array(await readFile(corpus + file));
  const instance = readInstance((await readDicom(bytesSource(bytes))).dataSet);
  if (instance === undefined) throw new Error("no instance");
  return instance;
}

/** What was read of a state, in the words of the corpus. */
function summaryOf(state: PresentationState): Record<string, unknown> {
  const place = {
    area: wholeArea(100, 100),
    transformation: state.transformation,
    pixelAspect: 1,
  };
  return {
    label: state.title.label,
    instances: [...state.references.byInstance.keys()],
    graphicLayers: state.layers.map(({ name }) => name),
    annotations: state.annotations.map(({ value }) => {
      const { graphics } = readAnnotation(value, place);
      return {
        text: graphics.flatMap((one) => (one.kind === "text" ? [one.lines.join("\r\n")] : [])),
        points: graphics.flatMap((one) => (one.kind === "path" ? [one.points.length] : [])),
      };
    }),
    displayedAreas: state.displayedAreas.map(({ value }) => ({
      topLeft: value.topLeft,
      bottomRight: value.bottomRight,
      mode: value.size.mode,
    })),
    shape: state.presentationLut?.kind === "shape" ? state.presentationLut.shape : "",
  };
}

interface ReferenceSummary {
  readonly label: string;
  readonly references: readonly { readonly instances: readonly string[] }[];
  readonly graphicLayers: readonly string[];
  readonly annotations: readonly {
    readonly text: readonly string[];
    readonly graphics: readonly { readonly points: number }[];
  }[];
  readonly displayedAreas: readonly unknown[];
  readonly presentationLUTShape: string;
}

function expectedOf(summary: ReferenceSummary): Record<string, unknown> {
  return {
    label: summary.label,
    instances: summary.references.flatMap(({ instances }) => instances),
    graphicLayers: summary.graphicLayers,
    annotations: summary.annotations.map(({ text, graphics }) => ({
      text,
      points: graphics.map(({ points }) => points),
    })),
    displayedAreas: summary.displayedAreas,
    shape: summary.presentationLUTShape,
  };
}

describe.skipIf(!existsSync(corpus) && !isRequired)("the corpus", () => {
  it("has presentation states, which are read as its reference says", async () => {
    const entries = await entriesOf("pr");
    expect(entries.length).toBeGreaterThan(0);
    for (const { file, reference } of entries) {
      const read = readPresentationState(await instanceOf(file));
      const state = read.ok ? summaryOf(read.state) : read.reason;
      expect(state, file).toEqual(expectedOf(checkedSummary(reference.summary)));
    }
  });

  it("has key object selections, which are read as its reference says", async () => {
    const entries = await entriesOf("kos");
    expect(entries.length).toBeGreaterThan(0);
    for (const { file, reference } of entries) {
      const read = readKeyObjectSelection(await instanceOf(file));
      expect(reference.summary, file).toMatchObject({
        title: { value: read.titleCode, meaning: read.title },
        references: read.references.map(({ sopClassUid, sopInstanceUid }) => ({
          class: sopClassUid,
          instance: sopInstanceUid,
        })),
      });
    }
  });
});

function checkedSummary(summary: Record<string, unknown>): ReferenceSummary {
  if (!isSummary(summary)) throw new Error("The reference is no summary of a presentation state");
  return summary;
}

function isSummary(summary: unknown): summary is ReferenceSummary {
  return typeof summary === "object" && summary !== null && "displayedAreas" in summary;
}
