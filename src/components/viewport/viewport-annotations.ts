import { msg, str } from "@lit/localize";
import * as TAGS from "#core/dicom/tags.generated.ts";
import { type EdgeLetters, posedLetters } from "#core/geometry/orientation-letters.ts";
import type { LengthUnit } from "#core/geometry/pixel-spacing.ts";
import {
  effectiveInterpolation,
  fitZoom,
  type ViewTransform,
} from "#core/geometry/view-transform.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { VoiLut } from "#core/pixels/voi-lut.ts";
import { type CornerTexts, cornerTexts, identityLines } from "#core/study/corner-texts.ts";
import type { FrameReference } from "#core/study/display-set.ts";
import type { Shown } from "../../viewer/shown-frame.ts";
import type { ViewportController } from "../../viewer/viewport-controller.ts";
import type { ViewportContent } from "../../viewer/viewport-state.ts";
import { isGrey } from "../../viewer/viewport-window.ts";
import { cornerWords } from "../annotations/corner-words.ts";
import { fidelityText, lossyMark } from "../annotations/fidelity-text.ts";
import type { Annotations } from "../annotations/negato-annotations.ts";
import { type ScaleBar, verticalScaleBar } from "../orientation/scale-bar.ts";
import { contradictsHeader, lacksEnd } from "./header-contradiction.ts";
import { presentationLines, presentationNotices, rejectionMarks } from "./viewport-notices.ts";
import { presetName, windowName, windowValues } from "./window-text.ts";

const NO_LETTERS: EdgeLetters = { left: "", right: "", top: "", bottom: "" };

/** What the owner of a viewport adds to the annotations. */
export interface AnnotationExtras {
  /** Whether the pixels on the screen are not those of the image itself (safety C8). */
  readonly isPreview: boolean;
  readonly note: string;
  /** Whether graphics of presentation states can be drawn already. */
  readonly areGraphicsReady: boolean;
}

/**
 * The annotations of what a viewport shows; all of them speak of the image that is on the screen, not of the one that
 * is wanted. Undefined while the viewport is about nothing. Reads signals.
 */
export function viewportAnnotations(
  viewport: ViewportController,
  extras: AnnotationExtras,
): Annotations | undefined {
  const content = viewport.state.content.value;
  if (content === undefined) return undefined;
  const shown = viewport.shown.value;
  const imageCount = content.displaySet.frames.length;
  if (shown.kind === "nothing") {
    const wanted = content.displaySet.frames[viewport.state.frameIndex.value];
    const corners = withoutPlace(cornersOf(content, wanted));
    return { corners, letters: NO_LETTERS, marks: [], imageCount };
  }
  const imageNumber = shown.index + 1;
  const corners = cornersOf(content, shown.reference);
  if (shown.kind === "failure")
    return {
      corners: withoutPlace(corners),
      letters: NO_LETTERS,
      marks: [],
      imageCount,
      imageNumber,
    };
  return {
    ...imageAnnotations(viewport, shown, extras),
    corners: {
      ...corners,
      bottomLeft: [...corners.bottomLeft, ...presentationLines(viewport)],
      bottomRight: [...corners.bottomRight, ...presentationNotices(viewport, shown)],
    },
    imageCount,
    imageNumber,
  };
}

type ImageShown = Extract<Shown, { readonly kind: "image" }>;

function imageAnnotations(
  viewport: ViewportController,
  shown: ImageShown,
  extras: AnnotationExtras,
): Pick<Annotations, "letters" | "marks" | "window" | "zoom" | "scaleBar" | "fidelity" | "note"> {
  const { facts } = shown.description;
  const { transferSyntaxUid } = shown.reference.instance;
  const view = viewport.view.value;
  const lossy = lossyText(shown);
  const scaleBar = view === undefined ? undefined : scaleBarOf(viewport, shown, view);
  const window = windowOf(viewport, shown);
  const isInDoubt = lossy !== undefined || lacksEnd(shown.summary);
  return {
    letters:
      facts.letters === undefined || view === undefined
        ? NO_LETTERS
        : posedLetters(facts.letters, view),
    marks: marksOf(viewport, shown, lossy, extras),
    fidelity: extras.isPreview
      ? ""
      : fidelityText(shown.summary.fidelity, isInDoubt, transferSyntaxUid),
    note: extras.note,
    ...(window === undefined ? {} : { window }),
    ...(view === undefined ? {} : { zoom: zoomText(shown, view) }),
    ...(scaleBar === undefined ? {} : { scaleBar }),
  };
}

/** That the image lost something to compression, by its header or by its stream; undefined when it did not. */
function lossyText({ summary, description, reference }: ImageShown): string | undefined {
  const isLossy = summary.fidelity === "lossy";
  const own = isLossy ? lossyMark(reference.instance.transferSyntaxUid) : undefined;
  return description.facts.lossy?.label ?? own;
}

/** What must not be overlooked. */
function marksOf(
  viewport: ViewportController,
  shown: ImageShown,
  lossy: string | undefined,
  { isPreview, areGraphicsReady }: AnnotationExtras,
): readonly string[] {
  const areGraphicsMissing = !areGraphicsReady && viewport.graphics.value.length > 0;
  return [
    ...(isPreview ? [msg("PREVIEW")] : []),
    ...(lossy === undefined ? [] : [lossy]),
    ...(contradictsHeader(shown.summary, imagePixelOf(shown))
      ? [msg("pixels differ from header")]
      : []),
    ...(lacksEnd(shown.summary) ? [msg("image data without end mark")] : []),
    ...rejectionMarks(viewport),
    ...(areGraphicsMissing ? [msg("graphics not shown")] : []),
  ];
}

