import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { FakeArchive } from "../../viewer/fake/fake-archive.ts";
import { madeKeyObjects, madePresentationState } from "../../viewer/fake/made-statements.ts";
import { Workspace } from "../../viewer/workspace.ts";
import { NegatoSeriesList } from "./negato-series-list.ts";

afterEach(() => document.body.replaceChildren());

describe("the series of a study", () => {
  it("count an image as missing when its thumbnail cannot be drawn", async () => {
    const archive = new FakeArchive();
    const { workspace } = mount(archive);
    const openFor = (number: number) =>
      archive.frames.open.find(
        ({ request }) => request.address.sopInstanceUid === `1.2.3.4.${number}`,
      );
    // The viewport shows the first of three images, the thumbnail the one in the middle.
    await expect.poll(() => openFor(1)).toBeDefined();
    openFor(1)?.answer();
    await expect.poll(() => openFor(2)).toBeDefined();
    openFor(2)?.fail("truncated", "The image is cut off.");
    await expect
      .poll(() => workspace.session.problems.value.map(({ sopInstanceUid }) => sopInstanceUid))
      .toEqual(["1.2.3.4.2"]);
    workspace.dispose();
  });

  it("wear a star for their key images, and say which and why", async () => {
    const archive = new FakeArchive();
    archive.others.push(madeKeyObjects("1.2.3.4.2", "Nodule"));
    const { element, workspace } = mount(archive);
    const item = (): HTMLElement | null | undefined =>
      element.shadowRoot?.querySelector<HTMLElement>(".item:has(negato-thumbnail)");
    await expect
      .poll(() => item()?.querySelector<HTMLElement>(".key-images")?.dataset["count"])
      .toBe("1");
    expect(item()?.getAttribute("aria-label")).toContain("1 key image");
    expect(item()?.title).toContain("Image 2 ★ Of Interest: Nodule");
    const { violations } = await axe.run(element, { runOnly: ["label-content-name-mismatch"] });
    expect(violations.map(({ nodes }) => nodes[0]?.html)).toEqual([]);
    workspace.dispose();
  });

  it("show the image of a presentation state by that state", async () => {
    const archive = new FakeArchive();
    archive.others.push(madePresentationState("1.2.3.4.3"));
    const { element, workspace } = mount(archive);
    await expect.poll(() => archive.frames.open.length).toBeGreaterThan(0);
    archive.frames.open[0]?.answer();
    const state = (): HTMLElement | null | undefined =>
      element.shadowRoot?.querySelector<HTMLElement>('.item[aria-label*="presentation state"]');
    await expect.poll(state).toBeTruthy();
    state()?.click();
    expect(workspace.viewport.state.frameIndex.value).toBe(2);
    expect(workspace.viewport.state.presentationWish.value).toEqual({
      kind: "state",
      sopInstanceUid: "1.2.3.9.1",
    });
    workspace.dispose();
  });
});

function mount(archive: FakeArchive): {
  readonly element: NegatoSeriesList;
  readonly workspace: Workspace;
} {
  const workspace = new Workspace(archive, { studyInstanceUid: "1.2.3" });
  const element = new NegatoSeriesList();
  element.workspace = workspace;
  document.body.append(element);
  return { element, workspace };
}
