import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { RetrieveError } from "../../retrieve/study-source.ts";
import { FakeArchive, fakeServices, madeMatch } from "../../viewer/fake/fake-archive.ts";
import { defineNegatoViewer, type NegatoViewer } from "./negato-viewer.ts";

let archive = new FakeArchive();
const addresses: string[] = [];
defineNegatoViewer(() =>
  fakeServices((url) => {
    addresses.push(url);
    return archive;
  }),
);

afterEach(() => {
  document.body.replaceChildren();
  archive = new FakeArchive();
  addresses.length = 0;
});

async function mount(attributes: Record<string, string> = {}): Promise<NegatoViewer> {
  const element = document.createElement("negato-viewer");
  element.style.setProperty("height", "700px");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  document.body.append(element);
  await settled();
  return element;
}

/** Long enough for everything that is not going to happen. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 120));
}

async function shows(element: NegatoViewer, tag: string | undefined): Promise<void> {
  await expect.poll(() => screenOf(element)).toBe(tag);
}

async function says(element: NegatoViewer, text: string): Promise<void> {
  await expect.poll(() => deepText(element)).toContain(text);
}

async function firstFrame(): Promise<void> {
  await expect.poll(() => archive.frames.open.length).toBeGreaterThan(0);
  archive.frames.open[0]?.answer();
}

function deepText(root: Node): string {
  if (root instanceof HTMLStyleElement) return "";
  if (root.nodeType === Node.TEXT_NODE) return root.textContent ?? "";
  const shadow = root instanceof Element ? root.shadowRoot : null;
  const assigned = root instanceof HTMLSlotElement ? root.assignedNodes() : [];
  const children = shadow ?? root;
  const nodes = assigned.length > 0 ? assigned : [...children.childNodes];
  return nodes.map(deepText).join(" ").replace(/\s+/g, " ");
}

function screenOf(element: NegatoViewer): string | undefined {
  const root = element.shadowRoot;
  const tags = ["negato-study-view", "negato-study-list", "negato-launch-refusal"];
  return tags.find((tag) => root?.querySelector(tag) !== null);
}

describe("<negato-viewer>", () => {
  it("shows the list of studies without a study, and the study with one", async () => {
    const element = await mount({ dicomweb: "/elsewhere" });
    expect(addresses).toEqual(["/elsewhere"]);
    await shows(element, "negato-study-list");
    element.setAttribute("study", "1.2.3");
    await settled();
    await shows(element, "negato-study-view");
    await says(element, "DEMO, Chest");
    element.removeAttribute("study");
    await settled();
    await shows(element, "negato-study-list");
  });

  it("opens a study by hand, says so, and goes back to the list as it was left", async () => {
    const element = await mount();
    const events: string[] = [];
    for (const type of ["negato-study-opened", "negato-study-closed"])
      document.addEventListener(type, () => events.push(type), { once: true });
    await says(element, "DEMO, Chest 2");
    const list = element.shadowRoot?.querySelector("negato-study-list");
    list?.focusSearch();
    await userEvent.keyboard("chest 2");
    await expect.poll(() => list?.list?.entries.value.length).toBe(1);
    await settled();
    await userEvent.keyboard("{ArrowDown}{Enter}");
    await expect.poll(() => element.study).toBe("1.2.2");
    await shows(element, "negato-study-view");
    const view = element.shadowRoot?.querySelector("negato-study-view");
    const head = view?.shadowRoot?.querySelector("negato-head-bar");
    head?.shadowRoot?.querySelector<HTMLElement>(".back")?.click();
    await shows(element, "negato-study-list");
    expect(events).toEqual(["negato-study-opened", "negato-study-closed"]);
    expect(element.study).toBeNull();
    const back = element.shadowRoot?.querySelector("negato-study-list");
    expect(back?.list?.filter.value.patientName).toBe("chest 2");
    expect(back?.list?.entries.value).toHaveLength(1);
  });

  it("counts what of the study can be seen, and what is missing", async () => {
    archive.matches = [madeMatch(3, { PatientID: "4471-093", NumberOfStudyRelatedInstances: 5 })];
    const element = await mount({ study: "1.2.3" });
    await firstFrame();
    await says(element, "3 of 5 images · 2 missing");
  });

  it("offers the patient's other studies, and never one that names somebody else", async () => {
    const own = { PatientID: "4471-093" };
    archive.matches = [
      madeMatch(3, own),
      madeMatch(4, { ...own, StudyDate: "20251202", StudyDescription: "Prior chest" }),
      madeMatch(5, { ...own, PatientName: "OTHER^Person", StudyDescription: "Not hers" }),
      madeMatch(6, { ...own, PatientBirthDate: "19990101", StudyDescription: "Not hers" }),
    ];
    const element = await mount({ study: "1.2.3" });
    await firstFrame();
    await says(element, "2 studies under this patient ID name somebody else");
    await says(element, "2 Dec 2025");
    await says(element, "Prior chest");
    expect(deepText(element)).not.toContain("Not hers");
  });

  it("says in words why a study cannot be opened", async () => {
    archive.failure = new RetrieveError("not-found", "The archive does not have this study.");
    const element = await mount({ study: "1.2.3" });
    await says(element, "The archive does not have this study.");
  });

  it("refuses a study that is no UID and opens nothing", async () => {
    const codes: string[] = [];
    document.addEventListener("negato-launch-refused", ({ code }) => codes.push(code), {
      once: true,
    });
    const element = await mount({ study: "1.2/../3" });
    await shows(element, "negato-launch-refusal");
    expect(codes).toEqual(["bad-study-uid"]);
    expect(archive.searches).toEqual([]);
  });

  it("lets go of the archive when it leaves the document, and begins anew when it comes back", async () => {
    const element = await mount({ study: "1.2.3" });
    const first = archive;
    element.remove();
    await settled();
    expect(first.isClosed).toBe(true);
    expect(first.frames.listenerCount).toBe(0);
    archive = new FakeArchive();
    document.body.append(element);
    await settled();
    await shows(element, "negato-study-view");
    await firstFrame();
  });

  it("stands twice on one page, takes no focus, and leaves the page's address and styles alone", async () => {
    const address = location.href;
    const first = await mount({ study: "1.2.3" });
    const second = await mount();
    await shows(first, "negato-study-view");
    await shows(second, "negato-study-list");
    expect(document.activeElement).toBe(document.body);
    expect(location.href).toBe(address);
    expect(document.adoptedStyleSheets).toEqual([]);
  });

  it("draws anew when a property changes", async () => {
    const element = await mount();
    element.offerUpdate(() => undefined);
    await settled();
    await says(element, "A new version of the viewer is ready");
  });

  it("opens the tags of the shown image beside it by their key, and gives the focus back", async () => {
    const element = await mount({ study: "1.2.3" });
    await firstFrame();
    await shows(element, "negato-study-view");
    const view = element.shadowRoot?.querySelector("negato-study-view");
    await view?.focusViewport();
    await userEvent.keyboard("t");
    await expect
      .poll(() => view?.shadowRoot?.querySelector("negato-tag-panel")?.shadowRoot?.activeElement, {
        timeout: 8000,
      })
      .toBeTruthy();
    await says(element, "Patient's Name");
    await userEvent.keyboard("{Escape}");
    await expect.poll(() => view?.shadowRoot?.querySelector("negato-tag-panel")).toBeNull();
    await expect.poll(() => view?.shadowRoot?.activeElement?.localName).toBe("negato-viewport");
  });

  it("opens help by its key and gives the focus back", async () => {
    const element = await mount();
    element.shadowRoot?.querySelector("negato-study-list")?.focusStudies();
    await settled();
    await userEvent.keyboard("?");
    await says(element, "Keys and gestures");
    await userEvent.keyboard("{Escape}");
    await expect.poll(() => element.shadowRoot?.querySelector("negato-keys-dialog")).toBeNull();
  });

  it.each([
    ["a study", { study: "1.2.3" }, "3 of 312 images"],
    ["the list", {}, "DEMO, Chest 3"],
    ["a refusal", { study: "nonsense" }, "Code: bad-study-uid"],
  ])(
    "has no accessibility violation with %s",
    async (_, attributes: Record<string, string>, text) => {
      archive.matches = [madeMatch(3, { PatientID: "4471-093" })];
      const element = await mount(attributes);
      if ("study" in attributes && text.includes("images")) await firstFrame();
      await says(element, text);
      await settled();
      const { violations } = await axe.run(element);
      expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
    },
  );
});
