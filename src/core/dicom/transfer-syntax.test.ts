import { describe, expect, test } from "vitest";
import { TRANSFER_SYNTAXES, transferSyntaxOf } from "./transfer-syntax.ts";
import * as registry from "./uids.generated.ts";

const keywords = new Map(Object.entries(registry).map(([keyword, uid]) => [uid, keyword]));

/** What the keywords say for words of ours, with the number of the profile where ours leave it out. */
const WORDS: readonly (readonly [ours: RegExp, keyword: string])[] = [
  [/ \(retired\)/, ""],
  [/^Fragmentable (.*)/, "$1 F"],
  [/MPEG-4 AVC\/H\.264 Stereo High Profile/, "MPEG4 HP42 STEREO"],
  [/MPEG-4 AVC\/H\.264 High Profile for ([23]D)/, "MPEG4 HP42 $1"],
  [/MPEG-4 AVC\/H\.264 (High Profile|(?=BD))/, "MPEG4 HP41"],
  [/BD-compatible/, "BD"],
  [/MPEG-2 Main Profile/, "MPEG2 MPML"],
  [/MPEG-2 High Profile/, "MPEG2 MPHL"],
  [/HEVC\/H\.265 Main 10 Profile/, "HEVC M10P51"],
  [/HEVC\/H\.265 Main Profile/, "HEVC MP51"],
  [/JPEG 2000 Part 2/, "JPEG2000 MC"],
  [/^JPEG Baseline$/, "JPEG Baseline 8Bit"],
  [/^JPEG Extended$/, "JPEG Extended 12Bit"],
  [/^JPEG Spectral Selection$/, "JPEG SpectralSelection NonHierarchical68"],
  [/^JPEG Full Progression$/, "JPEG FullProgression NonHierarchical1012"],
];

/** Registered, but never met as files: retired processes of JPEG, pseudo syntaxes, and streams on a wire. */
const UNKNOWN_HERE =
  /^JPEG(Extended35|Spectral.*(79|2022|2123)|Full.*(1113|2426|2527)|Lossless(Non)?Hier.*|Extended.*18|Extended.*19)$|^RFC2557|^XML|^SMPTE/;

describe("transfer syntaxes and the registry of UIDs", () => {
  test("each name is the keyword of its UID in our words", () => {
    const strangers = TRANSFER_SYNTAXES.filter(
      ({ uid, name }) => toKeyword(name) !== keywords.get(uid)?.toLowerCase(),
    ).map(({ uid, name }) => `${name}: ${keywords.get(uid)}`);
    expect(strangers).toEqual([]);
  });

  test("every registered one is known that files are written in", () => {
    const unknown = [...keywords]
      .filter(([uid]) => /^1\.2\.840\.10008\.1\.2(\.|$)/.test(uid))
      .filter(([uid, keyword]) => !transferSyntaxOf(uid) && !UNKNOWN_HERE.test(keyword));
    expect(unknown).toEqual([]);
  });

  test("what calls itself lossless never loses anything", () => {
    const contradictions = TRANSFER_SYNTAXES.filter(
      ({ name, loss }) => /\bLossless\b/.test(name) !== (loss === "never") && !isPlain(name),
    );
    expect(contradictions.map(({ name }) => name)).toEqual(["JPEG-LS Near-Lossless"]);
  });
});

function toKeyword(name: string): string {
  return WORDS.reduce((text, [ours, keyword]) => text.replace(ours, keyword), name)
    .replace(/[^A-Za-z0-9]/g, "")
    .toLowerCase();
}

/** Encodings that keep every bit without saying so. */
function isPlain(name: string): boolean {
  return /Endian$|^Deflated/.test(name);
}
