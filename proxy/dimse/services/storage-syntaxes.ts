import { namedSopClassUids, sopClassName, storageKindOf } from "#core/dicom/sop-class-names.ts";
import {
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  JPEG_2000_LOSSLESS,
  JPEG_BASELINE,
  RLE_LOSSLESS,
  TRANSFER_SYNTAXES,
} from "#core/dicom/transfer-syntax.ts";

/** Root of the storage SOP classes (PS3.4 table B.5-1). */
export const STORAGE_ROOT = "1.2.840.10008.5.1.4.1.1.";

/** What every archive can send, converting at most the order or the form of headers. */
export const UNCOMPRESSED: readonly string[] = [
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
];

const JPEG_LOSSLESS_SV1 = "1.2.840.10008.1.2.4.70";
const JPEG_LS_LOSSLESS = "1.2.840.10008.1.2.4.80";
const JPEG_2000 = "1.2.840.10008.1.2.4.91";
const DEFLATED_FRAME = "1.2.840.10008.1.2.8.1";

/** Syntaxes of images, as often as they are met. */
const IMAGE_LIKELY: readonly string[] = [
  EXPLICIT_VR_LITTLE_ENDIAN,
  JPEG_LOSSLESS_SV1,
  JPEG_2000_LOSSLESS,
  IMPLICIT_VR_LITTLE_ENDIAN,
  JPEG_BASELINE,
  JPEG_LS_LOSSLESS,
  RLE_LOSSLESS,
  JPEG_2000,
  "1.2.840.10008.1.2.4.81",
  "1.2.840.10008.1.2.4.57",
  "1.2.840.10008.1.2.4.51",
  "1.2.840.10008.1.2.4.201",
  "1.2.840.10008.1.2.4.202",
  "1.2.840.10008.1.2.4.203",
  "1.2.840.10008.1.2.4.110",
  "1.2.840.10008.1.2.4.111",
  "1.2.840.10008.1.2.4.112",
];

const VIDEO: readonly string[] = TRANSFER_SYNTAXES.filter(
  ({ frameEncoding }) => frameEncoding === "video",
).map(({ uid }) => uid);

/** MPEG-2 and MPEG-4, which nearly all videos are. */
const VIDEO_LIKELY: readonly string[] = [
  "1.2.840.10008.1.2.4.102",
  "1.2.840.10008.1.2.4.103",
  "1.2.840.10008.1.2.4.100",
  "1.2.840.10008.1.2.4.101",
  "1.2.840.10008.1.2.4.107",
];

/** Classes, after the root, whose objects may be videos (PS3.5 section 8.2). */
const VIDEO_CLASSES = /^(3\.1|7\.4|12\.[12]|77\.1\.[124](\.1)?|77\.1\.5\.[12])$/;

/** Syntaxes that objects of one SOP class may be stored in. */
export interface LikelySyntaxes {
  /** For each of them there has to be a context. */
  readonly likely: readonly string[];
  /** For these where there is room. */
  readonly rare: readonly string[];
}

/** In which syntaxes objects of the SOP class are stored, the likeliest first. */
export function likelySyntaxes(sopClassUid: string): LikelySyntaxes {
  const likely = likelyOf(sopClassUid);
  const isVideo = likely === VIDEO_CLASS_LIKELY;
  const others = isPixels(sopClassUid) ? PIXEL_SYNTAXES : DATA_SYNTAXES;
  const rare = isVideo ? [...others, ...VIDEO] : others;
  return { likely, rare: rare.filter((uid) => !likely.includes(uid)) };
}

const VIDEO_CLASS_LIKELY = [...VIDEO_LIKELY, ...IMAGE_LIKELY];
const SEGMENTATION_LIKELY = [...UNCOMPRESSED, RLE_LOSSLESS, DEFLATED_FRAME, JPEG_2000_LOSSLESS];
/** Objects without pixels. */
const DATA_SYNTAXES = [...UNCOMPRESSED, "1.2.840.10008.1.2.1.99", EXPLICIT_VR_BIG_ENDIAN];
/** Objects with frames that are no video; JPIP, which has none, is left out. */
const PIXEL_SYNTAXES = TRANSFER_SYNTAXES.filter(
  ({ frameEncoding }) => frameEncoding !== "video" && frameEncoding !== "reference",
).map(({ uid }) => uid);

