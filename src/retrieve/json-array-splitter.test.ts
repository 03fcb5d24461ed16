import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonArraySplitter } from "./json-array-splitter.ts";

function split(bytes: Uint8Array, cuts: readonly number[]): unknown[] {
  const splitter = new JsonArraySplitter();
  const borders = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  const objects: string[] = [];
  let from = 0;
  for (const border of borders) {
    objects.push(...splitter.push(bytes.subarray(from, border)));
    from = border;
  }
  splitter.end();
  return objects.map((text): unknown => JSON.parse(text));
}

test("an array comes out as its objects, wherever the chunks are cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue())),
      fc.array(fc.nat()),
      fc.boolean(),
      (objects, cuts, isIndented) => {
        const text = JSON.stringify(objects, null, isIndented ? 2 : 0);
        expect(split(new TextEncoder().encode(text), cuts)).toEqual(
          JSON.parse(JSON.stringify(objects)),
        );
      },
    ),
    { numRuns: 100 },
  );
});

test("an object is given as soon as its last byte is there", () => {
  const splitter = new JsonArraySplitter();
  expect(splitter.push(new TextEncoder().encode('[{"a":"}]"},{"b'))).toEqual(['{"a":"}]"}']);
  expect(splitter.push(new TextEncoder().encode('":1}'))).toEqual(['{"b":1}']);
});

test("an array that breaks off is refused, whether between objects or within one", () => {
  for (const text of ["", "[", '[{"a":1}', '[{"a":1},', '[{"a":', '[{"a":1}]]']) {
    const splitter = new JsonArraySplitter();
    expect(() => {
      splitter.push(new TextEncoder().encode(text));
      splitter.end();
    }, text).toThrow(expect.objectContaining({ code: "bad-message" }));
  }
});

test("what is not an array of objects is refused at the first byte that shows it", () => {
  for (const text of ["<html>", '{"a":1}', "[1]", '["a"]', "null", "[{} {}]", "\xef\xbb\xbb[]"]) {
    const splitter = new JsonArraySplitter();
    expect(() => splitter.push(new TextEncoder().encode(text)), text).toThrow(
      expect.objectContaining({ code: "bad-message" }),
    );
  }
});

test("an object without end is refused before it fills the memory", () => {
  const splitter = new JsonArraySplitter(1000);
  splitter.push(new TextEncoder().encode('[{"a":"'));
  const chunk = new Uint8Array(600).fill(0x61);
  splitter.push(chunk);
  expect(() => splitter.push(chunk)).toThrow(expect.objectContaining({ code: "limit-exceeded" }));
});
