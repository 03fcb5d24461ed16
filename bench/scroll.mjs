// How fluently images and windows follow the hand: 100 turns of the wheel, then 100 moves of a window drag, 60 a second, over a
// cached CT, against the least that a page can do on the same machine: `putImageData` of a picture as large as the viewport's
// canvas for each of the same events.
//
// Usually the browser puts pages together without graphics, as on a PC whose graphics it cannot use. `--emulated` lets it emulate
// a graphics processor instead, which takes most of the machine for itself. `--profile` writes what a profiler saw.
//
//   node bench/scroll.mjs [--study UID] [--emulated] [--profile FILE] [-- companion options]
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { chromium } from "playwright";
import { findChromium } from "../scripts/system-parts.mjs";
import { startCompanion } from "./companion.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    study: { type: "string" },
    emulated: { type: "boolean", default: false },
    profile: { type: "string" },
  },
});
const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  ...(values.emulated
    ? ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    : ["--disable-gpu"]),
];
const STEPS = 100;
const STEP_MS = 1000 / 60;

/** @typedef {{ name: string, shown: number, p50: number, p95: number, most: number, longTasks: number[], pageMs: number, screenMs: number }} Figures */

const companion = await startCompanion(positionals);
const executablePath = findChromium();
const browser = await chromium.launch({
  args: FLAGS,
  ...(executablePath ? { executablePath } : {}),
});
const system = await browser.newBrowserCDPSession();
try {
  const study = values.study ?? (await firstCtStudy());
  const viewer = await openViewer(`${companion.address}/?StudyInstanceUIDs=${study}`);
  const size = await ask(viewer.session, "measured.canvasSize()");
  const results = [await measure(viewer, "scroll", turnWheel, values.profile)];
  results.push(await measure(viewer, "window", dragWindow, values.profile));
  await viewer.page.close();
  const limit = await openLimit(size);
  results.push(await measure(limit, "limit, wheel", turnWheel));
  results.push(await measure(limit, "limit, drag", dragWindow));
  report(size, results);
} finally {
  await browser.close();
  await companion.stop();
}

async function firstCtStudy() {
  const answer = await fetch(`${companion.address}/dicom-web/studies?ModalitiesInStudy=CT&limit=1`);
  const [first] = await answer.json();
  return first["0020000D"].Value[0];
}

/** A page of the usual size that notes what it shows. */
async function openPage() {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(noteWhatIsShown);
  return { page, session: await page.context().newCDPSession(page) };
}

/**
 * The viewer with a study of which every frame is cached.
 * @param {string} address
 */
async function openViewer(address) {
  const opened = await openPage();
  await opened.page.goto(address);
  const giveUp = Date.now() + 60_000;
  while (!(await ask(opened.session, "measured.isAllCached()"))) {
    if (Date.now() > giveUp) throw new Error("The stack was not cached within a minute");
    await opened.page.waitForTimeout(200);
  }
  const stage = opened.page.getByRole("application");
  await stage.press("Home");
  // The ring around what the keyboard acts on is not there for a hand at the mouse.
  await stage.blur();
  // Thumbnails and storage come to rest.
  await opened.page.waitForTimeout(2000);
  return opened;
}

/**
 * The value of an expression in the page, whose content security policy forbids `eval`.
 * @param {Awaited<ReturnType<typeof openPage>>["session"]} session
 * @param {string} expression
 */
async function ask(session, expression) {
  const { result } = await session.send("Runtime.evaluate", {
    expression,
    returnByValue: true,
    allowUnsafeEvalBlockedByCSP: true,
  });
  return result.value;
}

/**
 * A page with nothing but a canvas of this size, which one of two pictures is put on for each event.
 * @param {{ width: number, height: number }} size
 */
async function openLimit(size) {
  const opened = await openPage();
  await opened.page.goto("about:blank");
  await opened.page.evaluate(putPictures, size);
  return opened;
}

/** @typedef {Awaited<ReturnType<typeof openPage>>} Opened */

/**
 * What came on the screen while events were sent.
 * @param {Opened} opened
 * @param {string} name
 * @param {(session: Opened["session"]) => Promise<void>} act
 * @param {string} [profileFile]
 */
async function measure({ page, session }, name, act, profileFile) {
  // One round to warm up, one to measure.
  await act(session);
  await page.waitForTimeout(500);
  if (profileFile !== undefined) await startProfile(session);
  await ask(session, "measured.begin()");
  const before = await cpuSeconds();
  await act(session);
  await page.waitForTimeout(700);
  const after = await cpuSeconds();
  const { times, longTasks } = await ask(session, "measured.end()");
  if (profileFile !== undefined) {
    const { profile } = await session.send("Profiler.stop");
    writeFileSync(`${profileFile}.${name}.cpuprofile`, JSON.stringify(profile));
  }
  const gaps = times
    .slice(1)
    .map((/** @type {number} */ at, /** @type {number} */ index) => at - times[index]);
  const perImage = (/** @type {'page' | 'screen'} */ part) =>
    ((after[part] - before[part]) * 1000) / times.length;
  return {
    name,
    shown: times.length,
    p50: quantile(gaps, 0.5),
    p95: quantile(gaps, 0.95),
    most: quantile(gaps, 1),
    longTasks,
    pageMs: perImage("page"),
    screenMs: perImage("screen"),
  };
}

/** @param {Opened["session"]} session */
async function startProfile(session) {
  await session.send("Profiler.enable");
  await session.send("Profiler.setSamplingInterval", { interval: 200 });
  await session.send("Profiler.start");
}

