/** JPIP: the pixels are on another server, which speaks a protocol of its own (PS3.5 A.6). */
const REFERENCED = /^1\.2\.840\.10008\.1\.2\.4\.(94|95|204|205)$/;

/** Retired processes of JPEG: arithmetic coding and hierarchical images, which nobody decodes (PS3.6 table A-1). */
const RETIRED_JPEG = /^1\.2\.840\.10008\.1\.2\.4\.(52|54|56|58|59|6[0-6])$/;

/**
 * Why frames of a transfer syntax cannot be decoded here, one sentence, as far as that is known without the codecs;
 * undefined where it takes a try. So that what will not be seen is counted before anybody looks at it (safety C6).
 */
export function undecodableReason(transferSyntaxUid: string): string | undefined {
  if (REFERENCED.test(transferSyntaxUid)) return "The pixels are kept on a JPIP server.";
  if (RETIRED_JPEG.test(transferSyntaxUid)) return "It is compressed by a retired kind of JPEG.";
  return undefined;
}
