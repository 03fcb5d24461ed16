import { expect, test } from "vitest";
import { DataSet } from "#core/dicom/data-set.ts";
import { VOILUTSequence } from "#core/dicom/tags.generated.ts";
import { madeInstance, madeStudyOf } from "./fake/made-study.ts";
import { describeFrame, frameRequest } from "./frame-description.ts";

const LUT_DATA = 0x00283006;

function firstFrameOf(dataSet: DataSet) {
  const reference = madeStudyOf([dataSet]).displaySet.frames[0];
  const asked = reference === undefined ? undefined : frameRequest(reference);
  if (reference === undefined || asked?.ok !== true) throw new Error("No image");
  return { reference, request: asked.request };
}

test("an image whose VOI LUT was not fetched is refused, not shown in its window", () => {
  const table = new DataSet([{ tag: LUT_DATA, vr: "OW", value: { kind: "uri", uri: "voi" } }]);
  const whole = madeInstance(1);
  const voiLuts = {
    tag: VOILUTSequence,
    vr: "SQ",
    value: { kind: "items", items: [table] },
  } as const;
  const lacking = new DataSet([...whole.elements.values(), voiLuts], whole.encoding);
  const described = (dataSet: DataSet) => {
    const { reference, request } = firstFrameOf(dataSet);
    return describeFrame(reference, request.imagePixel);
  };
  expect(described(whole).ok).toBe(true);
  expect(described(lacking)).toMatchObject({ ok: false, failure: { code: "table-missing" } });
});

test("a request for a frame says what it is going to be encoded in", () => {
  const { request } = firstFrameOf(
    madeInstance(1, { AvailableTransferSyntaxUID: "1.2.840.10008.1.2.5" }),
  );
  expect(request.expectedTransferSyntaxUid).toBe("1.2.840.10008.1.2.5");
});
