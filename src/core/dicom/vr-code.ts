import { isVr, LONG_LENGTH_VRS, type Vr } from "./vr.ts";

const CODE_OF_A = 0x41;
const LETTERS = 26;

/** The VRs by their two letters, so that a header is read without making a string. */
const VRS: readonly (Vr | undefined)[] = Array.from({ length: LETTERS * LETTERS }, (_, code) => {
  const text = String.fromCharCode(
    CODE_OF_A + Math.floor(code / LETTERS),
    CODE_OF_A + (code % LETTERS),
  );
  return isVr(text) ? text : undefined;
});

/** The VR that two bytes spell, or undefined. */
export function vrOfBytes(first: number, second: number): Vr | undefined {
  if (!areCapitals(first, second)) return undefined;
  return VRS[(first - CODE_OF_A) * LETTERS + second - CODE_OF_A];
}

/** Whether both bytes are capital letters, as in every VR there will ever be. */
export function areCapitals(first: number, second: number): boolean {
  return (
    first >= CODE_OF_A &&
    first < CODE_OF_A + LETTERS &&
    second >= CODE_OF_A &&
    second < CODE_OF_A + LETTERS
  );
}

/** Whether the length of the VR has 32 bits in explicit encoding. */
export function hasLongLength(vr: Vr): boolean {
  return LONG_LENGTH_VRS.has(vr);
}
