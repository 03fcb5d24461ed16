import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { FakeFrameProvider } from "../../viewer/fake/fake-frame-provider.ts";
import { madePresentationState } from "../../viewer/fake/made-statements.ts";
import { madeInstance, madeStudyOf } from "../../viewer/fake/made-study.ts";
import { ViewportController } from "../../viewer/viewport-controller.ts";
import type { NegatoToolbar } from "./negato-toolbar.ts";
import "./negato-toolbar.ts";

/** Until code that is loaded on demand is there. */
const ARRIVING = { timeout: 8000 };

afterEach(() => {
  document.body.replaceChildren();
});

async function mount(
  width: number,
  attributes: MadeDataSet = {},
  more: readonly MadeDataSet[] = [],
): Promise<{
  readonly toolbar: NegatoToolbar;
  readonly viewport: ViewportController;
  readonly root: ShadowRoot;
}> {
  const frames = new FakeFrameProvider();
  const viewport = new ViewportController({
    frames,
    marksOf: ({ instance }) => (instance.number === 2 ? [KEY_MARK] : []),
  });
  const toolbar = document.createElement("negato-toolbar");
  toolbar.style.setProperty("width", `${width}px`);
  toolbar.viewport = viewport;
  document.body.append(toolbar);
  const images = [1, 2, 3].map((number) => madeInstance(number, attributes));
  viewport.state.show(madeStudyOf([...images, ...more.map(buildDataSet)]));
  await expect
    .poll(() => {
      for (const request of frames.open) request.answer();
      return viewport.shown.value.kind;
    })
    .toBe("image");
  await toolbar.updateComplete;
  const root = toolbar.shadowRoot;
  if (root === null) throw new Error("The toolbar has no shadow root");
  return { toolbar, viewport, root };
}

const KEY_MARK = {
  sopInstanceUid: "1.2.3.8.1",
  titleCode: "113000",
  title: "Of Interest",
  comment: "Nodule",
  rejection: undefined,
};

/** Opens a menu by its button and gives its lines: what it says, whether it is on. */
async function openMenu(root: ShadowRoot, label: string): Promise<readonly string[]> {
  root.querySelector<HTMLElement>(`[aria-label^="${label}"]`)?.click();
  await expect.poll(() => root.querySelectorAll("#menu .menu-item").length).toBeGreaterThan(0);
  return [...root.querySelectorAll("#menu .menu-item, #menu .heading")].map((line) => {
    const words = [...line.querySelectorAll("kbd, .name, .end")].map((part) =>
      (part.textContent ?? "").replace(/\s+/g, " ").trim(),
    );
    if (line.classList.contains("heading")) return line.textContent?.trim() ?? "";
    const isOn = line.getAttribute("aria-checked") === "true";
    return `${isOn ? "* " : ""}${words.filter(Boolean).join(" | ")}`;
  });
}

function tools(root: ShadowRoot): readonly HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(".tool")];
}

