import { describe, expect, it } from "vitest";
import type { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { RetrieveError } from "../retrieve/study-source.ts";
import { madeInstance } from "./fake/made-study.ts";
import { studyCompleteness } from "./study-completeness.ts";
import { StudySession } from "./study-session.ts";

const JPEG_LS = "1.2.840.10008.1.2.4.80";
const JPIP = "1.2.840.10008.1.2.4.94";
const MPEG_4 = "1.2.840.10008.1.2.4.102";
const IDENTITY = {
  StudyInstanceUID: "1.2.3",
  SeriesInstanceUID: "1.2.3.5",
  SOPInstanceUID: "1.2.3.5.1",
};

async function opened(instances: readonly DataSet[]): Promise<StudySession> {
  const session = new StudySession({
    async *loadStudy() {
      yield { instances, origin: { kind: "archive", fetchedAt: new Date(0) } };
    },
  });
  await session.open("1.2.3");
  return session;
}

function fails(session: StudySession, number: number, code: string): void {
  const failure = { code, message: `It is ${code}`, advice: "" };
  session.noteProblem({
    seriesInstanceUid: "1.2.3.4",
    sopInstanceUid: `1.2.3.4.${number}`,
    failure,
  });
}

describe("the completeness of a study", () => {
  it("loses every image that is stored like one that nothing here decodes, looked at or not", async () => {
    const session = await opened([
      madeInstance(1, { AvailableTransferSyntaxUID: JPEG_LS }),
      madeInstance(2, { AvailableTransferSyntaxUID: JPEG_LS }),
      madeInstance(3),
    ]);
    expect(studyCompleteness(session)).toMatchObject({ available: 3, missing: [] });
    fails(session, 1, "unsupported-transfer-syntax");
    expect(studyCompleteness(session)).toMatchObject({
      available: 1,
      total: 3,
      missing: [{ count: 2, unit: "image", reason: "It is unsupported-transfer-syntax" }],
    });
  });

  it("loses what is stored as nothing decodes before anybody looks at it", async () => {
    const session = await opened([
      madeInstance(1, { NumberOfFrames: 4, AvailableTransferSyntaxUID: JPIP }),
      madeInstance(2),
    ]);
    expect(studyCompleteness(session)).toMatchObject({
      available: 1,
      total: 5,
      missing: [{ count: 4, unit: "image", reason: "The pixels are kept on a JPIP server." }],
    });
  });

  it("counts videos and waveforms as such, not as images", async () => {
    const session = await opened([
      madeInstance(1, { NumberOfFrames: 50, AvailableTransferSyntaxUID: MPEG_4 }),
      buildDataSet({ ...IDENTITY, SOPClassUID: "1.2.840.10008.5.1.4.1.1.9.1.1" }),
      madeInstance(2),
    ]);
    expect(studyCompleteness(session)).toMatchObject({
      available: 1,
      total: 1,
      videos: 1,
      waveforms: 1,
      others: 0,
      missing: [],
    });
  });

  it("does not call presentation states and key objects things that are not displayed", async () => {
    const sopClasses = ["11.1", "88.59", "66"];
    const session = await opened(
      sopClasses.map((suffix, at) =>
        buildDataSet({
          ...IDENTITY,
          SOPClassUID: `1.2.840.10008.5.1.4.1.1.${suffix}`,
          SOPInstanceUID: `1.2.9.${at}`,
        }),
      ),
    );
    // Raw data alone.
    expect(studyCompleteness(session).others).toBe(1);
  });

  it("loses all frames of an instance that cannot be decoded, and one where one is broken", async () => {
    const session = await opened([
      madeInstance(1, { NumberOfFrames: 30, AvailableTransferSyntaxUID: JPEG_LS }),
      madeInstance(2, { NumberOfFrames: 5 }),
    ]);
    fails(session, 1, "unsupported-transfer-syntax");
    fails(session, 2, "truncated");
    expect(studyCompleteness(session)).toMatchObject({ available: 4, total: 35 });
  });

  it("counts an image without a usable matrix as missing, and not as another object too", async () => {
    const session = await opened([madeInstance(1), madeInstance(2, { Rows: 0 })]);
    expect(studyCompleteness(session)).toMatchObject({
      available: 1,
      total: 2,
      others: 0,
      missing: [{ count: 1 }],
    });
  });

  it("names the stack that the lost image belongs to", async () => {
    const wide = { Columns: 32, SeriesDescription: undefined };
    const session = await opened([
      madeInstance(1, { SeriesDescription: undefined }),
      madeInstance(2, { SeriesDescription: undefined }),
      madeInstance(3, wide),
      madeInstance(4, wide),
    ]);
    fails(session, 4, "truncated");
    expect(studyCompleteness(session).missing.map(({ series }) => series)).toEqual([
      "Series 3 · axial 32x64",
    ]);
  });

  it("is never whole when the study broke off, and names what did not come by the reason", async () => {
    const session = new StudySession({
      async *loadStudy() {
        yield { instances: [madeInstance(1)], origin: { kind: "archive", fetchedAt: new Date(0) } };
        throw new RetrieveError("not-retrieved", "The PACS aborted.");
      },
    });
    await session.open("1.2.3");
    expect(studyCompleteness(session)).toMatchObject({ isCut: true, missing: [] });
    session.expect(3);
    expect(studyCompleteness(session).missing).toMatchObject([
      { count: 2, unit: "object", reason: "The PACS aborted." },
    ]);
  });
});
