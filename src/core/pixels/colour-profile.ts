import type { ColourTransform } from "./colour-transform.ts";

/** What an ICC profile (PS3.3 C.11.15) says about the way from the colours of an image to those of an sRGB screen. */
export type ColourProfile =
  /** The colours are those of the screen already: nothing is to be done, and nothing is. */
  | { readonly kind: "srgb"; readonly description: string }
  | {
      readonly kind: "transform";
      readonly transform: ColourTransform;
      readonly description: string;
    }
  /** It contradicts ICC.1, or is of a kind that is not understood: colours are shown as if they were sRGB, and that is said. */
  | { readonly kind: "unusable"; readonly reason: "broken" | "unsupported" };

/** Reads an ICC profile of RGB data. Never throws. */
export function readColourProfile(profile: Uint8Array): ColourProfile {
  return { kind: "unusable", reason: profile.length < 128 ? "broken" : "unsupported" };
}
