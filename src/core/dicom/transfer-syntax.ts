/** How the frames of a transfer syntax are encoded. */
export type FrameEncoding =
  | "native"
  | "rle"
  | "jpeg-baseline"
  | "jpeg-extended"
  | "jpeg-lossless"
  | "jpeg-ls"
  | "jpeg-2000"
  | "htj2k"
  | "jpeg-xl"
  | "video"
  | "deflated-frame"
  | "reference";

/** A transfer syntax as data (PS3.6 table A-1, PS3.5 annex A). */
export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly littleEndian: boolean;
  readonly explicitVr: boolean;
  readonly isDeflated: boolean;
  readonly isEncapsulated: boolean;
  readonly frameEncoding: FrameEncoding;
  /** Whether the encoding can only be, or may be, lossy. */
  readonly loss: "never" | "possible" | "always";
  /** Media type of a frame in WADO-RS (PS3.18 table 8.7.3-5). */
  readonly mediaType: string;
}

export const IMPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2";
export const EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
const DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1.99";
export const EXPLICIT_VR_BIG_ENDIAN = "1.2.840.10008.1.2.2";
export const JPEG_BASELINE = "1.2.840.10008.1.2.4.50";
export const JPEG_2000_LOSSLESS = "1.2.840.10008.1.2.4.90";
export const RLE_LOSSLESS = "1.2.840.10008.1.2.5";

/** Every transfer syntax that is known here, whether or not its frames can be decoded. */
export const TRANSFER_SYNTAXES: readonly TransferSyntax[] = [
  uncompressed(IMPLICIT_VR_LITTLE_ENDIAN, "Implicit VR Little Endian", { explicitVr: false }),
  uncompressed(EXPLICIT_VR_LITTLE_ENDIAN, "Explicit VR Little Endian", {}),
  uncompressed(DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, "Deflated Explicit VR Little Endian", {
    isDeflated: true,
  }),
  uncompressed(EXPLICIT_VR_BIG_ENDIAN, "Explicit VR Big Endian", { littleEndian: false }),
  encapsulated(
    "1.2.840.10008.1.2.1.98",
    "Encapsulated Uncompressed Explicit VR Little Endian",
    "native",
    "never",
    "application/octet-stream",
  ),
  encapsulated(JPEG_BASELINE, "JPEG Baseline", "jpeg-baseline", "always", "image/jpeg"),
  encapsulated("1.2.840.10008.1.2.4.51", "JPEG Extended", "jpeg-extended", "always", "image/jpeg"),
  encapsulated(
    "1.2.840.10008.1.2.4.53",
    "JPEG Spectral Selection (retired)",
    "jpeg-extended",
    "always",
    "image/jpeg",
  ),
  encapsulated(
    "1.2.840.10008.1.2.4.55",
    "JPEG Full Progression (retired)",
    "jpeg-extended",
    "always",
    "image/jpeg",
  ),
  encapsulated("1.2.840.10008.1.2.4.57", "JPEG Lossless", "jpeg-lossless", "never", "image/jpeg"),
  encapsulated(
    "1.2.840.10008.1.2.4.70",
    "JPEG Lossless SV1",
    "jpeg-lossless",
    "never",
    "image/jpeg",
  ),
  encapsulated("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless", "jpeg-ls", "never", "image/jls"),
  encapsulated(
    "1.2.840.10008.1.2.4.81",
    "JPEG-LS Near-Lossless",
    "jpeg-ls",
    "possible",
    "image/jls",
  ),
  encapsulated(JPEG_2000_LOSSLESS, "JPEG 2000 Lossless", "jpeg-2000", "never", "image/jp2"),
  encapsulated("1.2.840.10008.1.2.4.91", "JPEG 2000", "jpeg-2000", "possible", "image/jp2"),
  encapsulated(
    "1.2.840.10008.1.2.4.92",
    "JPEG 2000 Part 2 Lossless",
    "jpeg-2000",
    "never",
    "image/jpx",
  ),
  encapsulated("1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2", "jpeg-2000", "possible", "image/jpx"),
  referenced("1.2.840.10008.1.2.4.94", "JPIP Referenced", false),
  referenced("1.2.840.10008.1.2.4.95", "JPIP Referenced Deflate", true),
  encapsulated("1.2.840.10008.1.2.4.100", "MPEG-2 Main Profile", "video", "always", "video/mpeg"),
  encapsulated(
    "1.2.840.10008.1.2.4.100.1",
    "Fragmentable MPEG-2 Main Profile",
    "video",
    "always",
    "video/mpeg",
  ),
  encapsulated("1.2.840.10008.1.2.4.101", "MPEG-2 High Profile", "video", "always", "video/mpeg"),
  encapsulated(
    "1.2.840.10008.1.2.4.101.1",
    "Fragmentable MPEG-2 High Profile",
    "video",
    "always",
    "video/mpeg",
  ),
  encapsulated(
    "1.2.840.10008.1.2.4.102",
    "MPEG-4 AVC/H.264 High Profile",
    "video",
    "always",
    "video/mp4",
  ),
  encapsulated(
    "1.2.840.10008.1.2.4.102.1",
    "Fragmentable MPEG-4 AVC/H.264 High Profile",
    "video",
    "always",
    "video/mp4",
  ),
  encapsulated(
    "1.2.840.10008.1.2.4.103",
    "MPEG-4 AVC/H.264 BD-compatible",
    "video",
    "always",
    "video/mp4",
  ),
  encapsulated(
    "1.2.840.10008.1.2.4.103.1",
    "Fragmentable MPEG-4 AVC/H.264 BD-compatible",
    "video",
    "always",
    "video/mp4",
  ),
  encapsulated(
    "1.2.840.10008.1.2.4.104",
    "MPEG-4 AVC/H.264 High Profile for 2D",
    "video",
    "always",
    "video/mp4",
  ),
  encapsulated(
    "1.2.840.10008.1.2.4.104.1",
    "Fragmentable MPEG-4 AVC/H.264 High Profile for 2D",
    "video",
    "always",
    "video/mp4",
  ),
  encapsulated(
    "1.2.840.10008.1.2.4.105",
    "MPEG-4 AVC/H.264 High Profile for 3D",
    "video",
    "always",
    "video/mp4",
  ),
  encapsulated(
    "1.2.840.10008.1.2.4.105.1",
    "Fragmentable MPEG-4 AVC/H.264 High Profile for 3D",
    "video",
    "always",
    "video/mp4",
  ),
  encapsulated(
    "1.2.840.10008.1.2.4.106",
    "MPEG-4 AVC/H.264 Stereo High Profile",
    "video",
    "always",
    "video/mp4",
  ),
  encapsulated(
    "1.2.840.10008.1.2.4.106.1",
    "Fragmentable MPEG-4 AVC/H.264 Stereo High Profile",
    "video",
    "always",
    "video/mp4",
  ),
  encapsulated(
    "1.2.840.10008.1.2.4.107",
    "HEVC/H.265 Main Profile",
    "video",
    "always",
    "video/mp4",
  ),
  encapsulated(
    "1.2.840.10008.1.2.4.108",
    "HEVC/H.265 Main 10 Profile",
    "video",
    "always",
    "video/mp4",
  ),
  encapsulated("1.2.840.10008.1.2.4.110", "JPEG XL Lossless", "jpeg-xl", "never", "image/jxl"),
  encapsulated(
    "1.2.840.10008.1.2.4.111",
    "JPEG XL JPEG Recompression",
    "jpeg-xl",
    "always",
    "image/jxl",
  ),
  encapsulated("1.2.840.10008.1.2.4.112", "JPEG XL", "jpeg-xl", "possible", "image/jxl"),
  encapsulated("1.2.840.10008.1.2.4.201", "HTJ2K Lossless", "htj2k", "never", "image/jphc"),
  encapsulated("1.2.840.10008.1.2.4.202", "HTJ2K Lossless RPCL", "htj2k", "never", "image/jphc"),
  encapsulated("1.2.840.10008.1.2.4.203", "HTJ2K", "htj2k", "possible", "image/jphc"),
  referenced("1.2.840.10008.1.2.4.204", "JPIP HTJ2K Referenced", false),
  referenced("1.2.840.10008.1.2.4.205", "JPIP HTJ2K Referenced Deflate", true),
  encapsulated(RLE_LOSSLESS, "RLE Lossless", "rle", "never", "image/dicom-rle"),
  encapsulated(
    "1.2.840.10008.1.2.8.1",
    "Deflated Image Frame Compression",
    "deflated-frame",
    "never",
    "application/octet-stream",
  ),
];

