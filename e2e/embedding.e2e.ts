import { expect, type Page, test } from "./setup/test.ts";
import { DEMO, studyUid, untilImageShown } from "./setup/viewer-page.ts";

test("a page of another maker shows studies after one script, and lets go of what it removes", async ({
  page,
  companion,
  gatewayTo,
}) => {
  const mr = await studyUid(companion.address, DEMO.headMr);
  const us = await studyUid(companion.address, DEMO.heartUs);
  const gateway = await gatewayTo({
    viewer: companion.address,
    pages: { "/portal/patient.html": portalPage(mr) },
  });
  const complaints = complaintsOf(page);
  await page.goto(`${gateway.address}/portal/patient.html`);
  await untilImageShown(page, "any");
  await expect(page.getByRole("application")).toHaveAccessibleName(/^Yamada/);
  expect(page.url()).toBe(`${gateway.address}/portal/patient.html`);

  await page.locator("negato-viewer").evaluate((viewer, study) => {
    viewer.setAttribute("study", study);
  }, us);
  await expect(page.getByRole("application")).toHaveAccessibleName(/^DEMO, Heart.*image 1 of 40$/i);

  await page.locator("negato-viewer").evaluate((viewer) => {
    const second = viewer.cloneNode();
    if (second instanceof Element) viewer.after(second);
  });
  await page
    .locator("negato-viewer")
    .last()
    .evaluate((viewer, study) => {
      viewer.setAttribute("study", study);
    }, mr);
  const second = page.getByRole("application").last();
  await expect(second).toHaveAccessibleName(/^Yamada.*image \d+ of/i);
  await expect(page.getByRole("application").first()).toHaveAccessibleName(/^DEMO, Heart/);
  expect(complaints).toEqual([]);

  await page.locator("negato-viewer").evaluateAll((viewers) => {
    for (const viewer of viewers) viewer.remove();
  });
  const asked = gateway.requests.length;
  await page.keyboard.press("End");
  // Without a limit, a page that draws nothing may wait for its idle moment for half a minute while it is recorded.
  await page.evaluate(
    () => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 1000 })),
  );
  expect(gateway.requests.slice(asked).filter(({ path }) => path.includes("/frames/"))).toEqual([]);
  expect(complaints).toEqual([]);
});

/** A page that knows of the viewer what its makers are told: one script and one element. */
function portalPage(study: string): string {
  return `<!doctype html>
    <html lang="en">
      <head>
        <title>Portal</title>
        <link rel="icon" href="data:," />
        <style>negato-viewer { display: block; height: 400px }</style>
        <script type="module" src="/negato-viewer.js"></script>
      </head>
      <body>
        <h1>Results</h1>
        <negato-viewer dicomweb="/dicom-web" study="${study}"></negato-viewer>
      </body>
    </html>`;
}

/** What the browser complains about: errors, and violations of the page's policy. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} ${message.location().url}`);
  });
  return complaints;
}
