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
  const wanted = term.trim().toLowerCase();
  if (wanted === "") return undefined;
  for (let step = 1; step <= pdf.numPages; step++) {
    const index = (afterIndex + step + pdf.numPages) % pdf.numPages;
    const page = await pdf.getPage(index + 1);
    const { items } = await page.getTextContent();
    if (signal.aborted) return undefined;
    const text = items.map((item) => ("str" in item ? item.str : "")).join(" ");
    if (text.toLowerCase().includes(wanted)) return index;
  }
  return undefined;
}