function likelyOf(sopClassUid: string): readonly string[] {
  if (!isPixels(sopClassUid)) return UNCOMPRESSED;
  if (storageKindOf(sopClassUid) === "segmentation") return SEGMENTATION_LIKELY;
  const suffix = sopClassUid.startsWith(STORAGE_ROOT) ? sopClassUid.slice(STORAGE_ROOT.length) : "";
  return VIDEO_CLASSES.test(suffix) ? VIDEO_CLASS_LIKELY : IMAGE_LIKELY;
}

/** Whether objects of the class may have compressed pixels: also those of classes that nobody here knows. */
function isPixels(sopClassUid: string): boolean {
  if (sopClassName(sopClassUid) === undefined) return true;
  const kind = storageKindOf(sopClassUid);
  return kind === "image" || kind === "segmentation" || kind === "parametric-map";
}

/** Classes, after the root, that series of a modality hold, the likeliest first. */
const BY_MODALITY: Readonly<Record<string, readonly string[]>> = {
  CT: ["2", "2.1", "2.2"],
  MR: ["4", "4.1", "4.4", "4.3", "4.2"],
  US: ["6.1", "3.1", "6", "3", "6.2", "6.3"],
  IVUS: ["3.1", "6.1"],
  CR: ["1"],
  DX: ["1.1", "1.1.1"],
  DR: ["1.1", "1"],
  MG: ["1.2", "13.1.3", "1.2.1", "13.1.4", "13.1.5"],
  IO: ["1.3", "1.3.1"],
  PX: ["1.1", "1"],
  XA: ["12.1", "12.1.1", "13.1.1", "13.1.2"],
  RF: ["12.2", "12.2.1", "12.1"],
  NM: ["20", "5"],
  PT: ["128", "130", "128.1"],
  OT: ["7", "7.4", "7.2", "7.3", "7.1"],
  SC: ["7", "7.4", "7.2", "7.3", "7.1"],
  ES: ["77.1.1.1", "77.1.1"],
  XC: ["77.1.4", "77.1.4.1"],
  GM: ["77.1.2", "77.1.2.1"],
  SM: ["77.1.6", "77.1.3", "77.1.2"],
  OP: ["77.1.5.1", "77.1.5.2", "77.1.5.5", "77.1.5.6"],
  OPT: ["77.1.5.4", "77.1.5.8", "77.1.5.7"],
  OCT: ["14.1", "14.2"],
  IVOCT: ["14.1", "14.2"],
  DMS: ["77.1.7", "77.1.4"],
  RTIMAGE: ["481.1", "481.23"],
  RTDOSE: ["481.2"],
  RTSTRUCT: ["481.3"],
  RTPLAN: ["481.5", "481.8"],
  RTRECORD: ["481.4", "481.9", "481.6", "481.7"],
  SR: ["88.33", "88.22", "88.11", "88.67", "88.34", "88.35", "88.50", "88.65", "88.68", "88.71"],
  KO: ["88.59"],
  PR: ["11.1", "11.2", "11.3", "11.4", "11.5", "11.8", "11.12"],
  SEG: ["66.4", "66.7", "66.5"],
  REG: ["66.1", "66.3"],
  FID: ["66.2"],
  ECG: ["9.1.1", "9.1.2", "9.1.3", "9.1.4"],
  HD: ["9.2.1"],
  EPS: ["9.3.1"],
  EEG: ["9.7.1"],
  AU: ["9.4.1", "9.4.2"],
  DOC: ["104.1", "104.2"],
  M3D: ["104.3", "104.4", "104.5"],
};

/** What may be in a series of any modality. */
const ANYWHERE: readonly string[] = ["7", "7.4"];

/** SOP classes of series of the modalities, the likeliest first; all that have a name where no modality is known here. */
export function likelyClasses(modalities: readonly string[]): readonly string[] {
  const known = modalities.flatMap((modality) => BY_MODALITY[modality] ?? []);
  if (known.length > 0)
    return [...new Set([...known, ...ANYWHERE])].map((suffix) => STORAGE_ROOT + suffix);
  const frequent = Object.values(BY_MODALITY).flat();
  return [...new Set([...frequent.map((suffix) => STORAGE_ROOT + suffix), ...namedSopClassUids()])];
}