const BY_UID: ReadonlyMap<string, TransferSyntax> = new Map(
  TRANSFER_SYNTAXES.map((syntax) => [syntax.uid, syntax]),
);

/** The transfer syntax of a UID, or undefined when nobody here knows it. */
export function transferSyntaxOf(uid: string): TransferSyntax | undefined {
  return BY_UID.get(uid);
}

function uncompressed(
  uid: string,
  name: string,
  facts: Partial<Pick<TransferSyntax, "explicitVr" | "littleEndian" | "isDeflated">>,
): TransferSyntax {
  return {
    uid,
    name,
    littleEndian: true,
    explicitVr: true,
    isDeflated: false,
    ...facts,
    isEncapsulated: false,
    frameEncoding: "native",
    loss: "never",
    mediaType: "application/octet-stream",
  };
}

function encapsulated(
  uid: string,
  name: string,
  frameEncoding: FrameEncoding,
  loss: TransferSyntax["loss"],
  mediaType: string,
): TransferSyntax {
  return {
    uid,
    name,
    littleEndian: true,
    explicitVr: true,
    isDeflated: false,
    isEncapsulated: true,
    frameEncoding,
    loss,
    mediaType,
  };
}

/** A syntax without pixel data of its own: Pixel Data Provider URL says where they are (PS3.5 section A.6). */
function referenced(uid: string, name: string, isDeflated: boolean): TransferSyntax {
  return {
    ...encapsulated(uid, name, "reference", "possible", "application/octet-stream"),
    isDeflated,
    isEncapsulated: false,
  };
}
