import axe from "axe-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { DataSet } from "#core/dicom/data-set.ts";
import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { FakeArchive } from "../../viewer/fake/fake-archive.ts";
import { madeInstance } from "../../viewer/fake/made-study.ts";
import { Workspace } from "../../viewer/workspace.ts";
import { designTokens } from "../design-tokens.ts";
import { NegatoDocumentDialog } from "./negato-document-dialog.ts";

const STORAGE = "1.2.840.10008.5.1.4.1.1.";

beforeAll(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(designTokens.cssText.replaceAll(":host", "html"));
  document.adoptedStyleSheets = [sheet];
});

const workspaces: Workspace[] = [];
afterEach(() => {
  document.body.replaceChildren();
  for (const workspace of workspaces.splice(0)) workspace.dispose();
});

/** An object without pixels in the made study. */
const made = (number: number, sopClass: string, attributes: MadeDataSet = {}): DataSet =>
  madeInstance(number, {
    SOPClassUID: STORAGE + sopClass,
    SeriesInstanceUID: "1.2.3.9",
    Rows: undefined,
    Columns: undefined,
    PatientName: "DEMO^Chest^Maria",
    PatientID: "4471",
    ...attributes,
  });

/** The dialog over a study of these objects, showing the first display set without images. */
async function mount(
  instances: readonly DataSet[],
  retrieve?: () => Promise<Uint8Array<ArrayBuffer>>,
) {
  const archive = new FakeArchive();
  const origin = { kind: "archive", fetchedAt: new Date(0) } as const;
  const studies = {
    async *loadStudy() {
      yield { instances, origin };
    },
  };
  const source =
    retrieve === undefined ? archive.source : { ...archive.source, retrieveBulkData: retrieve };
  const services = { source, frames: archive.frames, studies, close: () => archive.close() };
  const workspace = new Workspace(services, { studyInstanceUid: "1.2.3" });
  workspaces.push(workspace);
  await expect.poll(() => workspace.session.status.value.kind).toBe("complete");
  const set = workspace.session.displaySets.value.find(({ frames }) => frames.length === 0);
  const element = new NegatoDocumentDialog();
  element.workspace = workspace;
  element.displaySet = set;
  document.body.append(element);
  await element.updateComplete;
  return { element, workspace };
}

const textOf = (element: NegatoDocumentDialog) =>
  (element.renderRoot.textContent ?? "").replace(/\s+/g, " ");
const buttonOf = (element: NegatoDocumentDialog, words: string) =>
  [...element.renderRoot.querySelectorAll("button")].find(({ textContent }) =>
    textContent?.includes(words),
  );

const REPORT_OF = (sopInstanceUid: string): MadeDataSet => ({
  ValueType: "CONTAINER",
  ContentSequence: {
    ValueType: "IMAGE",
    RelationshipType: "CONTAINS",
    ReferencedSOPSequence: { ReferencedSOPInstanceUID: sopInstanceUid },
  },
});

describe("the window of a document", () => {
  it("says whose it is, above whatever is shown", async () => {
    for (const sopClass of ["88.11", "104.1", "104.3", "9.1.1", "66"]) {
      const { element } = await mount([made(1, sopClass)]);
      const identity = element.renderRoot.querySelector(".identity")?.textContent ?? "";
      expect(identity.replace(/\s+/g, " ")).toMatch(/DEMO, Chest Maria .*ID 4471/);
    }
  });

  it("leads from a report to the image that it refers to, and closes", async () => {
    const image = madeInstance(2);
    const uid = image.string(0x00080018) ?? "";
    const { element, workspace } = await mount([
      madeInstance(1),
      image,
      made(9, "88.11", REPORT_OF(uid)),
    ]);
    const find = () =>
      element.renderRoot
        .querySelector("negato-report")
        ?.shadowRoot?.querySelector("button.reference");
    await expect.poll(find, { timeout: 10_000 }).toBeTruthy();
    const button = find();
    if (button instanceof HTMLElement) button.click();
    expect(workspace.document.value).toBeUndefined();
    const { content, frameIndex } = workspace.viewport.state;
    const shown = content.value?.displaySet.frames[frameIndex.value]?.instance.sopInstanceUid;
    expect(shown).toBe(uid);
  });

  it("says why a document did not arrive, and asks again", async () => {
    let asked = 0;
    const pdf = made(1, "104.1", { MIMETypeOfEncapsulatedDocument: "application/pdf" });
    const document = { kind: "uri", uri: "bulkdata/1" } as const;
    const away = new DataSet([
      ...pdf.elements.values(),
      { tag: 0x00420011, vr: "OB", value: document },
    ]);
    const { element } = await mount([away], () => {
      asked++;
      return Promise.reject(new Error("The archive is away."));
    });
    await expect.poll(() => textOf(element)).toContain("The archive is away.");
    buttonOf(element, "Try again")?.click();
    await expect.poll(() => asked).toBe(2);
  });

  it("says that an object without a document holds none", async () => {
    const { element } = await mount([made(1, "104.1")]);
    await expect.poll(() => textOf(element)).toContain("The object holds no document.");
  });

  it("names what it cannot show, with its size, and lets it be saved", async () => {
    const { element } = await mount([
      made(1, "104.3", {
        MIMETypeOfEncapsulatedDocument: "model/stl",
        EncapsulatedDocumentLength: 2048,
      }),
    ]);
    expect(textOf(element)).toMatch(/STL Model.*model\/stl.*2\.0 kB/);
    expect(buttonOf(element, "Save as a file")).toBeDefined();
  });

  it("names an object that nothing shows", async () => {
    const { element } = await mount([made(1, "66")]);
    expect(textOf(element)).toContain(`${STORAGE}66`);
  });

  it("goes from one of several objects to the next", async () => {
    const key = { ValueType: "CONTAINER" };
    const { element } = await mount([made(1, "66", key), made(2, "66", key)]);
    expect(textOf(element)).toContain("1 / 2");
    element.renderRoot.querySelector<HTMLElement>('[aria-label="Next object"]')?.click();
    await element.updateComplete;
    expect(textOf(element)).toContain("2 / 2");
    const { violations } = await axe.run(element, { resultTypes: ["violations"] });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });
});
