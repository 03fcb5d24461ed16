/** What an archive says beside the answer of a search, in its Warning headers (PS3.18 8.3.4.4 and 8.4.2). */
export interface SearchWarnings {
  /** Whether more matches can be asked for. */
  readonly hasMore: boolean;
  /** Everything else that it says, as sentences for people: keys it ignored, files it has not read yet. */
  readonly sentences: readonly string[];
}

/** Reads the value of a Warning header, of which there may be several, joined by commas (RFC 7234 5.5). */
export function readSearchWarnings(header: string | null): SearchWarnings {
  const texts = [...(header ?? "").matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(
    ([, text = ""]) => text.replace(/\\(.)/g, "$1").trim(),
  );
  const isMore = (text: string): boolean => /additional results/i.test(text);
  return {
    hasMore: texts.some(isMore),
    sentences: [...new Set(texts.filter((text) => text !== "" && !isMore(text)))],
  };
}
