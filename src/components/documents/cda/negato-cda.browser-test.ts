import axe from "axe-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { parsePersonName } from "#core/dicom/person-name.ts";
import { designTokens } from "../../design-tokens.ts";
import { NegatoCda } from "./negato-cda.ts";

const PATIENT = {
  name: parsePersonName("DEMO^Maria"),
  id: "4471",
  birthDate: "19680312",
  sex: "F",
};

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

beforeAll(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    `${designTokens.cssText.replaceAll(":host", "html")} body { background: var(--negato-panel); }`,
  );
  document.adoptedStyleSheets = [sheet];
});

afterEach(() => document.body.replaceChildren());

const patientXml = (family: string) => `<recordTarget><patientRole>
  <id root="1.2" extension="4471"/><patient><name><given>Maria</given><family>${family}</family></name>
  <administrativeGenderCode code="F"/><birthTime value="19680312"/></patient></patientRole></recordTarget>`;

const documentXml = (body: string, family = "Demo") => `<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="https://elsewhere.example/style.xsl"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Letter</title><effectiveTime value="20261115"/>
${patientXml(family)}<author><assignedAuthor><assignedPerson><name>Dr. Lena</name></assignedPerson></assignedAuthor></author>
<component>${body}</component></ClinicalDocument>`;

const narrative = (text: string, entries = "") =>
  documentXml(
    `<structuredBody><component><section><title>Findings</title><text>${text}</text>${entries}</section></component></structuredBody>`,
  );

async function mount(xml: string | Uint8Array<ArrayBuffer>): Promise<NegatoCda> {
  const element = new NegatoCda();
  element.patient = PATIENT;
  element.bytes = typeof xml === "string" ? new TextEncoder().encode(xml) : xml;
  document.body.append(element);
  await element.updateComplete;
  return element;
}

const textOf = (element: NegatoCda) => (element.renderRoot.textContent ?? "").replace(/\s+/g, " ");
const alertOf = (element: NegatoCda) =>
  element.renderRoot.querySelector('[role="alert"]')?.textContent ?? "";

