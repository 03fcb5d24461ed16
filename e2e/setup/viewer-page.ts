import { expect, type Locator, type Page } from "@playwright/test";

/** Accession numbers of the demo archive: what a journey opens. */
export const DEMO = {
  /**
   * Two series of 120 images, JPEG 2000 and uncompressed, a PDF report, a structured report and a key object selection;
   * two priors.
   */
  chestCt: "26CT0091147",
  /** Two projections, the first with a presentation state, the second with an overlay. */
  chestRadiographs: "26DX0090882",
  /** Three small series: JPEG 2000, RLE, uncompressed. */
  headMr: "26MR0030415",
  /** One film of 40 images, JPEG, and a 12-lead ECG. */
  heartUs: "26US0017733",
} as const;

/** The viewport of the page: the image, which keys and pointers act on. */
export function viewport(page: Page): Locator {
  return page.getByRole("application");
}

/** The series of the open study, to choose from. */
export function seriesButtons(page: Page): Locator {
  return page.getByRole("navigation", { name: "Series" }).getByRole("button", { name: /^Series/ });
}

/** Waits until an image is on the screen: no mark of loading and no failure in its place. */
export async function untilImageShown(
  page: Page,
  imageNumber: number | "last" | "any",
): Promise<void> {
  await expect(viewport(page)).toHaveAccessibleName(imageName(imageNumber), { timeout: 20_000 });
  await expect(page.getByText(/^Loading image/)).toHaveCount(0);
  await expect(failureTile(page)).toHaveCount(0);
}

function imageName(imageNumber: number | "last" | "any"): RegExp {
  if (imageNumber === "any") return /image \d+ of \d+$/i;
  if (imageNumber === "last") return /image (\d+) of \1$/i;
  return new RegExp(`image ${imageNumber} of \\d+$`, "i");
}

/** Waits until a study has opened, and goes to the first image of its first series. */
export async function goToFirstImage(page: Page): Promise<void> {
  await untilImageShown(page, "any");
  await viewport(page).press("Home");
  await untilImageShown(page, 1);
}

/** What stands in the place of an image that cannot be shown. */
export function failureTile(page: Page): Locator {
  return page.getByRole("heading", { name: /^Image \d+ cannot be shown$/ });
}

/** Opens a study by its row in the study list and goes to its first image. */
export async function openFromList(page: Page, address: string, accession: string): Promise<void> {
  await page.goto(address);
  await studyRow(page, accession).getByRole("link").click();
  await goToFirstImage(page);
}

/** Opens a study by its address at one of its instances. */
export async function openAt(
  page: Page,
  address: string,
  instance: InstanceAddress,
): Promise<void> {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance;
  const target = `SeriesInstanceUID=${seriesInstanceUid}&SOPInstanceUID=${sopInstanceUid}`;
  await page.goto(`${address}/?StudyInstanceUIDs=${studyInstanceUid}&${target}`);
}

/** Opens a study by its address and goes to its first image. */
export async function openByLink(page: Page, address: string, accession: string): Promise<void> {
  await page.goto(`${address}/?StudyInstanceUIDs=${await studyUid(address, accession)}`);
  await goToFirstImage(page);
}

/** The row of a study in the study list. */
export function studyRow(page: Page, accession: string): Locator {
  return page.getByRole("row").filter({ hasText: accession });
}

/** The names in the rows of the study list, by which studies are opened. */
export function studyLinks(page: Page): Locator {
  return page.getByRole("rowheader").getByRole("link");
}

/** Study Instance UID of an accession number, as the archive says. */
export async function studyUid(address: string, accession: string): Promise<string> {
  const [study] = await search(address, `studies?AccessionNumber=${accession}`);
  return attribute(study, "0020000D");
}

