import { objectKindOf, sopClassName } from "../dicom/sop-class.ts";

/** What an object is to a person who looks for images. */
export interface ObjectKind {
  readonly kind:
    | "image"
    | "report"
    | "document"
    | "presentation-state"
    | "key-objects"
    | "waveform"
    | "unsupported";
  /** What it is called, with a capital: `Encapsulated PDF`. */
  readonly name: string;
}

/**
 * What an object is, by its SOP class and by whether it has pixels: whatever has a pixel matrix is an image, known
 * class or not; the rest is named as well as can be.
 */
export function objectKind(sopClassUid: string, hasPixels: boolean): ObjectKind {
  const name = sopClassName(sopClassUid) ?? "Object of an unknown kind";
  if (hasPixels) return { kind: "image", name };
  const kind = objectKindOf(sopClassUid);
  switch (kind) {
    case "report":
    case "document":
    case "presentation-state":
    case "key-objects":
    case "waveform":
      return { kind, name };
    default:
      return { kind: "unsupported", name };
  }
}
