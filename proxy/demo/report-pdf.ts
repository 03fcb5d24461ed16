import { encodeJpeg } from "../decode/encoders/jpeg-encoder.ts";
import type { ArchivePart } from "./archive-part.ts";
import { noduleView } from "./ct-chest.ts";
import { type DemoFile, type DemoSeries, plainFile } from "./demo-file.ts";
import { CHEST_CT } from "./identities.ts";
import { type PageRule, type PageText, writePdf } from "./pdf-document.ts";
import { CONCLUSION, FINDINGS, INDICATION, TECHNIQUE } from "./report-text.ts";

const ENCAPSULATED_PDF_STORAGE = "1.2.840.10008.5.1.4.1.1.104.1";
const TITLE = "Radiology report: CT chest with contrast";
const LEFT = 56;
const TEXT_WIDTH = 483;
const KEY_IMAGE_COLUMNS = 320;

const SERIES: DemoSeries = {
  study: CHEST_CT,
  key: "report",
  modality: "DOC",
  attributes: {
    SOPClassUID: ENCAPSULATED_PDF_STORAGE,
    SeriesNumber: 901,
    SeriesDescription: "Report",
    ManufacturerModelName: "Light Box Report",
    ConversionType: "WSD",
    BurnedInAnnotation: "YES",
    AcquisitionDateTime: "20261114112000",
    DocumentTitle: TITLE,
    ConceptNameCodeSequence: {
      CodeValue: "18748-4",
      CodingSchemeDesignator: "LN",
      CodeMeaning: "Diagnostic imaging report",
    },
    VerificationFlag: "VERIFIED",
    MIMETypeOfEncapsulatedDocument: "application/pdf",
  },
};

/** The written report on the current chest CT, a page of PDF with the key image. */
export function pdfReportParts(): readonly ArchivePart[] {
  return [{ name: "report", make: makeReport }];
}

async function makeReport(): Promise<readonly DemoFile[]> {
  const columns = KEY_IMAGE_COLUMNS;
  const matrix = { rows: columns, columns, samplesPerPixel: 1 } as const;
  const jpeg = await encodeJpeg(noduleView(columns), matrix, 90);
  const { texts, rules, bottom } = layOut();
  const picture = { x: LEFT, y: bottom + 8, width: 190, height: 190, columns, rows: columns, jpeg };
  const caption: PageText = {
    x: LEFT + 204,
    y: bottom + 20,
    size: 9,
    text: "Key image: nodule of the right upper lobe, lung window.",
  };
  const pdf = writePdf({ title: TITLE, texts: [...texts, caption], rules, picture });
  const padded = new Uint8Array(pdf.byteLength + (pdf.byteLength % 2));
  padded.set(pdf);
  return [
    plainFile(SERIES, 1, {
      EncapsulatedDocument: padded,
      EncapsulatedDocumentLength: pdf.byteLength,
    }),
  ];
}

interface Layout {
  readonly texts: readonly PageText[];
  readonly rules: readonly PageRule[];
  /** Where the text ends, points from the upper edge. */
  readonly bottom: number;
}

function layOut(): Layout {
  const texts: PageText[] = [
    { x: LEFT, y: 64, size: 17, isBold: true, text: "Negato Demo Hospital" },
    { x: LEFT, y: 82, size: 10, text: "Department of Radiology - 1 Light Box Lane, Demo City" },
    { x: LEFT, y: 122, size: 10, isBold: true, text: "DEMO, Chest Maria" },
    { x: LEFT, y: 137, size: 10, text: "Born 12 March 1968 - female - ID 4471-093" },
    { x: 320, y: 122, size: 10, text: "Examination of 14 November 2026, 09:41" },
    { x: 320, y: 137, size: 10, text: "Accession 26CT0091147" },
    { x: LEFT, y: 176, size: 14, isBold: true, text: "CT chest with contrast" },
  ];
  const rules = [
    { x: LEFT, y: 102, width: TEXT_WIDTH },
    { x: LEFT, y: 150, width: TEXT_WIDTH },
  ];
  let y = 200;
  const section = (heading: string, paragraphs: readonly string[]) => {
    texts.push({ x: LEFT, y, size: 11, isBold: true, text: heading });
    for (const line of paragraphs.flatMap(wrapped)) {
      y += 14;
      texts.push({ x: LEFT, y, size: 10, text: line });
    }
    y += 24;
  };
  section("Indication", [INDICATION]);
  section("Technique", [TECHNIQUE]);
  section("Findings", FINDINGS);
  section("Conclusion", [CONCLUSION]);
  section("Dr. Lena DEMO-Radiologist", ["Verified 14 November 2026, 11:20"]);
  return { texts, rules, bottom: y - 10 };
}

/** Lines of about 95 letters. */
function wrapped(paragraph: string): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of paragraph.split(" ")) {
    if (line.length + word.length > 95) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
