import { expect, type Page } from "@playwright/test";

/** Presses Tab until what has this name has the focus; on the way, the focus is never hidden. */
export async function tabTo(
  page: Page,
  name: RegExp,
  key: "Tab" | "Shift+Tab" = "Tab",
): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press(key);
    const focused = await focusOf(page);
    expect(focused.isVisible, `the focus on “${focused.name}” is visible`).toBe(true);
    if (name.test(focused.name)) return;
  }
  throw new Error(`${name} was not reached.`);
}

/** What has the focus has this name, and a person sees that it has it. */
export async function expectVisibleFocus(page: Page, name: RegExp): Promise<void> {
  await expect(async () => {
    const focused = await focusOf(page);
    expect(focused.name).toMatch(name);
    expect(focused.isVisible).toBe(true);
  }).toPass({ timeout: 10_000 });
}

/** The name of what has the focus, and whether a ring or frame shows it. */
async function focusOf(page: Page): Promise<{ name: string; isVisible: boolean }> {
  return await page.evaluate(() => {
    let focused = document.activeElement;
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    if (focused === null || focused === document.body) return { name: "the page", isVisible: true };
    const label =
      focused instanceof HTMLInputElement ? focused.labels?.[0]?.textContent : undefined;
    const name = focused.getAttribute("aria-label") ?? label ?? focused.textContent ?? "";
    const frame = focused.parentElement?.querySelector(":scope > .frame");
    const active = focused.getAttribute("aria-activedescendant") ?? "";
    const descendant = active === "" ? null : focused.querySelector(`[id="${active}"]`);
    const around = [focused, frame, descendant, focused.nextElementSibling, focused.parentElement];
    const isVisible = around.some((one) => {
      if (!one) return false;
      return [undefined, "::after"].some((part) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one, part);
        const hasOutline = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1;
        return hasOutline || boxShadow !== "none";
      });
    });
    return { name: name.trim(), isVisible };
  });
}
