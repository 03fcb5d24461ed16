import axe from "axe-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { bytesSource } from "#core/dicom/byte-source.ts";
import { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import { designTokens } from "../../design-tokens.ts";
import type { RetrieveValue } from "../document-bytes.ts";
import type { NegatoTraceSheet } from "./negato-trace-sheet.ts";
import { NegatoWaveform } from "./negato-waveform.ts";

const NOTHING: RetrieveValue = () => Promise.reject(new Error("There is nothing to fetch."));

beforeAll(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    `${designTokens.cssText.replaceAll(":host", "html")} body { background: var(--negato-panel); }`,
  );
  document.adoptedStyleSheets = [sheet];
});

afterEach(() => document.body.replaceChildren());

async function mount(dataSet: DataSet, retrieve = NOTHING): Promise<NegatoWaveform> {
  const element = new NegatoWaveform();
  element.style.cssText = "inline-size: 1000px; block-size: 600px;";
  element.dataSet = dataSet;
  element.retrieve = retrieve;
  document.body.append(element);
  await element.updateComplete;
  return element;
}

/** One channel of 2 s at 100 Hz, 1 uV per step, with a step of 1 mV in its middle. */
function made(attributes: MadeDataSet = {}, unit = "uV"): DataSet {
  const samples = Int16Array.from({ length: 200 }, (_, at) => (at < 100 ? 0 : 1000));
  return buildDataSet({
    WaveformSequence: {
      NumberOfWaveformChannels: 1,
      NumberOfWaveformSamples: 200,
      SamplingFrequency: 100,
      ChannelDefinitionSequence: {
        ChannelLabel: "Lead II",
        ChannelSensitivity: 1,
        ChannelSensitivityUnitsSequence: { CodeValue: unit, CodingSchemeDesignator: "UCUM" },
      },
      WaveformBitsAllocated: 16,
      WaveformSampleInterpretation: "SS",
      WaveformData: new Uint8Array(samples.buffer),
      ...attributes,
    },
  });
}

const textOf = (element: NegatoWaveform) =>
  (element.renderRoot.textContent ?? "").replace(/\s+/g, " ");

async function sheetOf(element: NegatoWaveform): Promise<NegatoTraceSheet> {
  const find = () => element.renderRoot.querySelector("negato-trace-sheet");
  await expect.poll(find).not.toBeNull();
  const sheet = find();
  if (sheet === null) throw new Error("no sheet");
  await sheet.updateComplete;
  return sheet;
}

const readingOf = (sheet: NegatoTraceSheet) =>
  sheet.renderRoot.querySelector("output")?.textContent ?? "";

/** Rows of the canvas, in mm, at which the trace lies at a moment. */
function traceAt(sheet: NegatoTraceSheet, xMm: number): readonly number[] {
  const canvas = sheet.renderRoot.querySelector("canvas");
  const context = canvas?.getContext("2d");
  const perMm = (canvas?.width ?? 0) / (sheet.sheet?.width ?? 1);
  const column = context?.getImageData(Math.round(xMm * perMm), 0, 1, canvas?.height ?? 1).data;
  const rows: number[] = [];
  for (let y = 0; column !== undefined && y < column.length / 4; y++)
    if ((column[4 * y] ?? 255) < 150) rows.push(y / perMm);
  return rows;
}

