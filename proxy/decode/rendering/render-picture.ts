import type { DecodeFailure } from "#core/pixels/decode-outcome.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import { type FrameExtras, withDisplayExtras } from "#core/pixels/display-extras.ts";
import { type DisplayAttributes, displayPipeline } from "#core/pixels/display-pipeline.ts";
import { renderPixels } from "#core/pixels/render-pixels.ts";
import type { VoiLut } from "#core/pixels/voi-lut.ts";
import { encodeJpeg } from "../encoders/jpeg-encoder.ts";
import { encodePng, type Picture } from "./encode-png.ts";
import { cropPicture, type Region, scalePicture } from "./scale-picture.ts";
import { srgbProfile } from "./srgb-profile.ts";

/** Media types of rendered images. */
export type RenderedType = "image/jpeg" | "image/png";

/** Width and height that a picture has to fit into, and the part of the image that is shown. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
  /** In pixels of the image; undefined: the whole image. */
  readonly region: Partial<Region> | undefined;
}

/** What a decoded frame is to become, as plain data that crosses threads. */
export interface PictureRequest {
  readonly attributes: DisplayAttributes;
  /** Overlays, shutters, profiles …, all of which are applied. */
  readonly extras: FrameExtras | undefined;
  /** Row over column spacing. It counts where the picture is scaled; one pixel for one it stays as it is stored. */
  readonly pixelAspect: number;
  /** Instead of the frame's own. */
  readonly voi: VoiLut | undefined;
  /** Undefined: one pixel for one. */
  readonly viewport: Viewport | undefined;
  readonly type: RenderedType;
  /** 1 to 100, for JPEG only. */
  readonly quality: number;
  /** Whether pictures with colours carry the ICC profile of sRGB, in which they are. */
  readonly hasProfile: boolean;
}

/** An encoded picture, or why there is none. */
export type PictureOutcome =
  | { readonly ok: true; readonly picture: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly error: DecodeFailure };

/** A frame as a person sees it, through the same pipeline as in the viewer, encoded. */
export async function renderPicture(
  frame: DecodedFrame,
  request: PictureRequest,
): Promise<Uint8Array<ArrayBuffer>> {
  const { extras, pixelAspect, viewport } = request;
  const attributes =
    extras === undefined
      ? request.attributes
      : withDisplayExtras(request.attributes, extras, frame, { pixelAspect });
  const rgba = renderPixels(frame, displayPipeline(attributes, frame, { voi: request.voi }));
  const picture = pictureOf(rgba, frame.columns, frame.rows);
  return await encode(
    viewport === undefined ? picture : fitted(picture, viewport, pixelAspect),
    request,
  );
}

async function encode(
  picture: Picture,
  { type, quality, hasProfile }: PictureRequest,
): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, samplesPerPixel, samples } = picture;
  // A profile of RGB does not go with greys, which have no colour to be managed.
  const profile = hasProfile && samplesPerPixel === 3 ? srgbProfile() : undefined;
  if (type === "image/png") return await encodePng(picture, profile);
  const matrix = { rows: height, columns: width, samplesPerPixel };
  const jpeg = await encodeJpeg(samples, matrix, quality);
  return profile === undefined ? jpeg : withProfile(jpeg, profile);
}

/** Grey where all pixels are, else colour. */
function pictureOf(rgba: Uint8ClampedArray, width: number, height: number): Picture {
  const samplesPerPixel = isGrey(rgba) ? 1 : 3;
  const samples = new Uint8Array(width * height * samplesPerPixel);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    for (let sample = 0; sample < samplesPerPixel; sample += 1, to += 1) {
      samples[to] = rgba[from + sample] ?? 0;
    }
  }
  return { width, height, samplesPerPixel, samples };
}

function isGrey(rgba: Uint8ClampedArray): boolean {
  for (let at = 0; at < rgba.length; at += 4)
    if (rgba[at] !== rgba[at + 1] || rgba[at] !== rgba[at + 2]) return false;
  return true;
}

/** As large as fits into the viewport, in the proportions of the patient. */
function fitted(picture: Picture, viewport: Viewport, pixelAspect: number): Picture {
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
  const shown =
    viewport.region === undefined
      ? picture
      : cropPicture(picture, { ...whole, ...viewport.region });
  const tall = shown.height * pixelAspect;
  const scale = Math.min(viewport.width / shown.width, viewport.height / tall);
  const width = Math.max(1, Math.round(shown.width * scale));
  const height = Math.max(1, Math.round(tall * scale));
  if (width === shown.width && height === shown.height) return shown;
  return scalePicture(shown, width, height);
}

/** The JPEG with an ICC profile in an APP2 segment, behind the APP0 that has to come first (ICC.1:2022 B.4). */
function withProfile(jpeg: Uint8Array, profile: Uint8Array): Uint8Array<ArrayBuffer> {
  const hasApp0 = jpeg[2] === 0xff && jpeg[3] === 0xe0;
  const at = hasApp0 ? 4 + ((jpeg[4] ?? 0) << 8) + (jpeg[5] ?? 0) : 2;
  const name = new TextEncoder().encode("ICC_PROFILE\0");
  const length = 2 + name.length + 2 + profile.length;
  const header = [0xff, 0xe2, length >> 8, length & 0xff, ...name, 1, 1];
  return new Uint8Array(
    Buffer.concat([jpeg.subarray(0, at), Uint8Array.from(header), profile, jpeg.subarray(at)]),
  );
}
