/** What an object is to a person who looks for images. */
export interface ObjectKind {
  readonly kind:
    | "image"
    | "report"
    | "document"
    | "presentation-state"
    | "key-objects"
    | "unsupported";
  /** What it is called, with a capital: `Structured report`. */
  readonly name: string;
}

const IMAGE: ObjectKind = { kind: "image", name: "Image" };

/** Storage SOP classes by the first components of their UIDs that tell them apart, the longest match first (PS3.4 B.5). */
const KINDS: readonly (readonly [suffix: string, kind: ObjectKind])[] = [
  ["88.59", { kind: "key-objects", name: "Key object selection" }],
  ["88", { kind: "report", name: "Structured report" }],
  ["104.1", { kind: "document", name: "PDF document" }],
  ["104.2", { kind: "document", name: "CDA document" }],
  ["104", { kind: "document", name: "3D model" }],
  ["11", { kind: "presentation-state", name: "Presentation state" }],
  ["9", { kind: "unsupported", name: "Waveform" }],
  ["66.1", { kind: "unsupported", name: "Spatial registration" }],
  ["66.2", { kind: "unsupported", name: "Spatial fiducials" }],
  ["66.3", { kind: "unsupported", name: "Deformable registration" }],
  ["66.5", { kind: "unsupported", name: "Surface segmentation" }],
  ["66.6", { kind: "unsupported", name: "Tractography" }],
  ["66", { kind: "unsupported", name: "Raw data" }],
  ["67", { kind: "unsupported", name: "Real world value mapping" }],
  ["68", { kind: "unsupported", name: "Surface scan" }],
  ["79.1", { kind: "unsupported", name: "Macular grid report" }],
  ["4.2", { kind: "unsupported", name: "MR spectroscopy" }],
  ["481.3", { kind: "unsupported", name: "Radiotherapy structures" }],
  ["481.4", { kind: "unsupported", name: "Radiotherapy treatment record" }],
  ["481.5", { kind: "unsupported", name: "Radiotherapy plan" }],
  ["481", { kind: "unsupported", name: "Radiotherapy object" }],
  ["78", { kind: "unsupported", name: "Ophthalmic measurement" }],
];

const STORAGE_PREFIX = "1.2.840.10008.5.1.4.1.1.";

/**
 * What an object is, by its SOP class and by whether it has pixels: whatever has a pixel matrix is an image, known
 * class or not; the rest is named as well as can be.
 */
export function objectKind(sopClassUid: string, hasPixels: boolean): ObjectKind {
  if (hasPixels) return IMAGE;
  const suffix = sopClassUid.startsWith(STORAGE_PREFIX)
    ? sopClassUid.slice(STORAGE_PREFIX.length)
    : "";
  const known = KINDS.find(([start]) => suffix === start || suffix.startsWith(`${start}.`));
  return known?.[1] ?? { kind: "unsupported", name: "Object of an unknown kind" };
}
