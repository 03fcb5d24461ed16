import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeText } from "./character-set.ts";
import { encodeText, tryEncodeText } from "./character-set-encoder.ts";
import type { Vr } from "./vr.ts";

const TAG = 0x00100010;

/** Bytes as the annexes of PS3.5 print them: text in quotes, the rest in hexadecimal. */
function shown(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytes(description: string): string {
  const parts = description.match(/'[^']*'|[0-9a-f]{2}/gi) ?? [];
  return parts
    .map((part) =>
      part.startsWith("'") ? shown(new TextEncoder().encode(part.slice(1, -1))) : part,
    )
    .join("");
}

describe("text into Specific Character Set", () => {
  // PS3.5 annexes H, I, J and K, in bytes.
  test.each([
    [
      "H.3.1",
      ["", "ISO 2022 IR 87"],
      "Yamada^Tarou=山田^太郎=やまだ^たろう",
      `'Yamada^Tarou=' 1b '$B' 3b 33 45 44 1b '(B^' 1b '$B' 42 40 4f 3a 1b '(B='
       1b '$B' 24 64 24 5e 24 40 1b '(B^' 1b '$B' 24 3f 24 6d 24 26 1b '(B'`,
    ],
    [
      "H.3.2",
      ["ISO 2022 IR 13", "ISO 2022 IR 87"],
      "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
      `d4 cf c0 de '^' c0 db b3 '=' 1b '$B' 3b 33 45 44 1b '(J^' 1b '$B' 42 40 4f 3a 1b '(J='
       1b '$B' 24 64 24 5e 24 40 1b '(J^' 1b '$B' 24 3f 24 6d 24 26 1b '(J'`,
    ],
    [
      "I.2",
      ["", "ISO 2022 IR 149"],
      "Hong^Gildong=洪^吉洞=홍^길동",
      `'Hong^Gildong=' 1b '$)C' fb f3 '^' 1b '$)C' d1 ce d4 d7 '='
       1b '$)C' c8 ab '^' 1b '$)C' b1 e6 b5 bf`,
    ],
    [
      "J.1",
      ["ISO_IR 192"],
      "Wang^XiaoDong=王^小東=",
      "'Wang^XiaoDong=' e7 8e 8b '^' e5 b0 8f e6 9d b1 '='",
    ],
    ["J.2", ["GB18030"], "Wang^XiaoDong=王^小东=", "'Wang^XiaoDong=' cd f5 '^' d0 a1 b6 ab '='"],
    [
      "K.2",
      ["", "ISO 2022 IR 58"],
      "Zhang^XiaoDong=张^小东=",
      "'Zhang^XiaoDong=' 1b '$)A' d5 c5 '^' 1b '$)A' d0 a1 b6 ab '='",
    ],
  ])("%s of PS3.5", (_, characterSet, text, expected) => {
    expect(shown(encodeText(text, characterSet, TAG, "PN"))).toBe(bytes(expected));
  });

  const SETS: readonly (readonly [text: string, characterSet: readonly string[]])[] = [
    ["Jérôme", ["ISO_IR 100"]],
    ["ąšČř", ["ISO_IR 101"]],
    ["ħŝ", ["ISO_IR 109"]],
    ["ąŋ", ["ISO_IR 110"]],
    ["Люкceмбypг", ["ISO_IR 144"]],
    ["قباني^لنزار", ["ISO_IR 127"]],
    ["Διονυσιος", ["ISO_IR 126"]],
    ["שרון^דבורה", ["ISO_IR 138"]],
    ["Çavuşoğlu", ["ISO_IR 148"]],
    ["€œ", ["ISO_IR 203"]],
    ["ﾔﾏﾀﾞ", ["ISO_IR 13"]],
    ["สมชาย", ["ISO_IR 166"]],
    ["山田\\Müller\\Люк", ["ISO 2022 IR 100", "ISO 2022 IR 87", "ISO 2022 IR 144"]],
    ["丂", ["", "ISO 2022 IR 87", "ISO 2022 IR 159"]],
    ["김희중", ["ISO 2022 IR 6", "ISO 2022 IR 149"]],
    ["王小東乗\\东", ["GBK"]],
    ["㐀𠀀\\é王", ["GB18030"]],
    ["😀\\ß王", ["ISO_IR 192"]],
  ];

  test.each(SETS)("%s in %s", (text, characterSet) => {
    const encoded = encodeText(text, characterSet, TAG, "PN");
    expect(decodeText(encoded, "PN", characterSet)).toBe(text);
  });

  test("nothing but what the set has: one term takes no escapes", () => {
    expect(tryEncodeText("Люк", "PN", ["ISO_IR 100"])).toBeUndefined();
    expect(tryEncodeText("é", "PN", [])).toBeUndefined();
    expect(tryEncodeText("山", "PN", ["ISO_IR 13"])).toBeUndefined();
    expect(tryEncodeText("¥", "LO", ["ISO_IR 13"])).toBeUndefined();
    expect(tryEncodeText("¥", "LT", ["ISO_IR 13"])).toEqual(Uint8Array.of(0x5c));
    expect(tryEncodeText("~", "LO", ["ISO_IR 13"])).toBeUndefined();
    expect(tryEncodeText("😀", "LO", ["GBK"])).toBeUndefined();
    expect(tryEncodeText("é", "LO", ["NO SUCH SET"])).toBeUndefined();
    expect(tryEncodeText("山", "LO", ["ISO 2022 IR 87"])).toBeUndefined();
    expect(() => encodeText("é", [""], TAG)).toThrow(expect.objectContaining({ tag: TAG }));
  });

  test("the set that the value started with is back before delimiters, line ends and the end", () => {
    const sets = ["ISO 2022 IR 100", "ISO 2022 IR 144", "ISO 2022 IR 87"];
    expect(shown(encodeText("Л^é", sets, TAG, "PN"))).toBe(bytes("1b '-L' bb 1b '-A^' e9"));
    expect(shown(encodeText("Л\r\né", sets, TAG, "LT"))).toBe(bytes("1b '-L' bb 1b '-A' 0d0a e9"));
    expect(shown(encodeText("山\\山", sets, TAG, "LO"))).toBe(
      bytes("1b '$B' 3b33 1b '(B\\' 1b '$B' 3b33 1b '(B'"),
    );
  });

  test("ASCII is the same bytes in every set", () => {
    for (const [, characterSet] of SETS) {
      expect(shown(encodeText("DOE^J*?\\X", characterSet, TAG, "PN"))).toBe(bytes("'DOE^J*?\\X'"));
    }
  });

  test("what is written is read again, in any set", () => {
    const letters = [...new Set(SETS.flatMap(([text]) => [...text, ..."Ab ^=\\"]))];
    const text = fc.array(fc.constantFrom(...letters), { maxLength: 12 }).map((l) => l.join(""));
    fc.assert(
      fc.property(
        text,
        fc.constantFrom(...SETS.map(([, characterSet]) => characterSet)),
        fc.constantFrom<Vr>("PN", "LO", "LT"),
        (written, characterSet, vr) => {
          const encoded = tryEncodeText(written, vr, characterSet);
          if (encoded === undefined) return;
          expect(decodeText(encoded, vr, characterSet)).toBe(written);
        },
      ),
      { numRuns: 2000, seed: 3 },
    );
  });
});
