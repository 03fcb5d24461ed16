import axe from "axe-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { bytesSource } from "#core/dicom/byte-source.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import { designTokens } from "../../design-tokens.ts";
import { documentBytes } from "../document-bytes.ts";
import { NegatoPdf } from "./negato-pdf.ts";

beforeAll(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    `${designTokens.cssText.replaceAll(":host", "html")} body { background: var(--negato-panel); }`,
  );
  document.adoptedStyleSheets = [sheet];
});

afterEach(() => document.body.replaceChildren());

async function mount(bytes: Uint8Array<ArrayBuffer>, width = 800): Promise<NegatoPdf> {
  const element = new NegatoPdf();
  element.style.cssText = `inline-size: ${width}px; block-size: 600px;`;
  element.bytes = bytes;
  document.body.append(element);
  await element.updateComplete;
  return element;
}

/**
 * A PDF of pages with a line of text each, every seventh of them landscape.
 * @param ofPage further entries of each page
 */
function madePdf(pages: number, isEncrypted = false, ofPage = ""): Uint8Array<ArrayBuffer> {
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${Array.from({ length: pages }, (_, at) => `${4 + 2 * at} 0 R`).join(" ")}] /Count ${pages} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  for (let at = 0; at < pages; at++) {
    const size = at % 7 === 3 ? "842 595" : "595 842";
    const text = `BT /F1 24 Tf 60 500 Td (Word${at + 1} of the report) Tj ET`;
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${size}] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * at} 0 R ${ofPage} >>`,
      `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    );
  }
  const secret = `/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${"41".repeat(32)}> /U <${"42".repeat(32)}> >> /ID [<01> <01>]`;
  let text = "%PDF-1.4\n";
  const offsets: number[] = [];
  for (const [index, object] of objects.entries()) {
    offsets.push(text.length);
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const trailer = `<< /Size ${objects.length + 1} /Root 1 0 R ${isEncrypted ? secret : ""} >>`;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer ${trailer}\nstartxref\n${text.length}\n%%EOF\n`;
  return new TextEncoder().encode(text);
}

const within = (element: NegatoPdf, selector: string) => [
  ...element.renderRoot.querySelectorAll<HTMLElement>(selector),
];
const alertOf = (element: NegatoPdf) => within(element, '[role="alert"]')[0]?.textContent ?? "";
const textOf = (element: NegatoPdf) =>
  within(element, ".textLayer")
    .map(({ textContent }) => textContent)
    .join(" ");

describe("a PDF document", () => {
  it("shows its pages as pictures with text over them that can be selected", async () => {
    const element = await mount(madePdf(2));
    await expect.poll(() => textOf(element), { timeout: 10_000 }).toContain("Word1 of the report");
    const canvas = element.renderRoot.querySelector("canvas");
    const pixels = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
    expect(pixels?.some((value, at) => at % 4 === 0 && value < 60)).toBe(true);
    const { violations } = await axe.run(element, { resultTypes: ["violations"] });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });

  it("of 500 pages keeps those in reach only, and finds a word on any", async () => {
    const element = await mount(madePdf(500));
    await expect.poll(() => textOf(element), { timeout: 10_000 }).toContain("Word1 ");
    const scroller = element.renderRoot.querySelector(".scroll");
    if (scroller === null) throw new Error("no scroller");
    scroller.scrollTop = scroller.scrollHeight / 2;
    await expect.poll(() => textOf(element), { timeout: 10_000 }).toMatch(/Word2[45]\d/);
    expect(within(element, ".page").length).toBeLessThan(8);
    const field = element.renderRoot.querySelector<HTMLInputElement>('input[type="search"]');
    if (field === null) throw new Error("no field");
    field.value = "Word77 ";
    field.form?.requestSubmit();
    await expect
      .poll(() => within(element, ".found")[0]?.textContent, { timeout: 20_000 })
      .toBe("Page 77");
    await expect.poll(() => textOf(element), { timeout: 10_000 }).toContain("Word77 ");
  });

  it("turns pages and zooms by keys", async () => {
    const element = await mount(madePdf(3));
    await expect.poll(() => textOf(element), { timeout: 10_000 }).toContain("Word1");
    const scroller = within(element, ".scroll")[0];
    const press = (key: string) =>
      scroller?.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
    press("PageDown");
    await expect.poll(() => within(element, "input")[0]).toHaveProperty("value", "2");
    const width = () => within(element, ".page")[0]?.getBoundingClientRect().width ?? 0;
    const before = width();
    press("+");
    await expect.poll(width).toBeGreaterThan(before * 1.15);
    press("0");
    await expect.poll(width).toBeCloseTo(before, 0);
  });

  it("goes where its links lead, within it at once and out of it in a tab of its own", async () => {
    const link = (what: string) =>
      `<< /Type /Annot /Subtype /Link /Rect [60 480 200 520] ${what} >>`;
    const uri = (address: string) => link(`/A << /S /URI /URI (${address}) >>`);
    const annotations = [
      link("/Dest [8 0 R /Fit]"),
      uri("https://elsewhere.example/guide"),
      uri("javascript:alert\\(1\\)"),
      uri("file:///etc/passwd"),
      link("/A << /S /Launch /F (run.exe) >>"),
      link("/A << /S /JavaScript /JS (app.alert\\(1\\)) >>"),
    ];
    const element = await mount(madePdf(3, false, `/Annots [${annotations.join(" ")}]`));
    const links = () => within(element, ".links")[0]?.children ?? [];
    await expect.poll(() => links().length, { timeout: 10_000 }).toBe(2);
    const [inside, outside] = links();
    expect(outside?.outerHTML).toContain('href="https://elsewhere.example/guide"');
    expect([outside?.getAttribute("rel"), outside?.getAttribute("target")]).toEqual([
      "noopener noreferrer",
      "_blank",
    ]);
    const page = within(element, ".page")[0]?.getBoundingClientRect();
    const box = inside?.getBoundingClientRect();
    // From 60 to 200 of 595 units across, 842 - 520 of 842 down.
    expect(((box?.left ?? 0) - (page?.left ?? 0)) / (page?.width ?? 1)).toBeCloseTo(60 / 595, 2);
    expect(((box?.top ?? 0) - (page?.top ?? 0)) / (page?.height ?? 1)).toBeCloseTo(322 / 842, 2);
    if (inside instanceof HTMLElement) inside.click();
    await expect.poll(() => within(element, "input")[0]).toHaveProperty("value", "3");
    const { violations } = await axe.run(element, { resultTypes: ["violations"] });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });

  it("is zoomed by two fingers, around the place between them", async () => {
    const element = await mount(madePdf(3), 390);
    await expect.poll(() => textOf(element), { timeout: 10_000 }).toContain("Word1");
    const scroller = within(element, ".scroll")[0];
    if (scroller === undefined) throw new Error("no scroller");
    const page = () => within(element, ".page")[0]?.getBoundingClientRect();
    const box = scroller.getBoundingClientRect();
    const middle = { x: box.left + 195, y: box.top + 200 };
    const touch = (type: string, spread: number) => {
      const at = (identifier: number, side: number) =>
        new Touch({
          identifier,
          target: scroller,
          clientX: middle.x + (side * spread) / 2,
          clientY: middle.y,
        });
      const event = new TouchEvent(type, { touches: [at(1, -1), at(2, 1)], cancelable: true });
      scroller.dispatchEvent(event);
      return event;
    };
    const before = page();
    const share = (middle.y - (before?.top ?? 0)) / (before?.height ?? 1);
    touch("touchstart", 100);
    expect(touch("touchmove", 200).defaultPrevented).toBe(true);
    await expect.poll(() => page()?.width).toBeCloseTo(2 * (before?.width ?? 0), -1);
    const after = page();
    expect((middle.y - (after?.top ?? 0)) / (after?.height ?? 1)).toBeCloseTo(share, 1);
    const canvas = () => element.renderRoot.querySelector("canvas")?.width ?? 0;
    await expect.poll(canvas).toBeCloseTo((after?.width ?? 0) * devicePixelRatio, -1);
  });

  it("shows turned pages as they are to be read, and only what their crop box leaves", async () => {
    const element = await mount(madePdf(1, false, "/Rotate 90 /CropBox [0 400 595 842]"));
    await expect.poll(() => textOf(element), { timeout: 10_000 }).toContain("Word1");
    const box = within(element, ".page")[0]?.getBoundingClientRect();
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(442 / 595, 2);
  });

  it("fits a phone", async () => {
    const element = await mount(madePdf(1), 390);
    await expect.poll(() => within(element, ".page").length).toBe(1);
    expect(within(element, ".page")[0]?.getBoundingClientRect().width).toBeLessThanOrEqual(390);
  });

  it.each([
    ["damaged", new TextEncoder().encode("%PDF-1.4 and nothing of a document")],
    ["empty", new Uint8Array()],
    ["password", madePdf(1, true)],
  ])("that is %s says so, and can be saved all the same", async (word, bytes) => {
    const element = await mount(bytes);
    await expect.poll(() => alertOf(element), { timeout: 10_000 }).toContain(word);
    expect(within(element, "button").map(({ textContent }) => textContent?.trim())).toContain(
      "Save",
    );
  });

  it("lets go of its worker and its pages when it leaves the page", async () => {
    const element = await mount(madePdf(2));
    await expect.poll(() => textOf(element), { timeout: 10_000 }).toContain("Word1");
    element.remove();
    expect(within(element, ".page")).toEqual([]);
    expect(document.querySelectorAll(".hiddenCanvasElement")).toHaveLength(0);
  });
});

const isThere = (await fetch("/corpus/manifest.json")).ok;

describe.skipIf(!isThere)("the PDF of the corpus", () => {
  it("is shown, without the byte that pads it", async () => {
    const file = await (await fetch("/corpus/other/encapsulated-pdf.dcm")).arrayBuffer();
    const { dataSet } = await readDicom(bytesSource(new Uint8Array(file)));
    const none = () => Promise.reject(new Error("nothing to fetch"));
    const bytes = await documentBytes(dataSet, none, new AbortController().signal);
    const digest = await crypto.subtle.digest("SHA-256", bytes ?? new Uint8Array());
    const hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0"));
    expect(hash.join("")).toBe("0868d2ab96d55b5f580f20c5dd78a0e305c7135778b06f4b6191dd79492b2890");
    const element = await mount(bytes ?? new Uint8Array());
    await expect.poll(() => within(element, ".page canvas").length, { timeout: 10_000 }).toBe(1);
    expect(alertOf(element)).toBe("");
  });
});
