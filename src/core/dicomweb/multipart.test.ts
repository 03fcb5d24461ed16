import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMediaType, parseAccept, parseMediaType } from "./media-type.ts";
import { collect, readMultipart } from "./multipart-reader.ts";
import { multipartContentType, type OutgoingPart, writeMultipart } from "./multipart-writer.ts";

const TYPE = multipartContentType("b", "application/octet-stream");

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

async function* chunksOf(whole: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let index = 0; at < whole.byteLength; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    yield whole.subarray(at, at + size);
    at += size;
  }
}

async function readAll(
  body: Uint8Array,
  sizes: readonly number[] = [1 << 20],
  type = TYPE,
): Promise<{ headers: Record<string, string>; body: string }[]> {
  const parts = [];
  for await (const part of readMultipart(type, chunksOf(body, sizes))) {
    const content = await collect(part.body, 1 << 20);
    parts.push({
      headers: Object.fromEntries(part.headers),
      body: String.fromCharCode(...content),
    });
  }
  return parts;
}

async function written(parts: readonly OutgoingPart[], boundary = "b"): Promise<Uint8Array> {
  const chunks: number[] = [];
  for await (const chunk of writeMultipart(boundary, parts)) chunks.push(...chunk);
  return Uint8Array.from(chunks);
}

describe("reading a multipart body", () => {
  test("parts with their headers, names in lower case; preamble and padding are passed over", async () => {
    const body = bytes(
      "preamble\r\n--b \t\r\nContent-Type: application/octet-stream\r\nContent-Location: /1\r\n\r\nAB" +
        "\r\n--b\r\n\r\n\r\n--b--\r\nepilogue",
    );
    expect(await readAll(body)).toEqual([
      {
        headers: { "content-type": "application/octet-stream", "content-location": "/1" },
        body: "AB",
      },
      { headers: {}, body: "" },
    ]);
  });

  test("what resembles the boundary stays content, and a lying Content-Length does not matter", async () => {
    const content = "\r\n--a\r\n--\r\n-b\r\r\n--";
    const headers = { "Content-Length": "5000" };
    const body = await written([{ headers, body: bytes(content) }]);
    expect((await readAll(body, [1]))[0]?.body).toBe(content);
  });

  test("any chunk borders give the same parts", async () => {
    const content = fc.array(fc.oneof(fc.nat(255), fc.constantFrom(13, 10, 45, 98)), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(content, { maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
        async (contents, sizes) => {
          const boundary = "bb-boundary";
          const texts = contents.map((list) => String.fromCharCode(...list));
          fc.pre(texts.every((text) => !`\r\n${text}`.includes(`\r\n--${boundary}`)));
          const body = await written(
            texts.map((text) => ({ headers: { "X-Y": "z" }, body: bytes(text) })),
            boundary,
          );
          const parts = await readAll(body, sizes, multipartContentType(boundary, "a/b"));
          expect(parts).toEqual(texts.map((text) => ({ headers: { "x-y": "z" }, body: text })));
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });

  test("a body arrives before its end does", async () => {
    let isMoreAsked = false;
    async function* slow() {
      yield bytes(`--b\r\n\r\n${"A".repeat(100)}`);
      isMoreAsked = true;
      yield bytes("\r\n--b--");
    }
    for await (const part of readMultipart(TYPE, slow()))
      for await (const piece of part.body) {
        if (!isMoreAsked) expect(piece.byteLength).toBe(100);
      }
    expect(isMoreAsked).toBe(true);
  });

  test("a part that was left off in the middle is skipped, and leaving all off closes the stream", async () => {
    const body = await written(["one", "two"].map((text) => ({ headers: {}, body: bytes(text) })));
    const seen: string[] = [];
    for await (const part of readMultipart(TYPE, chunksOf(body, [4])))
      for await (const piece of part.body) {
        seen.push(String.fromCharCode(piece[0] ?? 0));
        break;
      }
    expect(seen).toEqual(["o", "t"]);
    let isClosed = false;
    async function* closing() {
      try {
        yield body;
        yield body;
      } finally {
        isClosed = true;
      }
    }
    for await (const _ of readMultipart(TYPE, closing())) break;
    expect(isClosed).toBe(true);
  });

  test.each([
    ["inside a body", "--b\r\n\r\nABC"],
    ["inside the headers", "--b\r\nContent-"],
    ["before the first boundary", ""],
    ["inside the last boundary", "--b\r\n\r\nABC\r\n--b"],
  ])("a body that ends %s is truncated", async (_, text) => {
    await expect(readAll(bytes(text))).rejects.toThrow(
      expect.objectContaining({ code: "truncated" }),
    );
  });

  test.each([
    ["application/json", "--b--"],
    ["multipart/related", "--b--"],
    [TYPE, `--b\r\n${"X: ".padEnd(20000, "x")}\r\n\r\n\r\n--b--`],
    [TYPE, `${"no boundary\r\n".repeat(5000)}--b--`],
    [TYPE, "--b tail\r\n\r\n\r\n--b--"],
  ])("%s with %.20s is a bad message", async (type, text) => {
    await expect(readAll(bytes(text), [1000], type)).rejects.toThrow(
      expect.objectContaining({ code: "bad-message" }),
    );
  });

  test("limits: parts, and bytes of a part that is collected", async () => {
    const body = await written(["one", "two"].map((text) => ({ headers: {}, body: bytes(text) })));
    const tooMany = async () => {
      for await (const part of readMultipart(TYPE, chunksOf(body, [100]), { parts: 1 }))
        await collect(part.body, 100);
    };
    await expect(tooMany()).rejects.toThrow(expect.objectContaining({ code: "bad-message" }));
    await expect(collect(chunksOf(body, [10]), 20)).rejects.toThrow(
      expect.objectContaining({ code: "limit-exceeded" }),
    );
  });
});

describe("media types", () => {
  test("parameters, quotes and escapes", () => {
    const type = parseMediaType(
      'Multipart/Related; type="application/dicom; q=\\"1\\""; Boundary=a=b ; empty',
    );
    expect(type?.essence).toBe("multipart/related");
    expect(Object.fromEntries(type?.parameters ?? [])).toEqual({
      type: 'application/dicom; q="1"',
      boundary: "a=b",
    });
    expect(type && parseMediaType(formatMediaType(type))).toEqual(type);
    expect(parseMediaType("nonsense")).toBeUndefined();
  });

  test("Accept: by quality, then in order; commas in quotes do not separate", () => {
    const accepted = parseAccept(
      'image/jpeg;q=0.5, multipart/related; type="a,b"; transfer-syntax=*, ,x, */*;q=0',
    );
    expect(accepted.map(({ essence, quality }) => [essence, quality])).toEqual([
      ["multipart/related", 1],
      ["image/jpeg", 0.5],
      ["*/*", 0],
    ]);
    expect(accepted[0]?.parameters.get("transfer-syntax")).toBe("*");
  });
});
