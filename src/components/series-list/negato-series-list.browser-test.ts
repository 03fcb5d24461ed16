import { afterEach, describe, expect, it } from "vitest";
import { FakeArchive } from "../../viewer/fake/fake-archive.ts";
import { Workspace } from "../../viewer/workspace.ts";
import { NegatoSeriesList } from "./negato-series-list.ts";

afterEach(() => document.body.replaceChildren());

describe("the series of a study", () => {
  it("count an image as missing when its thumbnail cannot be drawn", async () => {
    const archive = new FakeArchive();
    const workspace = new Workspace(archive, { studyInstanceUid: "1.2.3" });
    const element = new NegatoSeriesList();
    element.workspace = workspace;
    document.body.append(element);
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
});
