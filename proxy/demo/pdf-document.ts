/** A page of text and pictures, written as a PDF 1.4 file that depends on its content alone. */

/** Points from the left and upper edge of an A4 page. */
export interface PageText {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly isBold?: boolean;
  readonly text: string;
}

/** A grayscale JPEG placed on the page. */
interface PagePicture {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  readonly jpeg: Uint8Array;
}

/** A horizontal line across the page at a height. */
export interface PageRule {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface PdfPage {
  readonly title: string;
  readonly texts: readonly PageText[];
  readonly rules: readonly PageRule[];
  readonly picture?: PagePicture;
}

const PAGE_WIDTH = 595;
const PAGE_HEIGHT = 842;

/** The bytes of a PDF with one page; text is limited to Windows Latin 1. */
export function writePdf(page: PdfPage): Uint8Array {
  const { picture } = page;
  const resources = `<< /Font << /F1 5 0 R /F2 6 0 R >> ${picture ? "/XObject << /I1 8 0 R >>" : ""} >>`;
  const objects: Uint8Array[] = [
    latin1("<< /Type /Catalog /Pages 2 0 R >>"),
    latin1("<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
    latin1(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE_WIDTH} ${PAGE_HEIGHT}] /Resources ${resources} /Contents 4 0 R >>`,
    ),
    stream("", latin1(pageContent(page))),
    font("Helvetica"),
    font("Helvetica-Bold"),
    latin1(`<< /Title (${escaped(page.title)}) /Producer (Negato demo archive) >>`),
  ];
  if (picture)
    objects.push(
      stream(
        `/Type /XObject /Subtype /Image /Width ${picture.columns} /Height ${picture.rows} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode `,
        picture.jpeg,
      ),
    );
  return assemble(objects);
}

function font(name: string): Uint8Array {
  return latin1(`<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`);
}

function pageContent({ texts, rules, picture }: PdfPage): string {
  const lines = texts.map(
    ({ x, y, size, isBold, text }) =>
      `BT /${isBold === true ? "F2" : "F1"} ${size} Tf ${x} ${PAGE_HEIGHT - y} Td (${escaped(text)}) Tj ET`,
  );
  const strokes = rules.map(
    ({ x, y, width }) =>
      `0.7 G 0.6 w ${x} ${PAGE_HEIGHT - y} m ${x + width} ${PAGE_HEIGHT - y} l S`,
  );
  const image =
    picture === undefined
      ? []
      : [
          `q ${picture.width} 0 0 ${picture.height} ${picture.x} ${PAGE_HEIGHT - picture.y - picture.height} cm /I1 Do Q`,
        ];
  return [...lines, ...strokes, ...image].join("\n");
}

function escaped(text: string): string {
  return text.replace(/[\\()]/g, "\\$&");
}

function stream(entries: string, content: Uint8Array): Uint8Array {
  return joined([
    latin1(`<< ${entries}/Length ${content.byteLength} >>\nstream\n`),
    content,
    latin1("\nendstream"),
  ]);
}

/** Objects numbered from 1 with the cross-reference table that gives their places. */
function assemble(objects: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [latin1("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")];
  const offsets: number[] = [];
  let length = parts[0]?.byteLength ?? 0;
  for (const [index, object] of objects.entries()) {
    const part = joined([latin1(`${index + 1} 0 obj\n`), object, latin1("\nendobj\n")]);
    offsets.push(length);
    length += part.byteLength;
    parts.push(part);
  }
  const entries = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`);
  parts.push(
    latin1(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries.join("")}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 7 0 R >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return joined(parts);
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