/** Seconds of processor time so far: what draws pages, and what puts them on the screen. */
async function cpuSeconds() {
  const { processInfo } = await system.send("SystemInfo.getProcessInfo");
  const total = (/** @type {string} */ type) =>
    processInfo
      .filter((entry) => entry.type === type)
      .reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  return { page: total("renderer"), screen: total("GPU") };
}

/** Forward for half of the way and back again, so that a stack of 51 images is enough. @param {Opened["session"]} session */
async function turnWheel(session) {
  await inTime((step) =>
    session.send("Input.dispatchMouseEvent", {
      type: "mouseWheel",
      x: 700,
      y: 500,
      deltaX: 0,
      deltaY: step < STEPS / 2 ? 100 : -100,
    }),
  );
}

/** @param {Opened["session"]} session */
async function dragWindow(session) {
  const mouse = (
    /** @type {"mousePressed" | "mouseMoved" | "mouseReleased"} */ type,
    x = 600,
    y = 500,
  ) =>
    session.send("Input.dispatchMouseEvent", {
      type,
      x,
      y,
      button: "left",
      buttons: 1,
      clickCount: 1,
    });
  await mouse("mousePressed");
  await inTime((step) => mouse("mouseMoved", 600 + (step + 1) * 2, 500 - (step % 20)));
  await mouse("mouseReleased", 600 + STEPS * 2);
}

/**
 * Does something for each step at its time, without waiting for the answers but at the end.
 * @param {(step: number) => Promise<unknown>} act
 */
async function inTime(act) {
  const start = performance.now();
  const answers = [];
  for (let step = 0; step < STEPS; step += 1) {
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(start + step * STEP_MS - performance.now(), 0)),
    );
    answers.push(act(step));
  }
  await Promise.all(answers);
}

/** Runs in the page before everything else. Times are those at which a new picture was drawn, one for each frame of the screen. */
function noteWhatIsShown() {
  /** @type {number[]} */
  let times = [];
  /** @type {number[]} */
  let longTasks = [];
  let isPressed = false;
  let lastFrame = /** @type {unknown} */ (undefined);
  const note = () => {
    const frame = document.timeline.currentTime;
    if (frame === lastFrame) return;
    lastFrame = frame;
    times.push(performance.now());
  };
  addEventListener(
    "pointerdown",
    () => {
      isPressed = true;
    },
    true,
  );
  addEventListener(
    "pointerup",
    () => {
      isPressed = false;
    },
    true,
  );
  addEventListener("negato-image-shown", note);
  addEventListener("negato-window-changed", () => {
    if (isPressed) note();
  });
  addEventListener("negato-limit-shown", note);
  const observer = new PerformanceObserver((list) => {
    longTasks.push(...list.getEntries().map(({ duration }) => duration));
  });
  observer.observe({ type: "longtask" });
  /** @param {ParentNode} root @param {string} selector @returns {Element | null} */
  const deep = (root, selector) => {
    const found = root.querySelector(selector);
    if (found !== null) return found;
    for (const element of root.querySelectorAll("*")) {
      const inside = element.shadowRoot === null ? null : deep(element.shadowRoot, selector);
      if (inside !== null) return inside;
    }
    return null;
  };
  Object.assign(window, {
    measured: {
      begin: () => {
        observer.takeRecords();
        times = [];
        longTasks = [];
      },
      end: () => ({ times, longTasks }),
      canvasSize: () => {
        const { width, height } = Object(deep(document, '[role="application"] canvas'));
        return { width, height };
      },
      isAllCached: () => {
        const { cached = [] } = Object(deep(document, "negato-stack-slider"));
        return cached.length > 0 && cached.every(Boolean);
      },
    },
  });
}

/**
 * Runs in the page of the limit: an event, an animation frame, a picture.
 * @param {{ width: number, height: number }} size
 */
function putPictures(size) {
  const canvas = Object.assign(document.createElement("canvas"), size);
  canvas.style.cssText = "position:fixed;inset-inline-start:144px;inset-block-start:100px";
  document.body.append(canvas);
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  if (!context) throw new Error("No canvas");
  const pictures = [1, 2].map((seed) => {
    const words = Uint32Array.from(
      { length: canvas.width * canvas.height },
      (_, at) => 0xff000000 | ((at * seed * 7919) & 0xffffff),
    );
    return new ImageData(new Uint8ClampedArray(words.buffer), canvas.width, canvas.height);
  });
  let count = 0;
  let isAwaited = false;
  const show = () => {
    isAwaited = false;
    const picture = pictures[count++ % 2];
    if (picture) context.putImageData(picture, 0, 0);
    dispatchEvent(new Event("negato-limit-shown"));
  };
  const soon = () => {
    if (!isAwaited) requestAnimationFrame(show);
    isAwaited = true;
  };
  addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      soon();
    },
    { passive: false },
  );
  addEventListener("pointermove", soon);
}

/** @param {number[]} values @param {number} share */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}

/** @param {{ width: number, height: number }} size @param {Figures[]} results */
function report({ width, height }, results) {
  process.stdout.write(`${STEPS} events, 60 a second; canvas ${width} x ${height}\n`);
  for (const { name, shown, p50, p95, most, longTasks, pageMs, screenMs } of results)
    process.stdout.write(
      `  ${name.padEnd(14)} ${String(shown).padStart(3)} shown; interval p50 ${p50.toFixed(1)}, p95 ${p95.toFixed(1)}, most ${most.toFixed(1)} ms; ` +
        `processor time per image: page ${pageMs.toFixed(1)}, screen ${screenMs.toFixed(1)} ms; ${longTasks.length} tasks > 50 ms${longTasks.length > 0 ? `, longest ${Math.max(...longTasks)}` : ""}\n`,
    );
}
