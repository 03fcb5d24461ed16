import axe from "axe-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import { FakeFrameProvider } from "../../viewer/fake/fake-frame-provider.ts";
import { madeStudy } from "../../viewer/fake/made-study.ts";
import { ViewportController } from "../../viewer/viewport-controller.ts";
import { dressPage } from "../viewport/mounted-viewport.ts";
import type { NegatoExactness } from "./negato-exactness.ts";
import "./negato-exactness.ts";

beforeAll(dressPage);

afterEach(() => {
  document.body.replaceChildren();
});

/** Images of 2 by 2 pixels, all of the number of their image. */
const ROWS = 2;

interface Mounted {
  readonly element: NegatoExactness;
  readonly viewport: ViewportController;
  readonly text: () => string;
}

async function mount(
  change: Partial<DecodedFrame> = {},
  attributes: MadeDataSet = {},
  bitsAllocated = 8,
): Promise<Mounted> {
  const frames = new FakeFrameProvider(({ address }) => {
    const value = Number(address.sopInstanceUid.split(".").at(-1));
    return {
      rows: ROWS,
      columns: ROWS,
      meaning: "monochrome",
      samples: new Uint8Array(ROWS * ROWS).fill(value),
      bitsStored: 8,
      isSigned: false,
      minimum: value,
      maximum: value,
      decoder: "made 1.2.3",
      fidelity: "exact",
      deviations: [],
      ...change,
    };
  });
  const viewport = new ViewportController({ frames });
  const element = document.createElement("negato-exactness");
  element.viewport = viewport;
  element.style.setProperty("background", "var(--negato-panel)");
  document.body.append(element);
  viewport.state.show(
    madeStudy(3, {
      Rows: ROWS,
      Columns: ROWS,
      BitsAllocated: bitsAllocated,
      BitsStored: bitsAllocated,
      HighBit: bitsAllocated - 1,
      ...attributes,
    }),
  );
  frames.open[0]?.answer();
  frames.keepWishes();
  const text = (): string => element.shadowRoot?.textContent?.replace(/\s+/g, " ") ?? "";
  await expect.poll(text).toContain("Decoded by");
  return { element, viewport, text };
}

/** SHA-256 by other means than the code that is tested: bytes written by hand. */
async function sha256(...bytes: readonly number[]): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

describe("<negato-exactness>", () => {
  it("says how exact the samples are, from what, by which decoder, and their hash", async () => {
    const { text } = await mount();
    // printf '\1\1\1\1' | sha256sum
    const hash = "27ecd0a598e76f8a2fd264d427df0a119903e8eae384e478902541756f089dd1";
    await expect.poll(text).toContain(hash);
    expect(text()).toContain(`exact · RLE · ${hash.slice(0, 4)}…`);
    expect(text()).toContain("RLE Lossless (1.2.840.10008.1.2.5)");
    expect(text()).toContain("made 1.2.3");
    expect(text()).toContain("2 × 2 · 8 bits, 8 bits allocated · grey");
  });

  it("hashes values as wide as the header allocates them", async () => {
    const { text } = await mount({}, {}, 16);
    await expect.poll(text).toContain(await sha256(1, 0, 1, 0, 1, 0, 1, 0));
  });

  it("changes with the image, and never shows the hash of another", async () => {
    const { text, viewport } = await mount();
    const first = await sha256(1, 1, 1, 1);
    const third = await sha256(3, 3, 3, 3);
    await expect.poll(text).toContain(first);
    viewport.goTo(1);
    viewport.goTo(2);
    await expect.poll(text).not.toContain(first);
    await expect.poll(text).toContain(third);
    expect(text()).not.toContain(await sha256(2, 2, 2, 2));
  });

  it("does not call lossy samples exact, and says why", async () => {
    const { text } = await mount({ fidelity: "lossy" });
    expect(text()).toContain("lossy · RLE");
    expect(text()).not.toContain("exact");
    expect(text()).toContain("The encoder changed the values.");
  });

  it("does not call exact what was lossy before", async () => {
    const { text } = await mount({}, { LossyImageCompression: "01" });
    expect(text()).toContain("as stored · RLE");
    expect(text()).toContain("compressed with loss");
  });

  it("lists in words how the stream departs from the header", async () => {
    const message = "The codestream has 12 bits, the header 8.";
    const { text } = await mount({
      deviations: [{ code: "bits-stored-mismatch", message }],
      bitsStored: 12,
      maximum: 4000,
    });
    expect(text()).toContain(message);
    expect(text()).toContain("not what the header promises");
  });

  it("has no hash for a preview", async () => {
    const { element, text } = await mount();
    element.preview = true;
    await expect.poll(text).toContain("are a preview");
    expect(text()).not.toContain("SHA-256");
  });

  it("says where the browser computes no hash", async () => {
    const own = Object.getOwnPropertyDescriptor(Crypto.prototype, "subtle");
    Object.defineProperty(Crypto.prototype, "subtle", { configurable: true, get: () => undefined });
    try {
      const { text } = await mount();
      expect(text()).toContain("pages of https");
    } finally {
      if (own !== undefined) Object.defineProperty(Crypto.prototype, "subtle", own);
    }
  });

  it("copies the hash by key", async () => {
    const { element, text } = await mount();
    await expect.poll(text).toContain(await sha256(1, 1, 1, 1));
    element.shadowRoot?.querySelector<HTMLElement>("button")?.focus();
    await userEvent.keyboard("{Enter}");
    await expect
      .poll(() => element.shadowRoot?.querySelector("[role=status]")?.textContent)
      .toBe("Copied");
  });

  it("has no accessibility violation", async () => {
    const { element } = await mount();
    const { violations } = await axe.run(element);
    expect(violations.map(({ id }) => id)).toEqual([]);
  });
});
