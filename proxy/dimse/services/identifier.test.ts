import fc from "fast-check";
import { expect, test } from "vitest";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { DimseError } from "../dimse-error.ts";
import { decodeIdentifier, encodeIdentifier } from "./identifier.ts";

const SYNTAXES = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"];
const context = (transferSyntaxUid = "") => ({
  id: 1,
  abstractSyntaxUid: "1.2.840.10008.5.1.4.1.2.2.1",
  transferSyntaxUid,
  roles: { scu: true, scp: false },
});

const VALID = buildDataSet({
  SpecificCharacterSet: ["", "ISO 2022 IR 87"],
  QueryRetrieveLevel: "STUDY",
  PatientName: "Yamada^Tarou=山田^太郎",
  StudyInstanceUID: "2.25.1\\2.25.2",
  NumberOfStudyRelatedInstances: 12,
  ScheduledProcedureStepSequence: [{ Modality: "CT" }, { ScheduledStationName: "A" }],
});

test.each(SYNTAXES)("an identifier reads back as it was written in %s", (syntax) => {
  const bytes = Uint8Array.from(encodeIdentifier(VALID, context(syntax)));
  const read = decodeIdentifier(bytes, context(syntax));
  for (const tag of [0x00100010, 0x0020000d, 0x00080052])
    expect(read.strings(tag)).toEqual(VALID.strings(tag));
  expect(read.items(0x00400100).length).toBe(2);
});

/** Reads everything that is in the identifier, as whoever uses it would. */
function readAll(bytes: Uint8Array<ArrayBuffer>, syntax: string): void {
  try {
    const dataSet = decodeIdentifier(bytes, context(syntax), ["ISO_IR 13"]);
    for (const tag of dataSet.elements.keys()) {
      dataSet.strings(tag);
      dataSet.numbers(tag);
      dataSet.items(tag);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(DimseError);
    expect(error).toMatchObject({ code: "protocol-violation" });
  }
}

test.each(SYNTAXES)("any bytes are an identifier or a violation, in %s", (syntax) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) =>
      readAll(Uint8Array.from(bytes), syntax),
    ),
    { numRuns: 2000 },
  );
});

test.each(SYNTAXES)("a damaged identifier is one or a violation, in %s", (syntax) => {
  const valid = Uint8Array.from(encodeIdentifier(VALID, context(syntax)));
  const at = fc.integer({ min: 0, max: valid.byteLength - 1 });
  const damages = fc.array(fc.tuple(at, fc.integer({ min: 0, max: 255 })), { maxLength: 6 });
  fc.assert(
    fc.property(damages, at, (bytes, end) => {
      const damaged = valid.slice(0, valid.byteLength - (end % 3 === 0 ? end : 0));
      for (const [offset, value] of bytes) damaged[offset % damaged.byteLength] = value;
      readAll(damaged, syntax);
    }),
    { numRuns: 2000 },
  );
});
