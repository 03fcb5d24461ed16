import { msg, str } from "@lit/localize";
import type { PDFDocumentProxy, PDFPageProxy } from "pdfjs-dist";

/** Where a link of a page leads. */
export type LinkTarget =
  | { readonly kind: "address"; readonly address: string }
  /** A place in the document: its name, or what PDF calls an explicit destination. */
  | { readonly kind: "place"; readonly place: unknown };

/** A link on a page. */
export interface PdfLink {
  /** Corners in the space of the page. */
  readonly rectangle: readonly number[];
  readonly target: LinkTarget;
}

/** Links beyond this many on a page are left out: they would be no page to read. */
const MOST_LINKS = 500;

/** The links of a page that can be followed: into the document, or to a web address. Scripts and files are none. */
export async function linksOf(page: PDFPageProxy): Promise<readonly PdfLink[]> {
  const annotations: readonly unknown[] = await page.getAnnotations();
  return annotations.flatMap(readLink).slice(0, MOST_LINKS);
}

function readLink(annotation: unknown): readonly PdfLink[] {
  if (typeof annotation !== "object" || annotation === null) return [];
  const [subtype, rect, url, dest] = ["subtype", "rect", "url", "dest"].map((key): unknown =>
    Reflect.get(annotation, key),
  );
  if (subtype !== "Link" || !Array.isArray(rect) || rect.length !== 4) return [];
  const rectangle = rect.map(Number);
  if (typeof url === "string" && isWebAddress(url))
    return [{ rectangle, target: { kind: "address", address: url } }];
  if (typeof dest === "string" || Array.isArray(dest))
    return [{ rectangle, target: { kind: "place", place: dest } }];
  return [];
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Index of the page that a place is on, from 0; undefined where there is none. */
export async function pageOfPlace(
  pdf: PDFDocumentProxy,
  place: unknown,
): Promise<number | undefined> {
  const found: unknown = typeof place === "string" ? await pdf.getDestination(place) : place;
  const first: unknown = Array.isArray(found) ? found[0] : undefined;
  if (typeof first === "number") return Number.isInteger(first) ? first : undefined;
  return isReference(first) ? pdf.getPageIndex(first) : undefined;
}

function isReference(value: unknown): value is { readonly num: number; readonly gen: number } {
  if (typeof value !== "object" || value === null) return false;
  return [Reflect.get(value, "num"), Reflect.get(value, "gen")].every(Number.isInteger);
}

/**
 * A link as an element over the page. One that leads out of the document says where, and opens a tab that knows
 * nothing of this one.
 */
export function linkElement(
  target: LinkTarget,
  follow: (place: unknown) => void,
): HTMLAnchorElement | HTMLButtonElement {
  if (target.kind === "place") {
    const button = document.createElement("button");
    button.type = "button";
    button.ariaLabel = msg("Go to a place in the document");
    button.addEventListener("click", () => follow(target.place));
    return button;
  }
  const { address } = target;
  const link = document.createElement("a");
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.title = address;
  link.ariaLabel = msg(str`${address}, opens outside of the viewer`);
  return link;
}
