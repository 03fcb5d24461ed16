import { expect, test } from "vitest";
import { buildDataSet } from "./data-set-builder.ts";
import { readDataSet } from "./data-set-reader.ts";
import { writeDataSet } from "./data-set-writer.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN } from "./transfer-syntax.ts";

const PATIENT_NAME = 0x00100010;
const SCHEDULED_STEPS = 0x00400100;
const MODALITY = 0x00080060;

const made = buildDataSet({
  SpecificCharacterSet: "ISO_IR 192",
  PatientName: "Ωμέγα",
  Rows: 512,
  ScheduledProcedureStepSequence: [{ Modality: "CT", ScheduledStationName: "Σ" }],
});

test.each([
  ["implicit", IMPLICIT_VR_LITTLE_ENDIAN],
  ["explicit", EXPLICIT_VR_LITTLE_ENDIAN],
])("what is written with %s VR reads back the same", (kind, transferSyntaxUid) => {
  const bytes = writeDataSet(made, { isImplicit: kind === "implicit" });
  const read = readDataSet(bytes, { transferSyntaxUid });
  expect(read.string(PATIENT_NAME)).toBe("Ωμέγα");
  expect(read.number(0x00280010)).toBe(512);
  const [step] = read.items(SCHEDULED_STEPS);
  expect(step?.string(MODALITY)).toBe("CT");
  expect(step?.string(0x00400010)).toBe("Σ");
});

test("an implicit header is a tag and 32 bits of length", () => {
  const bytes = writeDataSet(buildDataSet({ Modality: "CT" }), { isImplicit: true });
  expect([...bytes]).toEqual([0x08, 0, 0x60, 0, 2, 0, 0, 0, 0x43, 0x54]);
});

test("a data set in another encoding than declared is read as it looks", () => {
  const bytes = writeDataSet(made, { isImplicit: true });
  const read = readDataSet(bytes, { transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN });
  expect(read.string(PATIENT_NAME)).toBe("Ωμέγα");
});

test.each([{}, { SpecificCharacterSet: null }])(
  "text without a declared character set is in the fallback (%j)",
  (declaration) => {
    const plain = buildDataSet({ ...declaration, PatientName: "XX" });
    const bytes = writeDataSet(plain);
    bytes[bytes.byteLength - 2] = 0xd8;
    bytes[bytes.byteLength - 1] = 0xde;
    const reading = { transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN };
    const read = readDataSet(bytes, { ...reading, fallbackCharacterSet: ["ISO_IR 144"] });
    expect(read.string(PATIENT_NAME)).toBe("ио");
  },
);

test("a data set that ends inside a value is refused", () => {
  const bytes = writeDataSet(made);
  for (const length of [bytes.byteLength - 1, bytes.byteLength - 5])
    expect(() =>
      readDataSet(bytes.slice(0, length), { transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN }),
    ).toThrow(expect.objectContaining({ code: "truncated" }));
});

test("a data set without elements is empty", () => {
  const read = readDataSet(new Uint8Array(0), { transferSyntaxUid: IMPLICIT_VR_LITTLE_ENDIAN });
  expect(read.elements.size).toBe(0);
});