describe("curves on grid paper", () => {
  it("lie where speed and gain put them: 25 mm for a second, 10 mm for 1 mV", async () => {
    const sheet = await sheetOf(await mount(made()));
    const strip = sheet.sheet?.strips[0];
    if (strip === undefined) throw new Error("no strip");
    const middle = (rows: readonly number[]) =>
      rows.reduce((sum, row) => sum + row, 0) / rows.length;
    // Half a second before and after the step, which is a second after the left edge.
    expect(middle(traceAt(sheet, strip.x + 12.5))).toBeCloseTo(strip.y, 0);
    expect(middle(traceAt(sheet, strip.x + 37.5))).toBeCloseTo(strip.y - 10, 0);
  });

  it("are measured by keys: a second is 1000 ms and 60 per minute", async () => {
    const sheet = await sheetOf(await mount(made()));
    const surface = sheet.renderRoot.querySelector(".surface");
    const press = async (key: string) => {
      surface?.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
      await sheet.updateComplete;
    };
    await press("Enter");
    expect(readingOf(sheet)).toBe("II: 1000 ms · 60/min · 0 mV");
    for (let step = 0; step < 4; step++) await press("ArrowUp");
    await press("ArrowLeft");
    expect(readingOf(sheet)).toBe("II: 990 ms · 61/min · 0.1 mV");
    await press("Delete");
    expect(readingOf(sheet)).toContain("Drag");
  });

  it("keep the caliper when only the paper changes, and lose it with the scale", async () => {
    const element = await mount(made());
    const sheet = await sheetOf(element);
    const press = (label: string) =>
      [...element.renderRoot.querySelectorAll("button")]
        .find(({ textContent }) => textContent?.trim() === label)
        ?.click();
    sheet.renderRoot
      .querySelector(".surface")
      ?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", cancelable: true }));
    await expect.poll(() => readingOf(sheet)).toContain("1000 ms");
    press("Dark paper");
    await element.updateComplete;
    await sheet.updateComplete;
    expect(readingOf(sheet)).toContain("1000 ms");
    sheet.gain = 20;
    await sheet.updateComplete;
    expect(readingOf(sheet)).not.toContain("ms");
  });

  it("name the channels that a print of twelve leads has no place for", async () => {
    const leads = [
      "I",
      "II",
      "III",
      "aVR",
      "aVL",
      "aVF",
      "V1",
      "V2",
      "V3",
      "V4",
      "V5",
      "V6",
      "V4R",
    ];
    const element = await mount(
      made({
        NumberOfWaveformChannels: leads.length,
        ChannelDefinitionSequence: leads.map((lead) => ({ ChannelLabel: lead })),
        WaveformData: new Uint8Array(200 * leads.length * 2),
      }),
    );
    await sheetOf(element);
    expect(textOf(element)).toContain("Not in this format: V4R.");
  });

  it("say of which lead a note is", async () => {
    const dataSet = made();
    const notes = buildDataSet({
      WaveformAnnotationSequence: {
        ConceptNameCodeSequence: { CodeMeaning: "ST amplitude" },
        NumericValue: "120",
        MeasurementUnitsCodeSequence: { CodeValue: "uV" },
        ReferencedWaveformChannels: [1, 1],
      },
    });
    const element = await mount(
      new DataSet([...dataSet.elements.values(), ...notes.elements.values()]),
    );
    await sheetOf(element);
    expect(textOf(element)).toContain("ST amplitude · II 120 uV");
  });

  it("are measured by dragging", async () => {
    const sheet = await sheetOf(await mount(made()));
    const surface = sheet.renderRoot.querySelector<HTMLElement>(".surface");
    const box = surface?.getBoundingClientRect();
    const at = (type: string, xMm: number) =>
      surface?.dispatchEvent(
        new PointerEvent(type, {
          clientX: (box?.left ?? 0) + xMm * sheet.pixelsPerMm,
          clientY: (box?.top ?? 0) + 15 * sheet.pixelsPerMm,
          pointerId: 1,
        }),
      );
    if (surface !== null) {
      // Made events have no pointer that could be captured.
      surface.setPointerCapture = () => undefined;
      surface.hasPointerCapture = () => true;
    }
    at("pointerdown", 20);
    at("pointermove", 30);
    await sheet.updateComplete;
    expect(readingOf(sheet)).toContain("400 ms · 150/min");
  });

  it("of pressure have a scale of their own and no calibration pulse in mV", async () => {
    const element = await mount(made({}, "mm[Hg]"));
    const sheet = await sheetOf(element);
    expect(10 / (sheet.scales[0]?.mmPerUnit ?? 1)).toBe(1000);
    expect(textOf(element)).not.toContain("mm/mV");
  });

  it("are fetched where metadata names an address, as little endian", async () => {
    const stored = made().items(0x54000100)[0]?.bytes(0x54001010)?.slice();
    const dataSet = made({ WaveformData: undefined });
    const group = dataSet.items(0x54000100)[0];
    if (stored === undefined || group === undefined) throw new Error("no samples");
    const uri = { kind: "uri", uri: "bulkdata/1" } as const;
    const elements = new Map(group.elements).set(0x54001010, {
      tag: 0x54001010,
      vr: "OW",
      value: uri,
    });
    Object.defineProperty(group, "elements", { value: elements });
    const asked: string[] = [];
    const element = await mount(dataSet, (address) => {
      asked.push(address);
      return Promise.resolve(stored);
    });
    await sheetOf(element);
    expect(asked).toEqual(["bulkdata/1"]);
  });

  it.each([
    ["cut short", { WaveformData: new Uint8Array(10) }],
    ["sampling frequency is missing", { SamplingFrequency: null }],
  ])("that cannot be drawn say why: %s", async (words, attributes) => {
    const element = await mount(made(attributes));
    await expect
      .poll(() => element.renderRoot.querySelector('[role="alert"]')?.textContent)
      .toContain(words);
  });
});

const isThere = (await fetch("/corpus/manifest.json")).ok;

describe.skipIf(!isThere)("the ECG of the corpus", () => {
  it("is shown in the format of a print, with what its device noted", async () => {
    const file = await (await fetch("/corpus/other/waveform_ecg.dcm")).arrayBuffer();
    const { dataSet } = await readDicom(bytesSource(new Uint8Array(file)));
    const element = await mount(dataSet);
    const sheet = await sheetOf(element);
    expect(sheet.sheet?.strips).toHaveLength(13);
    expect(textOf(element)).toContain("10 s · 1000 samples/s · filter 0.05–300 Hz");
    expect(textOf(element)).toContain("RR Interval 982 ms");
    expect(textOf(element)).toContain("RITMO SINUSALE");
    const { violations } = await axe.run(element, { resultTypes: ["violations"] });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });
});
