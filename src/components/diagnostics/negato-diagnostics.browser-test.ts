import axe from "axe-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { RetrieveError } from "../../retrieve/study-source.ts";
import { FakeCompanion } from "../../viewer/fake/fake-companion.ts";
import { designTokens } from "../design-tokens.ts";
import type { NegatoDiagnostics } from "./negato-diagnostics.ts";
import "./negato-diagnostics.ts";

beforeAll(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(designTokens.cssText.replaceAll(":host", "html"));
  document.adoptedStyleSheets = [sheet];
});

afterEach(() => {
  document.body.replaceChildren();
});

const STEPS = [
  { step: "connect", outcome: "ok", text: "Connected.", milliseconds: 3 },
  { step: "find", outcome: "warning", text: "Found.", advice: "Nothing to do." },
  { step: "get", outcome: "skipped", text: "Not offered." },
  { step: "move", outcome: "failed", text: "Unknown destination.", advice: "Add NEGATO there." },
];
const EVENT = {
  time: 1_795_000_000_000,
  remote: "pacs",
  association: 7,
  callingAeTitle: "NEGATO",
  calledAeTitle: "ORTHANC",
};
const TRACE = [
  { ...EVENT, event: { kind: "requested", contexts: 3 } },
  {
    ...EVENT,
    event: {
      kind: "message",
      direction: "received",
      command: "C-FIND-RSP",
      status: 0xa700,
      dataSetBytes: 0,
    },
  },
  { ...EVENT, event: { kind: "ended", how: "aborted", code: "aborted" } },
];
const ANSWERS = {
  sources: {
    sources: [
      { name: "files", kind: "folder", isDefault: true, studies: 3, state: "ready" },
      { name: "pacs", kind: "dimse", reachability: "reachable", state: "ready" },
    ],
  },
  "sources/files/problems": {
    problems: [{ severity: "failure", where: "DOE^JOHN/1", code: "truncated", message: "Cut" }],
  },
  "sources/pacs/problems": { problems: [] },
  "sources/pacs/pacs": {
    aeTitle: "ORTHANC",
    callingAeTitle: "NEGATO",
    host: "::1",
    port: 104,
    listener: { port: 11112 },
    quirks: ["one-association"],
    associations: { open: 1, idle: 1, waiting: 0, most: 8 },
    cache: { bytes: 1e6, maximumBytes: 1e9, trouble: "disk-full" },
    failures: { silent: 2 },
    retrieveBy: "move",
  },
  "sources/pacs/pacs/test": STEPS,
  "sources/pacs/trace": TRACE,
};

async function mount(answers: Record<string, unknown>): Promise<NegatoDiagnostics> {
  const element = document.createElement("negato-diagnostics");
  const companion = new FakeCompanion(answers);
  element.openCompanion = async () => companion;
  element.version = "1.2.3";
  document.body.append(element);
  return element;
}

function deepText(root: Node): string {
  if (root instanceof HTMLStyleElement) return "";
  if (root.nodeType === Node.TEXT_NODE) return root.textContent ?? "";
  const shadow = root instanceof Element ? root.shadowRoot : null;
  const nodes = [...(shadow?.childNodes ?? []), ...root.childNodes];
  return nodes.map(deepText).join(" ").replace(/\s+/g, " ");
}

async function says(element: Element, text: string): Promise<void> {
  await expect.poll(() => deepText(element)).toContain(text);
}

/** The button of this name inside all shadow roots. */
function button(root: ParentNode, name: string): HTMLElement | undefined {
  for (const element of root.querySelectorAll<HTMLElement>("*")) {
    if (element.localName === "button" && element.textContent?.includes(name)) return element;
    const found = element.shadowRoot === null ? undefined : button(element.shadowRoot, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

describe("the diagnostics on the screen", () => {
  it("say what each archive is, and of a PACS how it does", async () => {
    const element = await mount(ANSWERS);
    for (const text of [
      "Folder of DICOM files",
      "PACS over DIMSE",
      "[::1]",
      "C-MOVE",
      "Our port 11112",
      "one association at a time",
      "1 of 8",
      "The disk is full",
      "PACS fell silent",
    ])
      await says(element, text);
  });

  it("test a PACS by keyboard, and tell each step with its advice", async () => {
    const element = await mount(ANSWERS);
    await says(element, "Test connection");
    button(document, "Test connection")?.focus();
    await userEvent.keyboard("{Enter}");
    for (const text of ["Connected.", "Nothing to do.", "Not offered.", "Add NEGATO there."])
      await says(element, text);
    await says(element, "1 step failed.");
  });

  it("show the associations as they come, and say that it ended", async () => {
    const element = await mount(ANSWERS);
    await says(element, "Watch the associations");
    button(document, "Watch the associations")?.click();
    for (const text of ["A-ASSOCIATE-RQ", "C-FIND-RSP", "0xA700 out of resources", "Watch again"])
      await says(element, text);
  });

  it("say who may permit it to those who may not see it", async () => {
    const forbidden = new RetrieveError("forbidden", "No.", { status: 403 });
    const element = await mount({ ...ANSWERS, "sources/pacs/pacs": forbidden });
    await says(element, "permission “diagnose”");
    expect(deepText(element)).not.toContain("Test connection");
  });

  it("say that no companion stands before an archive", async () => {
    const gone = new RetrieveError("not-found", "No.", { status: 404 });
    await says(await mount({ sources: gone }), "No companion stands before this archive");
  });

  it("ask a companion that did not answer again", async () => {
    const companion = new FakeCompanion({ sources: new RetrieveError("network", "Unplugged.") });
    const element = document.createElement("negato-diagnostics");
    element.openCompanion = async () => companion;
    document.body.append(element);
    await says(element, "The companion does not answer");
    companion.answers = ANSWERS;
    button(document, "Try again")?.click();
    await says(element, "ORTHANC");
  });

  it("have no accessibility violation", async () => {
    const element = await mount(ANSWERS);
    await says(element, "Watch the associations");
    button(document, "Test connection")?.click();
    button(document, "Watch the associations")?.click();
    await says(element, "Watch again");
    await says(element, "1 step failed.");
    const { violations } = await axe.run(element);
    expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
  });
});
