import { describe, expect, it } from "vitest";
import { type DataElement, DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { displayBulkDataUris, withDisplayBulkData } from "./bulk-data.ts";

const at = (tag: number, uri: string): DataElement => ({
  tag,
  vr: "OW",
  value: { kind: "uri", uri },
});

const dataSet = new DataSet([
  at(TAGS.RedPaletteColorLookupTableData, "red"),
  at(TAGS.PixelData, "pixels"),
  {
    tag: TAGS.VOILUTSequence,
    vr: "SQ",
    value: { kind: "items", items: [new DataSet([at(TAGS.LUTData, "voi")])] },
  },
]);

describe("bulk data of the display", () => {
  it("are palettes and tables, in sequences too, and no pixels", () => {
    expect(displayBulkDataUris(dataSet)).toEqual(["red", "voi"]);
  });

  it("take their places once they are fetched", () => {
    const bytes = Uint8Array.of(1, 0);
    const complete = withDisplayBulkData(
      dataSet,
      new Map([
        ["voi", bytes],
        ["pixels", bytes],
      ]),
    );
    expect(complete.items(TAGS.VOILUTSequence)[0]?.numbers(TAGS.LUTData)).toEqual([1]);
    expect(displayBulkDataUris(complete)).toEqual(["red"]);
    expect(complete.element(TAGS.PixelData)?.value.kind).toBe("uri");
  });
});