function imagePixelOf({ reference }: ImageShown): ImagePixel | undefined {
  const { image } = reference.instance;
  return image.kind === "image" ? image.imagePixel : undefined;
}

function windowOf(viewport: ViewportController, shown: ImageShown): Annotations["window"] {
  const pipeline = viewport.pipeline.value;
  if (pipeline === undefined) return undefined;
  if (!isGrey(shown)) return { values: msg("Colour"), name: colourName(viewport, shown, pipeline) };
  const choice = viewport.state.windowChoice.value;
  const name = windowName(choice, pipeline.voi) || presetOf(viewport, pipeline.voi);
  const isInverted = viewport.state.isInverted.value;
  return {
    values: windowValues(pipeline.voi, viewport.unit.value),
    name: [name, isInverted ? msg("inverted") : ""].filter((part) => part !== "").join(" · "),
  };
}

/** How the colours of the image become those of the screen, as far as it says what they are (safety C11). */
function colourName(
  viewport: ViewportController,
  { reference }: ImageShown,
  pipeline: DisplayPipeline,
): string {
  if (pipeline.colourTransform !== undefined) return msg("ICC applied");
  const { dataSet } = reference.instance;
  const isUnread = viewport.presented.notices.value.some(({ code }) => code.includes("profile"));
  // Whole slide images have their profile in the Optical Path (PS3.3 C.8.12.5).
  const isNamed =
    dataSet.has(TAGS.ColorSpace) ||
    [dataSet, ...dataSet.items(TAGS.OpticalPathSequence)].some((one) => one.has(TAGS.ICCProfile));
  return isNamed && !isUnread ? "sRGB" : msg("no colour profile");
}

/** The name of the preset that has the same values as a window; empty where there is none. */
function presetOf(viewport: ViewportController, voi: VoiLut): string {
  if (voi.kind === "lut") return "";
  const same = viewport.windowOptions.value.find(
    ({ choice, voi: other }) =>
      choice.kind === "preset" && windowValues(other) === windowValues(voi),
  );
  return same === undefined ? "" : presetName(same.voi.explanation);
}

/** `Zoom 1.4× · fit · smooth · 0.68 mm/px (detector)`: device pixels per image pixel, and how those between are made (safety C24). */
function zoomText(shown: ImageShown, view: ViewTransform): string {
  const { pixelSize, usRegions } = shown.description.facts;
  // Ultrasound is calibrated by region; the scale bar says so where there is one.
  const noSize = usRegions.length > 0 ? "" : msg("no pixel size");
  const isOneToOne = view.zoom === 1;
  const factor = Number(view.zoom.toPrecision(view.zoom < 1 ? 2 : 3));
  // A presentation state may place an image that nobody moved.
  const isFit = view.zoom === fitZoom(view) && view.panX === 0 && view.panY === 0;
  const isSmooth = effectiveInterpolation(view) === "smooth";
  const size = Number(pixelSize.columnSpacing.toPrecision(3));
  return [
    isOneToOne ? msg("Zoom 1:1") : msg(str`Zoom ${factor}×`),
    isFit ? msg("fit") : "",
    isSmooth ? msg("smooth") : msg("plain pixels"),
    pixelSize.unit === "px" ? noSize : `${size} ${perPixel(pixelSize.unit)}`,
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

/** `mm/px`, with what it is measured in where that is not plainly the patient: `mm/px (detector)` (safety C16). */
function perPixel(unit: LengthUnit): string {
  return unit.replace(/^mm/, "mm/px");
}

function scaleBarOf(
  viewport: ViewportController,
  shown: ImageShown,
  view: ViewTransform,
): ScaleBar | undefined {
  const { height, pixelRatio } = viewport.state.canvas.value;
  const isUpright = view.quarterTurns % 2 === 0;
  const along = isUpright ? "rows" : "columns";
  const pixels = (view.zoom * (isUpright ? view.pixelAspect : 1)) / pixelRatio;
  const cssHeight = height / pixelRatio;
  // What the corners leave below the letter in the middle, but no longer than a quarter of the height.
  const room = Math.min(cssHeight / 4, (cssHeight - CORNERS_HEIGHT) / 2);
  return verticalScaleBar(shown.description.facts, { along, pixels }, room);
}

/** Upper and lower corners and the letter between them, CSS pixels. */
const CORNERS_HEIGHT = 240;

function cornersOf(content: ViewportContent, reference: FrameReference | undefined): CornerTexts {
  const words = cornerWords();
  if (reference !== undefined)
    return cornerTexts(content.study, content.displaySet, reference, words);
  const patient = content.displaySet.instances[0]?.patient ?? content.study.patient;
  const hasConflict = content.study.conflicts.length > 0;
  const topLeft = identityLines(patient, words, hasConflict);
  const name = content.displaySet.name;
  return { topLeft, topRight: [{ key: "series", text: name }], bottomLeft: [], bottomRight: [] };
}

/** Where no image is on the screen, nothing is said about its place. */
function withoutPlace(corners: CornerTexts): CornerTexts {
  return { ...corners, bottomLeft: [], bottomRight: [] };
}