/** Where an instance is, for links and DICOMweb. */
export interface InstanceAddress {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

/** The instance with this number in a series of a study, as the archive says. */
export async function instanceOf(
  address: string,
  accession: string,
  seriesNumber: number,
  instanceNumber: number,
): Promise<InstanceAddress> {
  const studyInstanceUid = await studyUid(address, accession);
  const [series] = await search(
    address,
    `studies/${studyInstanceUid}/series?SeriesNumber=${seriesNumber}`,
  );
  const seriesInstanceUid = attribute(series, "0020000E");
  const [found] = await search(
    address,
    `studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances?InstanceNumber=${instanceNumber}`,
  );
  return { studyInstanceUid, seriesInstanceUid, sopInstanceUid: attribute(found, "00080018") };
}

/** The DICOMweb address of an instance. */
export function instanceUrl(address: string, instance: InstanceAddress): string {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance;
  return `${address}/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;
}

/** The first part of a multipart answer that has no other. */
export async function onlyPart(url: string, accept: string): Promise<Buffer> {
  const response = await fetch(url, { headers: { accept } });
  expect(response.status).toBe(200);
  const bytes = Buffer.from(await response.arrayBuffer());
  return bytes.subarray(bytes.indexOf("\r\n\r\n") + 4, bytes.lastIndexOf("\r\n--"));
}

/** What a QIDO-RS search below `/dicom-web` gives: DICOM JSON objects. */
export async function search(address: string, query: string): Promise<readonly unknown[]> {
  const response = await fetch(`${address}/dicom-web/${query}`, {
    headers: { accept: "application/dicom+json" },
  });
  const found: unknown = await response.json();
  if (!Array.isArray(found)) throw new Error(`${query} did not give a list.`);
  return found;
}

/** The first value of an attribute in a DICOM JSON object, as text. */
export function attribute(object: unknown, tag: string): string {
  const element: unknown = Object.entries(object ?? {}).find(([key]) => key === tag)?.[1];
  const value: unknown = Object.entries(element ?? {}).find(([key]) => key === "Value")?.[1];
  if (!Array.isArray(value)) throw new Error(`There is no ${tag}.`);
  return String(value[0]);
}

/**
 * The viewport as a picture with its annotations; without the slider, which says what has arrived so far, and
 * without the name of the transfer syntax, which not every archive tells.
 */
export async function imageOnScreen(page: Page): Promise<Buffer> {
  return await pictureWithout(page, 'negato-stack-slider, .frame, [data-key="fidelity"]');
}

/** The viewport as a picture without anything that is written or drawn over the image. */
export async function bareImageOnScreen(page: Page): Promise<Buffer> {
  return await pictureWithout(
    page,
    "negato-annotations, negato-graphics, negato-stack-slider, .frame",
  );
}

async function pictureWithout(page: Page, covers: string): Promise<Buffer> {
  await page.mouse.move(0, 0);
  const covering = page.locator(`negato-viewport :is(${covers})`);
  await covering.evaluateAll((all) => {
    for (const one of all) if (one instanceof HTMLElement) one.style.opacity = "0";
  });
  const picture = await page.locator("negato-viewport").screenshot({ animations: "disabled" });
  await covering.evaluateAll((all) => {
    for (const one of all) if (one instanceof HTMLElement) one.style.opacity = "";
  });
  return picture;
}

/** Drags over the middle of the image with the mouse. */
export async function dragBy(page: Page, x: number, y: number): Promise<void> {
  const middle = await middleOfImage(page);
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  await page.mouse.move(middle.x + x, middle.y + y, { steps: 4 });
  await page.mouse.up();
}

/** The middle of the viewport, CSS pixels of the page. */
export async function middleOfImage(page: Page): Promise<{ x: number; y: number }> {
  const box = await viewport(page).boundingBox();
  if (box === null) throw new Error("The viewport is not on the screen.");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** The values of the window over the image: `W 400 L 40`. */
export function windowText(page: Page): Locator {
  return page.locator("negato-annotations").getByText(/^W [\d.,]+\s+L [-−]?[\d.,]+/);
}

/** Addresses of all frames that the page and its workers ask for from now on. */
export function framesAsked(page: Page): string[] {
  const asked: string[] = [];
  page.context().on("request", (request) => {
    if (/\/frames\/\d/.test(request.url())) asked.push(request.url());
  });
  return asked;
}

/** The SHA-256 in the record of exactness, which is open. */
export async function hashOnScreen(page: Page): Promise<string> {
  const hash = page.locator("negato-exactness code").last();
  await expect(hash).toHaveText(/^[0-9a-f]{64}$/);
  return (await hash.textContent()) ?? "";
}