describe("a clinical document", () => {
  it("shows its header, sections, lists and tables", async () => {
    const element = await mount(
      narrative(`<paragraph>A <content styleCode="Bold">clear</content> lung.</paragraph>
        <list listType="ordered"><item>one</item><item>two</item></list>
        <table><thead><tr><th>Test</th></tr></thead><tbody><tr><td colspan="2">120</td></tr></tbody></table>`),
    );
    expect(textOf(element)).toMatch(/Letter .*Demo, Maria · F · born 12 Mar 1968 · ID 4471/);
    expect(element.renderRoot.querySelector("h4")?.textContent).toBe("Findings");
    expect(element.renderRoot.querySelectorAll("ol li")).toHaveLength(2);
    expect(element.renderRoot.querySelector("td")?.colSpan).toBe(2);
    expect(element.renderRoot.querySelector(".bold")?.textContent).toBe("clear");
    expect(alertOf(element)).toBe("");
    const { violations } = await axe.run(element, { resultTypes: ["violations"] });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });

  it("takes over no script, style, attribute, link or foreign element", async () => {
    const element = await mount(
      narrative(`<script>document.title = "taken"</script><style>* { display: none }</style>
        <paragraph onclick="alert(1)" style="position: fixed" id="x">text</paragraph>
        <linkHtml href="javascript:alert(1)">a link</linkHtml>
        <img xmlns="http://www.w3.org/1999/xhtml" src="https://elsewhere.example/x.png" onerror="alert(1)"/>
        <iframe xmlns="http://www.w3.org/1999/xhtml" src="https://elsewhere.example/"/>
        <svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><text>drawn</text></svg>`),
    );
    const shown = element.renderRoot.querySelector(".narrative");
    expect(shown?.querySelectorAll("script, style, a, img, iframe, svg, object")).toHaveLength(0);
    const attributes = [...(shown?.querySelectorAll("*") ?? [])].flatMap((one) =>
      one.getAttributeNames(),
    );
    expect(attributes).toEqual([]);
    expect(shown?.textContent).toContain("a link (javascript:alert(1))");
    expect(shown?.textContent).toContain("drawn");
    expect(shown?.textContent).not.toContain("taken");
    expect(document.title).not.toBe("taken");
  });

  it("shows pictures that it brings, and names those that it does not", async () => {
    const media = (id: string, type: string, value: string) =>
      `<entry><observationMedia ID="${id}"><value mediaType="${type}" representation="B64">${value}</value></observationMedia></entry>`;
    const element = await mount(
      narrative(
        `<renderMultiMedia referencedObject="M1"><caption>Stamp</caption></renderMultiMedia>
         <renderMultiMedia referencedObject="M2"/><renderMultiMedia referencedObject="M3"/>`,
        media("M1", "image/png", PIXEL) + media("M2", "image/svg+xml", btoa("<svg/>")),
      ),
    );
    const image = element.renderRoot.querySelector("img");
    await expect.poll(() => image?.naturalWidth).toBe(1);
    expect([image?.alt, image?.src.startsWith("blob:")]).toEqual(["Stamp", true]);
    expect(textOf(element)).toContain("image/svg+xml, which is not shown here");
    expect(textOf(element)).toContain("A picture that is not in the document");
  });

  it("that names another patient says so", async () => {
    const element = await mount(documentXml("<structuredBody/>", "Other"));
    expect(alertOf(element)).toContain("names another patient");
    expect(alertOf(element)).toContain("Other, Maria");
  });

  it("that names the same patient by another number says that, and no more", async () => {
    const xml = documentXml("<structuredBody/>").replace('extension="4471"', 'extension="99"');
    expect(alertOf(await mount(xml))).toMatch(/another identifier .*4471 ≠ 99/);
  });

  it("about several patients says so, even if the right one is among them", async () => {
    const xml = documentXml("<structuredBody/>").replace(
      "<author>",
      `${patientXml("Other")}<author>`,
    );
    const element = await mount(xml);
    expect(alertOf(element)).toContain("about several patients");
    expect(textOf(element)).toContain("Other, Maria");
  });

  it("that names nobody says so", async () => {
    const xml = documentXml("<structuredBody/>").replace(/<recordTarget>.*<\/recordTarget>/s, "");
    expect(textOf(await mount(xml))).toContain("does not say whom it is about");
  });

  it("makes one address for a picture, however often it is referred to, and lets it go", async () => {
    const value = `<value mediaType="image/png" representation="B64">${PIXEL}</value>`;
    const element = await mount(
      narrative(
        '<renderMultiMedia referencedObject="M1"/>'.repeat(300),
        `<entry><observationMedia ID="M1">${value}</observationMedia></entry>`,
      ),
    );
    const addresses = new Set(
      [...element.renderRoot.querySelectorAll("img")].map(({ src }) => src),
    );
    expect(addresses.size).toBe(1);
    const [address = ""] = addresses;
    expect((await fetch(address)).ok).toBe(true);
    element.remove();
    await expect(fetch(address)).rejects.toThrow();
  });

  it("shows sections at any depth", async () => {
    const open = "<component><section>".repeat(40);
    const close = "</section></component>".repeat(40);
    const xml = documentXml(
      `<structuredBody>${open}<text>the deepest</text>${close}</structuredBody>`,
    );
    expect(textOf(await mount(xml))).toContain("the deepest");
  });

  it("of a table of 20,000 rows is shown within seconds", async () => {
    const rows = "<tr><td>1</td><td>2</td><td>3</td></tr>".repeat(20_000);
    const begin = performance.now();
    const element = await mount(narrative(`<table><tbody>${rows}</tbody></table>`));
    expect(element.renderRoot.querySelectorAll("td")).toHaveLength(60_000);
    expect(performance.now() - begin).toBeLessThan(8000);
  });

  it.each([
    ["declares entities", `<!DOCTYPE x [<!ENTITY a "aaaa">]><ClinicalDocument/>`],
    ["no readable clinical document", "<html><body>no</body></html>"],
    ["no readable clinical document", "<ClinicalDocument xmlns='urn:hl7-org:v3'><title>"],
    ["no readable clinical document", "\0\0\0"],
    ["too large", `<ClinicalDocument>${" ".repeat(33 * 1024 * 1024)}</ClinicalDocument>`],
  ])("is refused when it %s", async (words, xml) => {
    const element = await mount(xml);
    expect(alertOf(element)).toContain(words);
    expect(textOf(element)).toContain("Save as XML");
  });

  it("is read in the encoding that it declares", async () => {
    const xml = narrative("<paragraph>Größe</paragraph>").replace("UTF-8", "ISO-8859-1");
    const bytes = Uint8Array.from(xml, (letter) => letter.charCodeAt(0));
    expect(textOf(await mount(bytes))).toContain("Größe");
  });

  it("that wraps a text shows it, and what it does not know can be saved", async () => {
    const wrapped = (type: string, content: string) =>
      documentXml(
        `<nonXMLBody><text mediaType="${type}" representation="B64">${btoa(content)}</text></nonXMLBody>`,
      );
    expect(textOf(await mount(wrapped("text/plain", "plain words")))).toContain("plain words");
    expect(textOf(await mount(wrapped("application/rtf", "x")))).toContain(
      "application/rtf, which is not shown here",
    );
    const pdf = await mount(wrapped("application/pdf", "%PDF-"));
    expect(pdf.renderRoot.querySelector("negato-pdf")).not.toBeNull();
  });
});
