import { expect, test } from "vitest";
import { withMatrix } from "./conformance-matrix.mjs";

const STATEMENT = `before
<!-- matrix of the corpus: written by scripts/conformance-matrix.mjs -->
old
<!-- end of the matrix -->
after`;

const SYNTAX = { uid: "1.2", name: "RLE", files: 2, framesWithinTolerance: 0, different: [] };

test("the matrix says of every transfer syntax what was found where, and names each exception", () => {
  const refused = [{ file: "bad.dcm", message: "It is truncated" }];
  const written = withMatrix(STATEMENT, [
    {
      realm: "node",
      transferSyntaxes: [{ ...SYNTAX, decoders: ["a"], framesExact: 1, refused }],
    },
    {
      realm: "browser",
      transferSyntaxes: [{ ...SYNTAX, decoders: ["b"], framesExact: 3, refused: [] }],
    },
  ]);
  expect(written).toContain(
    "| RLE             | 2     | a, b     | 1 exact, 1 file refused | 3 exact            |",
  );
  expect(written).toContain("- bad.dcm: It is truncated (node only)");
  expect(written.startsWith("before\n")).toBe(true);
  expect(written.endsWith("\nafter")).toBe(true);
  expect(written).not.toContain("old");
});

test("a statement without a place for the matrix is refused", () => {
  expect(() => withMatrix("nothing", [])).toThrow("no place");
});
