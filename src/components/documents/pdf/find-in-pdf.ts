import type { PDFDocumentProxy } from "pdfjs-dist";

/**
 * The next page that holds a term, beginning after a page and going round once; undefined when no page does. Indices
 * count from 0; upper and lower case are alike.
 */
export async function findInPdf(
  pdf: PDFDocumentProxy,
  term: string,
  afterIndex: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const wanted = plain(term).trim();
  if (wanted === "") return undefined;
  for (let step = 1; step <= pdf.numPages; step++) {
    const index = (afterIndex + step + pdf.numPages) % pdf.numPages;
    const page = await pdf.getPage(index + 1);
    const { items } = await page.getTextContent();
    if (signal.aborted) return undefined;
    // Words are divided into pieces wherever letters were moved; lines end where a piece says so.
    const text = items.map((item) => ("str" in item ? `${item.str}${item.hasEOL ? " " : ""}` : ""));
    if (plain(text.join("")).includes(wanted)) return index;
  }
  return undefined;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, " ");
}