describe("the toolbar", () => {
  it("is one stop for Tab, and arrow keys move inside it", async () => {
    const { root } = await mount(1400);
    await userEvent.keyboard("{Tab}");
    expect(root.activeElement?.getAttribute("aria-label")).toBe("Window");
    await userEvent.keyboard("{ArrowRight}{ArrowRight}");
    expect(root.activeElement?.getAttribute("aria-label")).toBe("Pan");
    expect(tools(root).filter((tool) => tool.tabIndex === 0)).toHaveLength(1);
    await userEvent.keyboard("{End}{ArrowRight}");
    expect(root.activeElement?.getAttribute("aria-label")).toBe("Window");
  });

  it("does what a button says, and shows which tool is chosen", async () => {
    const { root, viewport } = await mount(1400);
    tools(root)
      .find((tool) => tool.getAttribute("aria-label") === "Zoom")
      ?.click();
    expect(viewport.state.tool.value).toBe("zoom");
    await expect
      .poll(() => root.querySelector('[aria-pressed="true"]')?.getAttribute("aria-label"))
      .toBe("Zoom");
  });

  it.each([390, 700, 1024])("keeps every command within reach at %i pixels", async (width) => {
    const { root } = await mount(width);
    const bar = root.querySelector(".bar");
    expect(bar?.scrollWidth).toBeLessThanOrEqual(bar?.clientWidth ?? 0);
    const more = root.querySelector<HTMLElement>(".more");
    more?.click();
    await expect.poll(() => root.querySelector("#menu") !== null).toBe(more !== null);
    const hidden = root.querySelectorAll("#menu .menu-item").length;
    expect(tools(root).length - (more === null ? 0 : 1) + hidden).toBe(16);
    const lowest = Math.min(...tools(root).map((tool) => tool.getBoundingClientRect().width));
    expect(lowest).toBeGreaterThanOrEqual(44);
  });

  it("chooses a window from its menu by keys", async () => {
    const { root, viewport } = await mount(1400);
    const button = tools(root).find((tool) => tool.getAttribute("aria-haspopup") === "menu");
    button?.focus();
    await userEvent.keyboard("{Enter}");
    const isOpen = (): boolean => root.querySelector("#menu")?.matches(":popover-open") === true;
    await expect.poll(isOpen).toBe(true);
    await userEvent.keyboard("{End}{Enter}");
    expect(viewport.state.windowChoice.value.kind).toBe("automatic");
    await expect.poll(isOpen).toBe(false);
    expect(root.activeElement).toBe(button);
  });

  it("offers every window of the image with what it is for, presets and the automatic one", async () => {
    const { root } = await mount(1400, {
      WindowCenter: [40, -600],
      WindowWidth: [400, 1500],
      WindowCenterWidthExplanation: ["READER", ""],
      VOILUTSequence: [
        {
          LUTDescriptor: [2, 0, 8],
          LUTExplanation: "NORMAL",
          LUTData: Uint8Array.of(0, 0, 255, 0),
        },
      ],
    });
    expect((await openMenu(root, "Window presets")).slice(0, 6)).toEqual([
      "* 0 | Window of the image",
      "Of the image",
      "NORMAL | LUT: NORMAL",
      "READER | W 400 L 40",
      "Window 3 of the image | W 1500 L −600",
      "Presets",
    ]);
  });

  it("marks the window that is chosen", async () => {
    const { root, viewport } = await mount(1400);
    viewport.run("window-preset-2");
    const lines = await openMenu(root, "Window presets");
    expect(lines.filter((line) => line.startsWith("*"))).toEqual(["* 2 | lung | W 1500 L −600"]);
  });

  it("offers presentation states, says why one is not applied, and jumps to key images", async () => {
    const { root, viewport } = await mount(1400, {}, [madePresentationState("1.2.3.4.1")]);
    await expect.poll(() => viewport.presentation.value?.title.label, ARRIVING).toBe("REVIEW");
    expect(await openMenu(root, "Presentation")).toEqual([
      "Presentation state",
      "* REVIEW Grayscale Presentation State | 15 Nov 2026 10:15",
      "B | None: the image as it is",
      "Key images",
      "K | Next key image",
      "Shift+K | Previous key image",
      "Image 2 ★ Of Interest: Nodule",
    ]);
    const lines = [...root.querySelectorAll<HTMLElement>("#menu .menu-item")];
    lines[1]?.click();
    await expect.poll(() => viewport.presentation.value).toBeUndefined();
    await expect.poll(() => lines[1]?.getAttribute("aria-checked")).toBe("true");
    lines[4]?.click();
    expect(viewport.state.frameIndex.value).toBe(1);
  });

  it("says of another patient's presentation state that it is not applied", async () => {
    const state = { ...madePresentationState("1.2.3.4.1"), PatientID: "somebody else" };
    const { root, viewport } = await mount(1400, {}, [state]);
    await expect.poll(() => viewport.presentationStates.value.length, ARRIVING).toBe(1);
    expect((await openMenu(root, "Presentation"))[1]).toContain("names another patient");
    expect(root.querySelector("#menu .menu-item")?.getAttribute("aria-disabled")).toBe("true");
  });

  it("says that there is nothing over an image, rather than nothing", async () => {
    const { root, viewport } = await mount(1400);
    viewport.goTo(0);
    viewport.state.show({ ...madeStudyOf([madeInstance(1, { SeriesInstanceUID: "1.2.3.5" })]) });
    await expect.poll(() => viewport.state.frameCount.value).toBe(1);
    expect(await openMenu(root, "Presentation")).toEqual([
      "This image has no presentation state, overlay, shutter or key image.",
    ]);
  });

  it("has no accessibility violation with a menu open", async () => {
    const { toolbar, root } = await mount(1400, {}, [madePresentationState("1.2.3.4.1")]);
    await openMenu(root, "Presentation");
    const { violations } = await axe.run(toolbar, {
      rules: { "color-contrast": { enabled: false } },
    });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });

  it("has no accessibility violation", async () => {
    const { toolbar } = await mount(390);
    const { violations } = await axe.run(toolbar, {
      rules: { "color-contrast": { enabled: false } },
    });
    expect(violations.map(({ id }) => id)).toEqual([]);
  });
});
