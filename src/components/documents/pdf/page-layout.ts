/** Size of a page in its own unit, 1/72 inch, after rotation. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/** CSS pixels between two pages, and around all of them. */
const PAGE_GAP = 12;

/** Pages under one another: where each begins, and which are within reach. Indices count from 0, lengths are CSS pixels. */
export class PageLayout {
  readonly #tops: readonly number[];
  /** Of all pages with the gaps between and around them. */
  readonly height: number;

  /** @param scale CSS pixels per 1/72 inch */
  constructor(sizes: readonly PageSize[], scale: number) {
    const tops: number[] = [];
    let top = PAGE_GAP;
    for (const { height } of sizes) {
      tops.push(top);
      top += Math.round(height * scale) + PAGE_GAP;
    }
    this.#tops = tops;
    this.height = top;
  }

  top(index: number): number {
    return this.#tops[index] ?? this.height;
  }

  /** The page that is read when the view begins at this place: the last one that begins at or above it. */
  pageAt(y: number): number {
    let [low, high] = [0, this.#tops.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.top(middle) <= y) low = middle;
      else high = middle - 1;
    }
    return Math.max(low, 0);
  }

  /** Indices of the pages that touch a stretch, in order. */
  pagesWithin(from: number, to: number): readonly number[] {
    const pages: number[] = [];
    for (let index = this.pageAt(from); index < this.#tops.length; index++) {
      if (this.top(index) > to) break;
      pages.push(index);
    }
    return pages;
  }
}

/** Larger letters than these are no easier to read: a page of A4 is 952 CSS pixels wide. */
const LARGEST_FIT = 1.6;

/** Scale at which a page fills a width, within reason. */
export function fitScale(page: PageSize, availablePx: number): number {
  const scale = (availablePx - 2 * PAGE_GAP) / page.width;
  return Math.min(Math.max(scale, 0.1), LARGEST_FIT);
}

/** Device pixels per CSS pixel to draw a page with, so that no canvas grows beyond what phones allow. */
export function outputScale(cssWidth: number, cssHeight: number, devicePixelRatio: number): number {
  const area = Math.sqrt(LARGEST_CANVAS / Math.max(cssWidth * cssHeight, 1));
  const edge = LONGEST_CANVAS / Math.max(cssWidth, cssHeight, 1);
  return Math.min(devicePixelRatio, area, edge);
}

const LARGEST_CANVAS = 16_777_216;
const LONGEST_CANVAS = 16_384;
