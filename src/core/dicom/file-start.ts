import type { DeviationLog } from "./deviation-log.ts";
import { DicomError } from "./dicom-error.ts";
import { guessEncoding, looksLikeStart } from "./guess-encoding.ts";
import type { SourceWindow } from "./source-window.ts";

const PREFIX = 0x4449434d;
const PREAMBLE_BYTES = 128;
const STRAY_BYTES = 16;

/**
 * Offset of the first element: after preamble and prefix (PS3.10 section 7.1), or at the start of files that have
 * neither. The preamble is never interpreted.
 * @throws DicomError `not-dicom`
 */
export function findFirstElement(window: SourceWindow, log: DeviationLog): number {
  const afterPrefix = PREAMBLE_BYTES + 4;
  const hasPrefix = isPrefix(window, PREAMBLE_BYTES);
  // Without a preamble, the four letters may stand at this place inside a value.
  if (hasPrefix && (looksLikeStart(window, afterPrefix) || !looksLikeStart(window, 0)))
    return afterPrefix;
  if (isPrefix(window, 0)) {
    log.add("no-preamble", "The file has no preamble", { offset: 0 });
    return 4;
  }
  const first = findBareElement(window);
  if (first === undefined) throw new DicomError("not-dicom", "This is not a DICOM file");
  log.add("no-preamble", "The file has neither preamble nor prefix", { offset: 0 });
  if (first > 0)
    log.add("leading-bytes", "Bytes of no meaning precede the data set", { offset: 0 });
  return first;
}

/** Offset of the first element of a file without prefix; before explicit ones a few stray bytes are passed over. */
function findBareElement(window: SourceWindow): number | undefined {
  if (looksLikeStart(window, 0)) return 0;
  for (let offset = 1; offset <= STRAY_BYTES; offset++)
    if (looksLikeStart(window, offset) && guessEncoding(window, offset)?.explicitVr) return offset;
  return undefined;
}

function isPrefix(window: SourceWindow, offset: number): boolean {
  return window.holds(offset, 4) && window.view.getUint32(offset - window.start) === PREFIX;
}
