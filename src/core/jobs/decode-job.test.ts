import { describe, expect, it } from "vitest";
import { DECODE_LIMITS, decodeJob } from "./decode-job.ts";

const MEGABYTE = 1024 * 1024;

/** The job of a frame of so many bytes, of which 1000 are left of it. */
function jobOf(decodedBytes: number) {
  const imagePixel = {
    rows: 1024,
    columns: decodedBytes / 1024,
    samplesPerPixel: 1,
    photometricInterpretation: "MONOCHROME2",
    planarConfiguration: 0,
    bitsAllocated: 8,
    bitsStored: 8,
    highBit: 7,
    pixelRepresentation: 0,
    sampleKind: "integer",
    numberOfFrames: 1,
  } as const;
  return decodeJob({ encoded: new Uint8Array(1000), transferSyntaxUid: "1.2.3", imagePixel }, 0);
}

describe("decodeJob", () => {
  it("gives 2 s and one more for each megabyte that comes out, and 5 minutes at most", () => {
    expect(jobOf(3 * MEGABYTE).timeoutMs).toBe(5000);
    expect(jobOf(1024 * MEGABYTE).timeoutMs).toBe(300_000);
  });

  it("counts what a codec takes while it works, so that large frames do not run side by side", () => {
    const mammogram = jobOf(30 * MEGABYTE).runningBytes;
    expect(4 * mammogram).toBeLessThan(DECODE_LIMITS.maximumRunningBytes);
    const slide = jobOf(100 * MEGABYTE).runningBytes;
    expect(2 * slide).toBeGreaterThan(DECODE_LIMITS.maximumRunningBytes);
  });
});
