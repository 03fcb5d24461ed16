import type { EncapsulatedPixelData } from "./data-set.ts";
import { parseFragments } from "./data-set-parser.ts";
import type { Deviation } from "./deviation.ts";
import { DeviationLog } from "./deviation-log.ts";
import type { DicomFile, PixelDataLocation } from "./dicom-file.ts";
import { ParseState } from "./parse-state.ts";
import { SourceWindow } from "./source-window.ts";

/** The fragments of a file that was read up to its pixel data, and what is wrong with them. */
export async function readFragments(
  file: DicomFile,
  pixelData: Extract<PixelDataLocation, { kind: "encapsulated" }>,
  signal?: AbortSignal,
): Promise<{ readonly value: EncapsulatedPixelData; readonly deviations: readonly Deviation[] }> {
  const log = new DeviationLog();
  const window = new SourceWindow(file.source, signal);
  const state = new ParseState(
    window,
    pixelData.offset,
    { explicitVr: true, littleEndian: true },
    { inlineLimit: 0, stopAtPixelData: false, isMeta: false },
    log,
  );
  const value = await parseFragments(state, {
    kind: "fragments",
    tag: pixelData.tag,
    vr: pixelData.vr,
    offset: pixelData.offset,
    littleEndian: true,
    basicOffsetTable: undefined,
    fragments: [],
  });
  return { value, deviations: log.deviations };
}
