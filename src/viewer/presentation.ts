import type { ViewSizes } from "#core/geometry/view-transform.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { DisplayNotice } from "#core/pixels/display-extras.ts";
import type { DisplayAttributes } from "#core/pixels/display-pipeline.ts";
import type { VoiLut } from "#core/pixels/voi-lut.ts";
import type { FrameReference } from "#core/study/display-set.ts";
import type { PresentationGraphics } from "#core/study/presentation-graphics.ts";
import type { PresentationLimit, PresentationStateTitle } from "#core/study/presentation-state.ts";
import type { Study } from "#core/study/study-tree.ts";
import type { FrameDescription } from "./frame-description.ts";
import type { ViewPose } from "./view-pose.ts";

/** Which presentation state a person wants for a display set. */
export type PresentationWish =
  /** The newest that can be applied to the image. */
  | { readonly kind: "default" }
  /** The image as it is. */
  | { readonly kind: "none" }
  /** This one; images that it is not about are shown by the newest of theirs. */
  | { readonly kind: "state"; readonly sopInstanceUid: string };

/** Why a presentation state is not applied to an image that it is about (safety C21). */
export type PresentationObstacle =
  /** Blending, planar MPR, volume rendering: its class says what it is. */
  | "unsupported-class"
  /** Its attributes contradict the standard so far that nothing of it can be trusted. */
  | "unreadable"
  /** A lookup table or an overlay that it needs could not be fetched. */
  | "incomplete"
  /** It names another patient than the image does (safety C4). */
  | "other-patient";

/** A presentation state that is about the shown image. */
export interface PresentationOption {
  readonly title: PresentationStateTitle;
  /** Undefined: it can be applied. */
  readonly obstacle: PresentationObstacle | undefined;
}

/** How large the state wants the image, and how far that can be kept. */
export type PresentedSize =
  | "fit"
  /** True size under the assumption of 96 pixels per inch, which no browser confirms. */
  | "true-size-assumed-96-dpi"
  | "magnified";

/** The presentation state that is applied to the shown image. */
export interface AppliedPresentation {
  readonly title: PresentationStateTitle;
  readonly size: PresentedSize;
  /** What of it is not applied. */
  readonly limits: readonly PresentationLimit[];
}

/** Whether the shown image has something that can be hidden, and whether it is hidden. */
export type PartVisibility = "none" | "shown" | "hidden";

/** What lies over the shown image beside annotations, each of which a person can hide. */
export interface DisplayParts {
  readonly overlays: PartVisibility;
  readonly shutter: PartVisibility;
  /** Graphics and texts of the presentation state. */
  readonly graphics: PartVisibility;
}

/** Which of these a person wants to see. */
export interface WantedParts {
  readonly overlays: boolean;
  readonly shutter: boolean;
}

/** A frame, as it was decoded and described. */
export interface PreparedFrame {
  readonly reference: FrameReference;
  readonly description: FrameDescription;
  readonly frame: DecodedFrame;
}

/** A frame that is to be presented. */
export interface FrameToPresent extends PreparedFrame {
  readonly study: Study;
  readonly wish: PresentationWish;
  readonly wanted: WantedParts;
}

/** How the shown image is presented: by its own attributes, or by a state in their place. */
export interface ImagePresentation {
  readonly options: readonly PresentationOption[];
  readonly applied: AppliedPresentation | undefined;
  /** In place of the image's own; the mask of what is wanted is among them. */
  readonly attributes: DisplayAttributes;
  /** VOI LUTs of the state, the preferred one first; empty without a state. */
  readonly vois: readonly VoiLut[];
  readonly graphics: PresentationGraphics;
  readonly hasOverlays: boolean;
  readonly hasShutter: boolean;
  /** What of the image itself cannot be shown as it is meant. */
  readonly notices: readonly DisplayNotice[];
  /** Height over width of an image pixel on the screen; undefined: as the image says. */
  readonly pixelAspect: number | undefined;
  /** Where the state places the image; undefined: as large as fits, upright. */
  readonly pose: ((sizes: ViewSizes, pixelRatio: number) => ViewPose) | undefined;
}
