import { describe, expect, it } from "vitest";
import { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { searchTags, type TagHit } from "./tag-search.ts";
import { keysBelow, type TagSection, tagRows } from "./tag-tree.ts";
import { valueText } from "./tag-value.ts";

const dataSet = buildDataSet({
  SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
  PatientName: "Yamada^Tarou=山田^太郎=やまだ^たろう",
  Rows: 512,
  PixelSpacing: [0.5, 0.25],
  VOILUTSequence: [
    { LUTExplanation: "NORMAL", LUTDescriptor: [2, 0, 8] },
    { LUTExplanation: "HARD" },
  ],
});

const withPrivate = new DataSet([
  ...dataSet.elements.values(),
  { tag: 0x00090010, vr: "LO", value: { kind: "strings", strings: ["ACME 1.1"] } },
  { tag: 0x00091002, vr: "UN", value: { kind: "bytes", bytes: Uint8Array.of(1, 255) } },
  { tag: 0x000b1002, vr: "UN", value: { kind: "bytes", bytes: new Uint8Array() } },
]);

const whole: readonly TagSection[] = [{ heading: "", dataSet: withPrivate }];

const lines = (sections: readonly TagSection[], ...expanded: readonly string[]) =>
  tagRows(sections, new Set(expanded)).map(({ level, name }) => `${"  ".repeat(level - 1)}${name}`);

describe("the lines of a tree of attributes", () => {
  it("are the attributes in order, private ones under the name of who made them", () => {
    expect(lines(whole)).toEqual([
      "Specific Character Set",
      "SOP Class UID",
      "Private Creator",
      "Private: ACME 1.1",
      "Private attribute",
      "Patient's Name",
      "Rows",
      "Pixel Spacing",
      "VOI LUT Sequence",
    ]);
  });

  it("show items and their attributes where they are opened, and nothing else", () => {
    const sequence = `0/${0x00283010}`;
    expect(lines(whole, sequence, `${sequence}/1`).slice(-4)).toEqual([
      "VOI LUT Sequence",
      "  Item 1",
      "  Item 2",
      "    LUT Explanation",
    ]);
  });

  it("know their place among their siblings, and what they lie in", () => {
    const sequence = `0/${0x00283010}`;
    const rows = tagRows(whole, new Set([sequence]));
    const item = rows.at(-1);
    expect([item?.position, item?.siblings]).toEqual([2, 2]);
    expect(rows[item?.parent ?? -1]?.name).toBe("VOI LUT Sequence");
  });

  it("begin with the groups of the frame, opened down to their attributes", () => {
    const own = buildDataSet({ FrameContentSequence: [{ StackID: "1" }] });
    const sections = [
      { heading: "Frame 3", dataSet: own },
      { heading: "Whole object", dataSet },
    ];
    expect(lines(sections, ...keysBelow(own, "0"))).toEqual([
      "Frame 3",
      "  Frame Content Sequence",
      "    Item 1",
      "      Stack ID",
      "Whole object",
    ]);
  });

  it("are made quickly for ten thousand items", () => {
    const items = Array.from({ length: 10_000 }, (_, at) => buildDataSet({ StackID: `${at}` }));
    const big = new DataSet([{ tag: 0x52009230, vr: "SQ", value: { kind: "items", items } }]);
    const before = performance.now();
    expect(tagRows([{ heading: "", dataSet: big }], new Set([`0/${0x52009230}`]))).toHaveLength(
      10_001,
    );
    expect(performance.now() - before).toBeLessThan(200);
  });
});

describe("values in words", () => {
  const text = (tag: number): string => {
    const element = withPrivate.element(tag);
    return element === undefined ? "" : valueText(withPrivate, element);
  };

  it("are decoded text, several with a backslash between", () => {
    expect(text(0x00100010)).toBe("Yamada^Tarou=山田^太郎=やまだ^たろう");
    expect(text(0x00280030)).toBe("0.5 \\ 0.25");
    expect(text(0x00283010)).toBe("2 items");
  });

  it("name the UIDs that have a name", () => {
    expect(text(0x00080016)).toMatch(/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.2 \(CT/);
  });

  it("are bytes where nobody says more, and say what is not loaded", () => {
    expect(text(0x00091002)).toBe("2 bytes: 01 ff");
    expect(text(0x000b1002)).toBe("");
    const { encoding } = withPrivate;
    const left = new DataSet(
      [
        { tag: 0x7fe00010, vr: "OW", value: { kind: "uri", uri: "https://a.example/1" } },
        { tag: 0x7fe00009, vr: "OD", value: { kind: "range", range: { offset: 0, length: 2048 } } },
      ],
      encoding,
    );
    const [double, pixels] = [...left.elements.values()].map((one) => valueText(left, one));
    expect(double).toBe(`${(2048).toLocaleString()} bytes, not loaded`);
    expect(pixels).toBe("bulk data, not loaded");
  });

  it("write tags as tags", () => {
    const pointer = buildDataSet({ FrameIncrementPointer: [0x00181063] });
    const element = pointer.element(0x00280009);
    expect(element === undefined ? "" : valueText(pointer, element)).toBe("(0018,1063)");
  });
});

describe("the search for attributes", () => {
  const found = (query: string): readonly string[] =>
    [...searchTags(whole, query)]
      .filter((hit): hit is TagHit => hit !== undefined)
      .map(({ row, path }) => [...path, row.name].join(" › "));

  it("finds by a part of the name, the keyword, the value", () => {
    expect(found("patient's")).toEqual(["Patient's Name"]);
    expect(found("PixelSpacing")).toEqual(["Pixel Spacing"]);
    expect(found("太郎")).toEqual(["Patient's Name"]);
  });

  it("finds by tag, however it is written", () => {
    expect(found("(0028,0010)")).toEqual(["Rows"]);
    expect(found("00280010")).toEqual(["Rows"]);
    expect(found("0028 0010")).toEqual(["Rows"]);
  });

  it("looks into closed sequences and says where it was", () => {
    expect(found("hard")).toEqual(["VOI LUT Sequence › Item 2 › LUT Explanation"]);
  });

  it("finds nothing for nothing", () => {
    expect(found("  ")).toEqual([]);
  });
});
