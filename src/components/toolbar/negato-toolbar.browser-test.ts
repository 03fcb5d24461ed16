import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { FakeFrameProvider } from "../../viewer/fake/fake-frame-provider.ts";
import { madeStudy } from "../../viewer/fake/made-study.ts";
import { ViewportController } from "../../viewer/viewport-controller.ts";
import type { NegatoToolbar } from "./negato-toolbar.ts";
import "./negato-toolbar.ts";

afterEach(() => {
  document.body.replaceChildren();
});

async function mount(width: number): Promise<{
  readonly toolbar: NegatoToolbar;
  readonly viewport: ViewportController;
  readonly root: ShadowRoot;
}> {
  const frames = new FakeFrameProvider();
  const viewport = new ViewportController({ frames });
  const toolbar = document.createElement("negato-toolbar");
  toolbar.style.setProperty("width", `${width}px`);
  toolbar.viewport = viewport;
  document.body.append(toolbar);
  viewport.state.show(madeStudy(3));
  frames.open[0]?.answer();
  await new Promise((resolve) => setTimeout(resolve, 80));
  const root = toolbar.shadowRoot;
  if (root === null) throw new Error("The toolbar has no shadow root");
  return { toolbar, viewport, root };
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

  it("has no accessibility violation", async () => {
    const { toolbar } = await mount(390);
    const { violations } = await axe.run(toolbar, {
      rules: { "color-contrast": { enabled: false } },
    });
    expect(violations.map(({ id }) => id)).toEqual([]);
  });
});
