import type {
  CdaBody,
  CdaDocument,
  CdaFailure,
  CdaMedia,
  CdaPatient,
  CdaSection,
} from "./cda-document.ts";

const HL7 = "urn:hl7-org:v3";
const LARGEST_BYTES = 32 * 1024 * 1024;
const MOST_ELEMENTS = 200_000;
/** No parser of a browser gives more nesting than this. */
const DEEPEST_SECTION = 256;
const SAFE_IMAGES: ReadonlySet<string> = new Set([
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
]);

/**
 * Reads a clinical document without running or fetching anything: no style sheet, no document type, no entity beyond
 * those of XML itself.
 */
export function readCda(bytes: Uint8Array): CdaDocument | CdaFailure {
  if (bytes.length > LARGEST_BYTES) return "too-large";
  const text = decodeXml(bytes);
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return "declares-type";
  const xml = new DOMParser().parseFromString(text, "application/xml");
  const root = xml.documentElement;
  if (root.localName !== "ClinicalDocument" || root.namespaceURI !== HL7) return "broken";
  if (xml.getElementsByTagName("parsererror").length > 0) return "broken";
  if (xml.getElementsByTagName("*").length > MOST_ELEMENTS) return "too-large";
  return {
    title: textOf(child(root, "title")) || attribute(child(root, "code"), "displayName") || "",
    patients: children(root, "recordTarget").map(readPatient),
    date: attribute(child(root, "effectiveTime"), "value"),
    authors: children(root, "author").flatMap(authorName),
    custodian: textOf(
      descend(root, "custodian", "assignedCustodian", "representedCustodianOrganization", "name"),
    ),
    legalAuthenticator: personName(
      descend(root, "legalAuthenticator", "assignedEntity", "assignedPerson", "name"),
    ),
    body: readBody(root),
    media: readMedia(xml),
  };
}

/** Text of XML bytes by their mark or declaration; UTF-8 where neither says anything (XML 1.0 appendix F). */
function decodeXml(bytes: Uint8Array): string {
  const [a, b] = bytes;
  const marked = a === 0xfe && b === 0xff ? "utf-16be" : a === 0xff && b === 0xfe ? "utf-16le" : "";
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const declared = /^[^<]*<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1];
  const label = marked === "" ? (declared ?? "utf-8") : marked;
  try {
    return withoutDeclaration(new TextDecoder(label).decode(bytes));
  } catch {
    // An encoding that no browser knows: what is ASCII in it can be read all the same.
    return withoutDeclaration(new TextDecoder("utf-8").decode(bytes));
  }
}

/** The declaration speaks of bytes, and the parser gets text. */
function withoutDeclaration(text: string): string {
  return text.replace(/^\s*<\?xml[^>]*\?>/, "").replace(/\0+$/, "");
}

function readPatient(recordTarget: Element): CdaPatient {
  const role = child(recordTarget, "patientRole");
  const patient = descend(role, "patient");
  return {
    names: children(patient, "name")
      .map(personName)
      .filter((name) => name !== ""),
    ids: children(role, "id").flatMap((id) => attribute(id, "extension") ?? []),
    birthDate: attribute(child(patient, "birthTime"), "value"),
    sex: attribute(child(patient, "administrativeGenderCode"), "code"),
  };
}

function authorName(author: Element): readonly string[] {
  const assigned = child(author, "assignedAuthor");
  const person = personName(descend(assigned, "assignedPerson", "name"));
  const device = textOf(descend(assigned, "assignedAuthoringDevice", "softwareName"));
  const organization = textOf(descend(assigned, "representedOrganization", "name"));
  const text = [person || device, organization].filter((part) => part !== "").join(", ");
  return text === "" ? [] : [text];
}

/** `Family, Given Middle`, or the name as it is written where it has no parts. */
function personName(name: Element | undefined): string {
  if (name === undefined) return "";
  const parts = (kind: string): string => children(name, kind).map(textOf).join(" ");
  const rest = [parts("given"), parts("prefix"), parts("suffix")].filter((part) => part !== "");
  const family = parts("family");
  if (family === "") return rest.length === 0 ? textOf(name) : rest.join(" ");
  return [family, rest.join(" ")].filter((part) => part !== "").join(", ");
}

function readBody(root: Element): CdaBody {
  const component = child(root, "component");
  const structured = child(component, "structuredBody");
  if (structured !== undefined) return { kind: "sections", sections: readSections(structured, 0) };
  const text = descend(component, "nonXMLBody", "text");
  if (text === undefined) return { kind: "none" };
  const isCompressed = attribute(text, "compression") !== undefined;
  const type = isCompressed
    ? "application/octet-stream"
    : (attribute(text, "mediaType") ?? "text/plain").toLowerCase();
  if (child(text, "reference") !== undefined) return { kind: "elsewhere", type };
  const bytes =
    attribute(text, "representation") === "B64"
      ? decodeBase64(text.textContent ?? "")
      : new TextEncoder().encode(text.textContent ?? "");
  return bytes === undefined ? { kind: "none" } : { kind: "wrapped", type, bytes };
}

function readSections(within: Element, depth: number): readonly CdaSection[] {
  if (depth > DEEPEST_SECTION) return [];
  return children(within, "component").flatMap((component) => {
    const section = child(component, "section");
    if (section === undefined) return [];
    return [
      {
        title:
          textOf(child(section, "title")) || attribute(child(section, "code"), "displayName") || "",
        text: child(section, "text"),
        sections: readSections(section, depth + 1),
      },
    ];
  });
}

function readMedia(xml: Document): ReadonlyMap<string, CdaMedia> {
  const media = new Map<string, CdaMedia>();
  for (const element of xml.getElementsByTagNameNS(HL7, "observationMedia")) {
    const medium = mediumOf(element);
    const names = [element, ...ancestors(element, "regionOfInterest")];
    for (const named of names) {
      const id = attribute(named, "ID");
      if (id !== undefined) media.set(id, medium);
    }
  }
  return media;
}

function mediumOf(element: Element): CdaMedia {
  const value = child(element, "value");
  const type = (attribute(value, "mediaType") ?? "").toLowerCase();
  const isHere =
    attribute(value, "representation") === "B64" && attribute(value, "compression") === undefined;
  const bytes = isHere ? decodeBase64(value?.textContent ?? "") : undefined;
  if (bytes === undefined || !SAFE_IMAGES.has(type)) return { kind: "not-shown", type };
  return { kind: "image", type, bytes };
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text.replace(/\s+/g, "")), (letter) => letter.charCodeAt(0));
  } catch {
    // Text that is no base64 is no value.
    return undefined;
  }
}

function ancestors(element: Element, name: string): readonly Element[] {
  const found = element.closest(name);
  return found === null ? [] : [found];
}

function children(within: Element | undefined, name: string): readonly Element[] {
  return [...(within?.children ?? [])].filter(
    (one) => one.localName === name && one.namespaceURI === HL7,
  );
}

function child(within: Element | undefined, name: string): Element | undefined {
  return children(within, name)[0];
}

function descend(within: Element | undefined, ...names: readonly string[]): Element | undefined {
  return names.reduce<Element | undefined>((element, name) => child(element, name), within);
}

function attribute(element: Element | undefined, name: string): string | undefined {
  const value = element?.getAttribute(name)?.trim();
  return value === undefined || value === "" ? undefined : value;
}

function textOf(element: Element | undefined): string {
  return (element?.textContent ?? "").replace(/\s+/g, " ").trim();
}
