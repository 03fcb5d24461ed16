import { type ColourProfile, readColourProfile } from "#core/pixels/colour-profile.ts";

/** Images of a study rarely have more than one. */
const MOST_PROFILES = 4;

/** Reads colour profiles, and the same one of many images only once. */
export class ProfileMemory {
  readonly #known: { readonly bytes: Uint8Array; readonly profile: ColourProfile }[] = [];

  readonly read = (bytes: Uint8Array): ColourProfile => {
    const known = this.#known.find((one) => isSame(one.bytes, bytes));
    if (known !== undefined) return known.profile;
    const profile = readColourProfile(bytes);
    this.#known.unshift({ bytes, profile });
    this.#known.length = Math.min(this.#known.length, MOST_PROFILES);
    return profile;
  };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || (a.length === b.length && a.every((byte, at) => byte === b[at]));
}
