import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeText, isKnownCharacterSet } from "./character-set.ts";

/** Bytes of text in which `1b`, `b0` and so on stand for bytes and the rest, in quotes, for itself. */
function bytes(description: string): Uint8Array {
  const parts = description.match(/'[^']*'|[0-9a-f]{2}/gi) ?? [];
  return Uint8Array.from(
    parts.flatMap((part) =>
      part.startsWith("'")
        ? [...part.slice(1, -1)].map((character) => character.charCodeAt(0))
        : [Number.parseInt(part, 16)],
    ),
  );
}

describe("text by Specific Character Set", () => {
  // PS3.5 annexes H, I and J: the bytes as printed there.
  test.each([
    [
      "H.3.1",
      ["", "ISO 2022 IR 87"],
      `'Yamada^Tarou=' 1b '$B' 3b 33 45 44 1b '(B^' 1b '$B' 42 40 4f 3a 1b '(B='
       1b '$B' 24 64 24 5e 24 40 1b '(B^' 1b '$B' 24 3f 24 6d 24 26 1b '(B'`,
      "Yamada^Tarou=山田^太郎=やまだ^たろう",
    ],
    [
      "H.3.2",
      ["ISO 2022 IR 13", "ISO 2022 IR 87"],
      `d4 cf c0 de '^' c0 db b3 '=' 1b '$B' 3b 33 45 44 1b '(J^' 1b '$B' 42 40 4f 3a 1b '(J='
       1b '$B' 24 64 24 5e 24 40 1b '(J^' 1b '$B' 24 3f 24 6d 24 26 1b '(J'`,
      "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
    ],
    [
      "I.2",
      ["", "ISO 2022 IR 149"],
      `'Hong^Gildong=' 1b '$)C' fb f3 '^' 1b '$)C' d1 ce d4 d7 '='
       1b '$)C' c8 ab '^' 1b '$)C' b1 e6 b5 bf`,
      "Hong^Gildong=洪^吉洞=홍^길동",
    ],
    [
      "J.1 (UTF-8)",
      ["ISO_IR 192"],
      "'Wang^XiaoDong=' e7 8e 8b '^' e5 b0 8f e6 9d b1 '='",
      "Wang^XiaoDong=王^小東=",
    ],
    [
      "J.2 (GB18030)",
      ["GB18030"],
      "'Wang^XiaoDong=' cd f5 '^' d0 a1 b6 ab",
      "Wang^XiaoDong=王^小东",
    ],
    [
      "K.2 (GB 2312)",
      ["", "ISO 2022 IR 58"],
      "'Zhang^XiaoDong=' 1b '$)A' d5 c5 '^' 1b '$)A' d0 a1 b6 ab '='",
      "Zhang^XiaoDong=张^小东=",
    ],
  ])("%s", (_, characterSet, description, expected) => {
    expect(decodeText(bytes(description), "PN", characterSet)).toBe(expected);
  });

  test.each([
    ["ISO_IR 100", "'J' e9 'r' f4 'me'", "Jérôme"],
    ["ISO_IR 101", "b1 b9", "ąš"],
    ["ISO_IR 109", "b1 fe", "ħŝ"],
    ["ISO_IR 110", "b1 bf", "ąŋ"],
    ["ISO_IR 144", "bb ee ce", "ЛюЮ"],
    ["ISO_IR 127", "e2 d1", "\u0642\u0631"],
    ["ISO_IR 126", "c4 e9", "Δι"],
    ["ISO_IR 138", "f9 e5", "\u05e9\u05d5"],
    ["ISO_IR 148", "f0 fd", "ğı"],
    ["ISO_IR 203", "a4 bd", "€œ"],
    ["ISO_IR 166", "a1 e1", "กแ"],
    ["ISO_IR 13", "b1 dd", "ｱﾝ"],
    ["ISO 2022 IR 144", "bb ee", "Лю"],
  ])("%s", (term, description, expected) => {
    expect(decodeText(bytes(description), "LO", [term])).toBe(expected);
  });

  test("a delimiter puts the first set back into force", () => {
    const sets = ["ISO 2022 IR 6", "ISO 2022 IR 100", "ISO 2022 IR 144"];
    expect(decodeText(bytes("1b '-A' e9 '\\' e9"), "LO", sets)).toBe("é\\\uFFFD");
    expect(decodeText(bytes("1b '-A' e9 0d 0a e9"), "LT", sets)).toBe("é\r\n\uFFFD");
    expect(decodeText(bytes("1b '-A' e9 '^' 1b '-L' e9"), "PN", sets)).toBe("é^щ");
    expect(decodeText(bytes("1b '-A' e9 '^' e9"), "LO", sets)).toBe("é^é");
  });

  test("a second byte that looks like a delimiter is part of its character", () => {
    // GBK and GB18030 have characters whose second byte is 5C; JIS X 0208 has 5C, 5E and 3D in both places.
    expect(decodeText(bytes("81 5c"), "LO", ["GBK"])).toBe("\u4e57");
    expect(decodeText(bytes("81 5c '\\A'"), "LO", ["GB18030"]).split("\\")).toHaveLength(2);
    const japanese = decodeText(bytes("1b '$B' 5c 5c 3d 5e 1b '(B'"), "PN", ["", "ISO 2022 IR 87"]);
    expect([...japanese]).toHaveLength(2);
    expect(japanese).not.toMatch(/[\\^=\uFFFD]/);
  });

  test("in JIS X 0201, 5C separates values, and is the yen sign where there is one value", () => {
    expect(decodeText(bytes("'A' 5c 'B'"), "LO", ["ISO_IR 13"])).toBe("A\\B");
    expect(decodeText(bytes("'A' 5c 'B' 7e"), "LT", ["ISO_IR 13"])).toBe("A¥B‾");
  });

  test("JIS X 0212", () => {
    expect(decodeText(bytes("1b '$(D' 30 21 1b '(B'"), "LO", ["", "ISO 2022 IR 159"])).toBe("丂");
  });

  test("what has no meaning is marked, and nothing else is lost", () => {
    expect(decodeText(bytes("'A' e9 'B'"), "LO", [])).toBe("A\uFFFDB");
    expect(decodeText(bytes("'A' 1b 'ZB'"), "LO", [""])).toBe("A\uFFFDZB");
    expect(decodeText(bytes("1b '$B' 3b 0d 'A'"), "LT", ["", "ISO 2022 IR 87"])).toBe("\uFFFD\rA");
    expect(decodeText(bytes("'A' ff 'B'"), "LO", ["ISO_IR 192"])).toBe("A\uFFFDB");
    expect(decodeText(bytes("'A' e9"), "LO", ["NO SUCH SET"])).toBe("A\uFFFD");
  });

  test("terms are known in the spellings of the field", () => {
    expect(isKnownCharacterSet(["", "ISO 2022 IR 87"])).toBe(true);
    expect(isKnownCharacterSet(["ISO-IR 100", "iso_ir192", "ISO2022 IR 149"])).toBe(true);
    expect(isKnownCharacterSet(["LATIN1"])).toBe(false);
  });

  test("any bytes in any set give text, and ASCII stays what it is", () => {
    const terms = ["", "ISO_IR 100", "ISO 2022 IR 87", "ISO 2022 IR 149", "ISO_IR 13", "GBK", "X"];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...terms), { maxLength: 3 }),
        fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0x1b, 0x24, 0x28, 0x29, 0x42, 0x5c))),
        fc.constantFrom("PN", "LO", "LT"),
        (characterSet, list, vr) => {
          expect(typeof decodeText(Uint8Array.from(list), vr, characterSet)).toBe("string");
          const ascii = Uint8Array.from(list.map((byte) => 0x41 + (byte % 26)));
          expect(decodeText(ascii, vr, characterSet)).toBe(String.fromCharCode(...ascii));
        },
      ),
      { numRuns: 500, seed: 1 },
    );
  });
});
