/** First and last byte of a body, both inclusive. */
export interface InclusiveRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The range that a Range header asks for (RFC 9110 14.2): undefined to give the whole body, `unsatisfiable` where
 * it lies beyond the end. Several ranges are answered by the whole.
 */
export function parseByteRange(
  header: string | undefined,
  byteLength: number,
): InclusiveRange | "unsatisfiable" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (match === null) return undefined;
  const [, firstText = "", lastText = ""] = match;
  if (firstText === "" && lastText === "") return undefined;
  const first = firstText === "" ? Math.max(byteLength - Number(lastText), 0) : Number(firstText);
  const last =
    firstText === "" || lastText === ""
      ? byteLength - 1
      : Math.min(Number(lastText), byteLength - 1);
  if (firstText !== "" && lastText !== "" && Number(lastText) < first) return undefined;
  return first >= byteLength || first > last ? "unsatisfiable" : { first, last };
}
