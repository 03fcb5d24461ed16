import { msg, str } from "@lit/localize";
import type { CdaMedia } from "./cda-document.ts";

/** Elements of the narrative block (CDA R2 4.3.5) and what stands for them here; others give their content only. */
const ELEMENTS: ReadonlyMap<string, string> = new Map([
  ["paragraph", "p"],
  ["sub", "sub"],
  ["sup", "sup"],
  ["br", "br"],
  ["caption", "span"],
  ["footnote", "small"],
  ["item", "li"],
  ["table", "table"],
  ["thead", "thead"],
  ["tbody", "tbody"],
  ["tfoot", "tfoot"],
  ["tr", "tr"],
  ["th", "th"],
  ["td", "td"],
]);

/** Looks that a style code asks for (CDA R2 4.3.5.11) and that are followed. */
const STYLES: ReadonlyMap<string, string> = new Map([
  ["bold", "bold"],
  ["italics", "italics"],
  ["underline", "underline"],
  ["emphasis", "bold"],
]);
/** What no narrative has, and nobody is to read as its text. */
const NEVER: ReadonlySet<string> = new Set(["script", "style"]);
const MOST_SPAN = 100;
const DEEPEST = 64;

/** What the rendering of narratives needs, and what it made that must be let go. */
export interface NarrativeContext {
  readonly media: ReadonlyMap<string, CdaMedia>;
  /** Addresses of pictures, one for each, to be revoked. */
  readonly addresses: Map<CdaMedia, string>;
}

/**
 * A narrative block in elements of our own: text, paragraphs, lists, tables and pictures of the document. Nothing of
 * the original is taken over but text, spans of cells and four style codes.
 */
export function narrativeOf(text: Element, context: NarrativeContext): DocumentFragment {
  const fragment = document.createDocumentFragment();
  appendChildren(fragment, text, context, 0);
  return fragment;
}

function appendChildren(
  target: Node,
  source: Element,
  context: NarrativeContext,
  depth: number,
): void {
  if (depth > DEEPEST) {
    target.appendChild(document.createTextNode(source.textContent ?? ""));
    return;
  }
  for (const node of source.childNodes) {
    if (node instanceof Text) target.appendChild(document.createTextNode(node.data));
    else if (node instanceof Element) appendElement(target, node, context, depth + 1);
  }
}

function appendElement(
  target: Node,
  source: Element,
  context: NarrativeContext,
  depth: number,
): void {
  const name = source.localName;
  if (NEVER.has(name)) return;
  if (name === "renderMultiMedia") {
    target.appendChild(pictureOf(source, context));
    return;
  }
  const element = name === "list" ? listOf(source) : elementOf(source, name);
  if (element === undefined) {
    appendChildren(target, source, context, depth);
    return;
  }
  target.appendChild(element);
  appendChildren(element, source, context, depth);
  // Where a link leads is said, not followed.
  const address = name === "linkHtml" ? source.getAttribute("href") : null;
  if (address !== null && !address.startsWith("#") && address !== source.textContent)
    element.append(` (${address})`);
}

function elementOf(source: Element, name: string): HTMLElement | undefined {
  const tag = tagOf(source, name);
  if (tag === undefined) return undefined;
  const element = document.createElement(tag);
  for (const code of (source.getAttribute("styleCode") ?? "").toLowerCase().split(/\s+/)) {
    const style = STYLES.get(code);
    if (style !== undefined) element.classList.add(style);
  }
  if (name === "caption") element.classList.add("caption");
  if (element instanceof HTMLTableCellElement) {
    element.colSpan = spanOf(source, "colspan");
    element.rowSpan = spanOf(source, "rowspan");
  }
  return element;
}

function tagOf(source: Element, name: string): string | undefined {
  if (name === "linkHtml") return "span";
  if (name === "caption" && source.parentElement?.localName === "table") return "caption";
  if (name !== "content") return ELEMENTS.get(name);
  const revised = source.getAttribute("revised");
  return revised === "delete" ? "del" : revised === "insert" ? "ins" : "span";
}

function listOf(source: Element): HTMLElement {
  return document.createElement(source.getAttribute("listType") === "ordered" ? "ol" : "ul");
}

function spanOf(source: Element, name: string): number {
  const value = Number(source.getAttribute(name) ?? 1);
  return Number.isInteger(value) && value >= 1 ? Math.min(value, MOST_SPAN) : 1;
}

function pictureOf(source: Element, { media, addresses }: NarrativeContext): HTMLElement {
  const figure = document.createElement("figure");
  const caption = source.querySelector("caption")?.textContent?.trim() ?? "";
  for (const id of (source.getAttribute("referencedObject") ?? "").split(/\s+/)) {
    const medium = media.get(id);
    if (medium?.kind === "image") {
      const address =
        addresses.get(medium) ??
        URL.createObjectURL(new Blob([medium.bytes], { type: medium.type }));
      addresses.set(medium, address);
      const image = document.createElement("img");
      image.loading = "lazy";
      image.decoding = "async";
      image.src = address;
      image.alt = caption === "" ? msg("Picture of the document") : caption;
      figure.append(image);
    } else {
      const note = document.createElement("p");
      const type = medium?.type ?? "";
      note.className = "missing";
      note.textContent =
        type === ""
          ? msg("A picture that is not in the document")
          : msg(str`A picture or attachment of the type ${type}, which is not shown here`);
      figure.append(note);
    }
  }
  if (caption !== "") {
    const words = document.createElement("figcaption");
    words.textContent = caption;
    figure.append(words);
  }
  return figure;
}
