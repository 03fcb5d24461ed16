import { msg } from "@lit/localize";

/** What stands above and below a printed report (safety C27). */
interface PrintFrame {
  readonly title: string;
  readonly identity: string;
  readonly status: string;
}

const PRINT_STYLES = `
  body { font: 11pt/1.4 system-ui, sans-serif; color: #000; background: #fff; margin: 0; }
  .identity { border-bottom: 1px solid #000; padding-bottom: 4pt; margin-bottom: 10pt; font-weight: 600; }
  .foot { border-top: 1px solid #000; margin-top: 14pt; padding-top: 4pt; font-size: 9pt; }
  h3, h4, h5, h6 { margin: 10pt 0 3pt; break-after: avoid; }
  dl { margin: 0; } .line { display: grid; grid-template-columns: 2fr 3fr; gap: 8pt; }
  .line.long { display: block; } dd { margin: 0; } .value { white-space: pre-wrap; }
  .below { margin-left: 10pt; } table { border-collapse: collapse; width: 100%; }
  th, td { border: 1px solid #888; padding: 2pt 4pt; text-align: left; vertical-align: top; }
  button { border: 0; background: none; padding: 0; font: inherit; color: inherit; }
  .soft, .code, .uid { color: #444; } .uid, .code { font-size: 8pt; overflow-wrap: anywhere; }
`;

/** Prints a part of the page by itself, in black on white, with whose it is on its first page. */
export function printArticle(article: Element, frame: PrintFrame): void {
  const window = document.createElement("iframe");
  window.title = frame.title;
  window.setAttribute("aria-hidden", "true");
  window.hidden = true;
  document.body.append(window);
  const { contentWindow, contentDocument } = window;
  if (contentWindow === null || contentDocument === null) return;
  // A frame has constructors of its own, and takes style sheets made by them only.
  const Sheet: unknown = Reflect.get(contentWindow, "CSSStyleSheet");
  if (typeof Sheet === "function") {
    const sheet: unknown = Reflect.construct(Sheet, []);
    if (isStyleSheet(sheet)) {
      sheet.replaceSync(PRINT_STYLES);
      contentDocument.adoptedStyleSheets = [sheet];
    }
  }
  const copy = contentDocument.importNode(article, true);
  for (const details of copy.querySelectorAll("details")) details.open = true;
  const foot = [frame.status, msg("Printed by Negato. Not for primary diagnosis.")];
  contentDocument.body.append(
    paragraph(contentDocument, "identity", frame.identity),
    copy,
    paragraph(contentDocument, "foot", foot.filter((text) => text !== "").join(" · ")),
  );
  contentWindow.addEventListener("afterprint", () => window.remove());
  contentWindow.print();
}

function isStyleSheet(value: unknown): value is CSSStyleSheet {
  return typeof value === "object" && value !== null && "replaceSync" in value;
}

function paragraph(within: Document, name: string, text: string): HTMLElement {
  const element = within.createElement("p");
  element.className = name;
  element.textContent = text;
  return element;
}
