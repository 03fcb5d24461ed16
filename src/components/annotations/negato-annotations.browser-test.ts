import { afterEach, describe, expect, it } from "vitest";
import { NegatoAnnotations } from "./negato-annotations.ts";

afterEach(() => document.body.replaceChildren());

/** Relative luminance of a grey as computed style writes it. */
function luminanceOf(color: string): number {
  const lightness = /^oklch\(([\d.]+)/.exec(color)?.[1];
  // A grey of OKLCH has the cube of its lightness as luminance.
  if (lightness === undefined) throw new Error(`${color} is not in OKLCH`);
  return Number(lightness) ** 3;
}

/** Luminance of white behind a black plate of this opacity. */
function plateOnWhite(color: string): number {
  const alpha = Number(/,\s*([\d.]+)\)$/.exec(color)?.[1] ?? Number.NaN);
  return ((1 - alpha + 0.055) / 1.055) ** 2.4;
}

describe("annotations", () => {
  it("can be read over white: every text has a contrast of 4.5", async () => {
    const element = new NegatoAnnotations();
    element.annotations = {
      corners: {
        topLeft: [{ key: "name", text: "DEMO, Chest" }],
        topRight: [
          { key: "study-date", text: "14 Nov 2026" },
          { key: "series", text: "CT · Series 3" },
        ],
        bottomLeft: [{ key: "slice", text: "Loc 5 mm" }],
        bottomRight: [],
      },
      letters: { left: "R", right: "L", top: "A", bottom: "P" },
      marks: [],
      imageCount: 9,
      imageNumber: 1,
      zoom: "Zoom 1:1",
      fidelity: "exact",
    };
    element.style.cssText = "position: fixed; inset: 0; background: white";
    document.body.append(element);
    await element.updateComplete;
    const texts = [...(element.shadowRoot?.querySelectorAll(".line, .letter") ?? [])];
    expect(texts.length).toBeGreaterThan(8);
    for (const text of texts) {
      const { color, backgroundColor } = getComputedStyle(text);
      const contrast = (luminanceOf(color) + 0.05) / (plateOnWhite(backgroundColor) + 0.05);
      expect(contrast, text.textContent ?? "").toBeGreaterThanOrEqual(4.5);
    }
  });
});
