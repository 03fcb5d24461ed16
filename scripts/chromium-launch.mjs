import { findChromium } from "./system-parts.mjs";

const executablePath = findChromium();

/** How the tests start Chromium: the one of this machine, without a screen, a sandbox, a GPU or a network of its own. */
export const chromiumLaunch = {
  args: [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
  ],
  ...(executablePath === undefined ? {} : { executablePath }),
};
