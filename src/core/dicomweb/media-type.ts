/** A media type with its parameters (RFC 9110 8.3.1). */
export interface MediaType {
  /** `type/subtype` in lower case. */
  readonly essence: string;
  /** By name in lower case; values without their quotes. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** A media range of an Accept header (RFC 9110 12.5.1). */
export interface AcceptedMediaType extends MediaType {
  /** 0 to 1; 0 means not acceptable. */
  readonly quality: number;
}

/** The media type of a Content-Type header, or undefined when it is none. */
export function parseMediaType(text: string): MediaType | undefined {
  const [head = "", ...rest] = splitOutsideQuotes(text, ";");
  const essence = head.trim().toLowerCase();
  if (!/^[^\s/;,"]+\/[^\s/;,"]+$/.test(essence)) return undefined;
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const equals = parameter.indexOf("=");
    if (equals < 0) continue;
    const name = parameter.slice(0, equals).trim().toLowerCase();
    if (!parameters.has(name)) parameters.set(name, unquote(parameter.slice(equals + 1).trim()));
  }
  return { essence, parameters };
}

/** The media ranges of an Accept header, most wanted first; what is not a media range is left out. */
export function parseAccept(header: string): readonly AcceptedMediaType[] {
  return splitOutsideQuotes(header, ",")
    .map(parseMediaType)
    .filter((type) => type !== undefined)
    .map((type) => ({ ...type, quality: qualityOf(type) }))
    .sort((a, b) => b.quality - a.quality);
}

/** The text of a media type; values are quoted where they must be. */
export function formatMediaType(type: MediaType): string {
  const parameters = [...type.parameters].map(([name, value]) => `; ${name}=${quote(value)}`);
  return type.essence + parameters.join("");
}

function qualityOf(type: MediaType): number {
  const text = type.parameters.get("q");
  if (text === undefined) return 1;
  const quality = Number(text);
  return quality >= 0 && quality <= 1 ? quality : 1;
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (isQuoted && character === "\\") at++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function unquote(text: string): string {
  return text.startsWith('"') ? text.replace(/^"|"$/g, "").replace(/\\(.)/g, "$1") : text;
}

function quote(text: string): string {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
}
