/**
 * How a kernel ended. Plain numbers, so that one file serves the kernels, which return them, and the adapters, which
 * turn them into errors.
 */
export const OK = 0;
/** The encoded bytes end before the frame does. */
export const TRUNCATED = 1;
/** The memory may not grow as far as the frame needs. */
export const OUT_OF_MEMORY = 2;
/** A marker segment has a length or a value that ITU-T T.81 forbids. */
export const BAD_SEGMENT = 3;
/** A scan names a table that was not defined. */
export const MISSING_TABLE = 4;
/** Bits that are no code of the Huffman table, or a coefficient beyond the end of its block. */
export const BAD_CODE = 5;
/** A scan header contradicts the frame header or the scans before it. */
export const BAD_SCAN = 6;
/** A restart marker is missing, or stands where none belongs. */
export const BAD_RESTART = 7;
/** More data than the samples need: rows are missing, or the data is not what its header says. */
export const EXCESS_DATA = 8;
/** A component is in no scan, or scans that would complete its coefficients are missing. */
export const MISSING_SCAN = 9;
/** Subsampling that is not decoded here. */
export const UNSUPPORTED_SAMPLING = 10;
/** The frame header is not the one that was checked before. */
export const OTHER_FRAME = 11;
/** Another coding process of T.81. */
export const UNSUPPORTED_PROCESS = 12;
/** The header of an RLE frame has another number of segments than the frame needs. */
export const BAD_SEGMENT_COUNT = 13;
/** A segment of an RLE frame lies within its header. */
export const BAD_SEGMENT_OFFSET = 14;
/** More scans than any encoder makes. */
export const TOO_MANY_SCANS = 15;
