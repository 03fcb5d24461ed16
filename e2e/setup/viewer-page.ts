import { expect, type Locator, type Page } from "@playwright/test";

/** The viewport of the page: the image, which keys and pointers act on. */
export function viewport(page: Page): Locator {
  return page.getByRole("application");
}

/** Waits until an image is on the screen, whole: no mark of loading and no failure over it. */
export async function untilImageShown(page: Page, frameNumber?: number): Promise<void> {
  const name = new RegExp(`image ${frameNumber ?? "\\d+"} of \\d+`, "i");
  await expect(viewport(page)).toHaveAccessibleName(name);
  await expect(page.getByText(/^Loading image/)).toHaveCount(0);
  await expect(page.getByText(/^(exact|lossy)\b/i)).toBeVisible();
}

/** Opens the first study of a modality from the study list and waits for its first image. */
export async function openFirstStudy(
  page: Page,
  address: string,
  { modality }: { readonly modality: string },
): Promise<void> {
  await page.goto(address);
  await page.getByRole("button", { name: modality, exact: true }).click();
  await studyRows(page).first().click();
  await untilImageShown(page);
}

/** The rows of the study list, by what opens them. */
export function studyRows(page: Page): Locator {
  return page.getByRole("table").getByRole("rowheader").getByRole("link");
}

/** The viewport as a picture, annotations included. */
export async function imageOnScreen(page: Page): Promise<Buffer> {
  await page.mouse.move(0, 0);
  return await page.locator("negato-viewport").screenshot({ animations: "disabled" });
}
