import axe from "axe-core";
import { afterEach, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { FakeCompanion } from "../../viewer/fake/fake-companion.ts";
import type { NegatoForwardDialog } from "./negato-forward-dialog.ts";
import "./negato-forward-dialog.ts";

afterEach(() => {
  document.body.replaceChildren();
});

const TARGET = {
  studyInstanceUid: "1.2",
  patient: "DEMO, Anna",
  identity: "4471 · 12 Mar 1968",
  study: "CT chest",
  series: { seriesInstanceUid: "1.2.3", name: "3 · Lung" },
};
const SOURCES = { sources: [{ name: "pacs", kind: "dimse", isDefault: true }] };

async function mount(forward: unknown, destinations = ["ARCHIVE2", "WORKSTATION"]) {
  const companion = new FakeCompanion({
    sources: SOURCES,
    "sources/pacs/forward": forward,
  });
  const json = companion.json.bind(companion);
  companion.json = async (path, signal) =>
    path.endsWith("/forward") ? { destinations } : await json(path, signal);
  const element = document.createElement("negato-forward-dialog");
  element.openCompanion = async () => companion;
  element.forwarded = TARGET;
  document.body.append(element);
  await expect.poll(() => text(element)).not.toContain("Asking");
  return { element, companion };
}

function text(element: NegatoForwardDialog): string {
  return (element.shadowRoot?.textContent ?? "").replace(/\s+/g, " ");
}

it("names whose study goes where, sends it, and says what did not arrive", async () => {
  const { element, companion } = await mount([
    { remaining: 1, completed: 2, failed: 0, warning: 0 },
    {
      status: "partial",
      completed: 2,
      failed: 1,
      failedInstances: [{ sopInstanceUID: "1.9", reason: "A700" }],
      detail: "One was refused.",
    },
  ]);
  expect(text(element)).toContain("DEMO, Anna");
  const root = element.shadowRoot;
  const select = root?.querySelector("select");
  if (select) await userEvent.selectOptions(select, "WORKSTATION");
  await expect.poll(() => text(element)).toContain("Send to WORKSTATION");
  root?.querySelectorAll<HTMLInputElement>("input[type=radio]")[1]?.click();
  root?.querySelector<HTMLElement>(".primary")?.click();
  await expect.poll(() => text(element)).toContain("2 objects arrived at WORKSTATION, 1 did not.");
  expect(text(element)).toContain("One was refused.");
  expect(text(element)).toContain("1.9 A700");
  expect(companion.sent).toEqual([
    { destination: "WORKSTATION", studyInstanceUID: "1.2", seriesInstanceUID: "1.2.3" },
  ]);
});

it("says that there is nowhere to send to", async () => {
  const { element } = await mount([], []);
  expect(text(element)).toContain("It may not be sent anywhere from here.");
});

it("has no accessibility violation", async () => {
  const { element } = await mount([]);
  const { violations } = await axe.run(element);
  expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
});
