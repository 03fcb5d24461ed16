import { deflateRawSync, deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type ByteSource, bytesSource, streamSource } from "./byte-source.ts";
import type { DicomFile } from "./dicom-file.ts";
import { type ReadOptions, readDicom } from "./part10-reader.ts";
import { formatTag } from "./tag.ts";

const EXPLICIT = "1.2.840.10008.1.2.1";
const IMPLICIT = "1.2.840.10008.1.2";
const BIG_ENDIAN = "1.2.840.10008.1.2.2";
const DEFLATED = "1.2.840.10008.1.2.1.99";
const RLE = "1.2.840.10008.1.2.5";
const UNDEFINED = 0xffffffff;

type Bytes = readonly number[];

function ascii(text: string): Bytes {
  return [...text].map((character) => character.charCodeAt(0));
}

function u16(value: number, littleEndian = true): Bytes {
  const bytes = [value & 0xff, value >>> 8];
  return littleEndian ? bytes : bytes.reverse();
}

function u32(value: number, littleEndian = true): Bytes {
  const bytes = [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
  return littleEndian ? bytes : bytes.reverse();
}

function tagBytes(tag: number, littleEndian = true): Bytes {
  return [...u16(tag >>> 16, littleEndian), ...u16(tag & 0xffff, littleEndian)];
}

/** An element with a 16-bit length in explicit encoding. */
function short(tag: number, vr: string, value: Bytes, littleEndian = true): Bytes {
  const length = u16(value.length, littleEndian);
  return [...tagBytes(tag, littleEndian), ...ascii(vr), ...length, ...value];
}

/** An element with a 32-bit length in explicit encoding. */
function long(tag: number, vr: string, value: Bytes, length = value.length, le = true): Bytes {
  return [...tagBytes(tag, le), ...ascii(vr), 0, 0, ...u32(length, le), ...value];
}

function implicit(tag: number, value: Bytes, length = value.length): Bytes {
  return [...tagBytes(tag), ...u32(length), ...value];
}

/** An item, or with the tags of delimiters one of those. */
function item(value: Bytes, length = value.length, tag = 0xfffee000): Bytes {
  return [...tagBytes(tag), ...u32(length), ...value];
}

const ITEM_END = item([], 0, 0xfffee00d);
const SEQUENCE_END = item([], 0, 0xfffee0dd);

function meta(uid: string): Bytes {
  const padded = ascii(uid.length % 2 === 0 ? uid : `${uid}\0`);
  const syntax = short(0x00020010, "UI", padded);
  return [
    ...new Array<number>(128).fill(0),
    ...ascii("DICM"),
    ...short(0x00020000, "UL", u32(syntax.length)),
    ...syntax,
  ];
}

function file(uid: string, ...elements: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...meta(uid), ...elements.flat()]);
}

function read(bytes: Uint8Array<ArrayBuffer>, options?: ReadOptions): Promise<DicomFile> {
  return readDicom(bytesSource(bytes), options);
}

function codes(result: DicomFile): string[] {
  return result.deviations.map(({ code }) => code);
}

const MODALITY = short(0x00080060, "CS", ascii("CT"));
const ROWS = short(0x00280010, "US", u16(512));

describe("reading a DICOM file", () => {
  test("explicit little endian: short and long lengths, text and numbers", async () => {
    const result = await read(file(EXPLICIT, MODALITY, ROWS, long(0x00420011, "OB", [1, 2, 3, 4])));
    expect(result.dataSet.string(0x00080060)).toBe("CT");
    expect(result.dataSet.number(0x00280010)).toBe(512);
    expect(result.dataSet.bytes(0x00420011)).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(result.meta.string(0x00020010)).toBe(EXPLICIT);
    expect(result.deviations).toEqual([]);
  });

  test("explicit big endian: tags, lengths and numbers are in that order", async () => {
    const rows = short(0x00280010, "US", u16(512, false), false);
    const name = short(0x00100010, "PN", ascii("A^B "), false);
    const result = await read(file(BIG_ENDIAN, name, rows));
    expect(result.dataSet.number(0x00280010)).toBe(512);
    expect(result.dataSet.string(0x00100010)).toBe("A^B");
    expect(result.deviations).toEqual([]);
  });

  test("implicit: VRs come from the dictionary, US or SS by Pixel Representation", async () => {
    const result = await read(
      file(
        IMPLICIT,
        implicit(0x00080060, ascii("CT")),
        implicit(0x00280103, u16(1)),
        implicit(0x00280106, u16(0xfc18)),
        implicit(0x00090010, ascii("SOMEONE ")),
        implicit(0x00091001, [1, 2]),
        implicit(0x60023000, [5, 6]),
      ),
    );
    expect(result.dataSet.number(0x00280106)).toBe(-1000);
    const vrs = [...result.dataSet.elements.values()].map(({ tag, vr }) => formatTag(tag) + vr);
    expect(vrs).toEqual([
      "(0008,0060)CS",
      "(0009,0010)LO",
      "(0009,1001)UN",
      "(0028,0103)US",
      "(0028,0106)SS",
      "(6002,3000)OW",
    ]);
  });

  test("implicit: a private attribute has the VR that its creator gave it", async () => {
    const result = await read(
      file(
        IMPLICIT,
        implicit(0x00080060, ascii("MR")),
        implicit(0x00430010, ascii("GEMS_PARM_01")),
        implicit(0x00431001, u16(0xffff)),
      ),
    );
    expect(result.dataSet.element(0x00431001)?.vr).toBe("SS");
  });

  test("deflated: padded to even length, with a zlib header, or damaged", async () => {
    const inner = Uint8Array.from([...MODALITY, ...ROWS]);
    const deflated = [...deflateRawSync(inner)];
    const result = await read(file(DEFLATED, deflated, [0]));
    expect(result.dataSet.number(0x00280010)).toBe(512);
    expect(result.source.byteLength).toBe(inner.byteLength);
    const wrapped = await read(file(DEFLATED, [...deflateSync(inner)]));
    expect(wrapped.dataSet.number(0x00280010)).toBe(512);
    expect(codes(wrapped)).toEqual(["zlib-header"]);
    await expect(read(file(DEFLATED, [0xff, 0xff, 0xff]))).rejects.toThrow(
      expect.objectContaining({ code: "malformed" }),
    );
  });

  test("sequences of defined and undefined length, with and without delimiters", async () => {
    const inside = item([...MODALITY, ...ITEM_END], UNDEFINED);
    for (const sequence of [
      long(0x00081140, "SQ", item(MODALITY)),
      long(0x00081140, "SQ", inside),
      long(0x00081140, "SQ", [...inside, ...SEQUENCE_END], UNDEFINED),
      long(0x00081140, "SQ", [...item(MODALITY), ...SEQUENCE_END], UNDEFINED),
    ]) {
      const result = await read(file(EXPLICIT, sequence, ROWS));
      expect(result.dataSet.items(0x00081140)[0]?.string(0x00080060)).toBe("CT");
      expect(result.dataSet.number(0x00280010)).toBe(512);
      expect(result.deviations).toEqual([]);
    }
  });

  test("an item without its delimiter ends where the next item or the sequence ends", async () => {
    const sequence = [...item(MODALITY, UNDEFINED), ...item(ROWS, UNDEFINED), ...SEQUENCE_END];
    const result = await read(file(EXPLICIT, long(0x00081140, "SQ", sequence, UNDEFINED), ROWS));
    expect(result.dataSet.items(0x00081140)).toHaveLength(2);
    expect(codes(result)).toContain("missing-item-delimiter");
  });

  test("UN of undefined length holds a sequence in implicit little endian (CP-246)", async () => {
    const inner = implicit(0x00080060, ascii("CT"));
    const un = long(
      0x00091001,
      "UN",
      [...item([...inner, ...ITEM_END], UNDEFINED), ...SEQUENCE_END],
      UNDEFINED,
    );
    const result = await read(file(EXPLICIT, un, ROWS));
    expect(result.dataSet.items(0x00091001)[0]?.string(0x00080060)).toBe("CT");
    expect(result.dataSet.number(0x00280010)).toBe(512);
    expect(result.deviations).toEqual([]);
  });

  test("UN of undefined length that is explicit against the rule is read, and listed", async () => {
    const un = long(0x00091001, "UN", [...item(MODALITY), ...SEQUENCE_END], UNDEFINED);
    const result = await read(file(EXPLICIT, un, ROWS));
    expect(result.dataSet.items(0x00091001)[0]?.string(0x00080060)).toBe("CT");
    expect(codes(result)).toEqual(["explicit-un-sequence"]);
  });

  test("UN of defined length that holds items is a sequence; a known attribute gets its VR back", async () => {
    const un = long(0x00091001, "UN", item(implicit(0x00080060, ascii("CT"))));
    const rows = long(0x00280010, "UN", u16(512));
    const bytes = long(0x00091002, "UN", [1, 2, 3, 4]);
    const result = await read(file(EXPLICIT, un, bytes, rows));
    expect(result.dataSet.items(0x00091001)[0]?.string(0x00080060)).toBe("CT");
    expect(result.dataSet.number(0x00280010)).toBe(512);
    expect(result.dataSet.element(0x00091002)?.vr).toBe("UN");
  });

  test("pixel data are a reference, native and encapsulated", async () => {
    const native = await read(file(EXPLICIT, ROWS, long(0x7fe00010, "OW", [1, 2, 3, 4])));
    expect(native.pixelData).toMatchObject({ kind: "native", vr: "OW", range: { length: 4 } });
    const fragments = [
      ...item(u32(0)),
      ...item([1, 2]),
      ...item([3, 4, 5, 6]),
      ...SEQUENCE_END,
      ...long(0xfffcfffc, "OB", [0, 0]),
    ];
    const result = await read(file(RLE, ROWS, long(0x7fe00010, "OB", fragments, UNDEFINED)));
    const { pixelData } = result;
    expect(pixelData.kind === "encapsulated" && pixelData.value?.basicOffsetTable).toEqual([0]);
    expect(
      pixelData.kind === "encapsulated" && pixelData.value?.fragments.map(({ length }) => length),
    ).toEqual([2, 4]);
    expect(result.dataSet.has(0xfffcfffc)).toBe(true);
    expect(result.deviations).toEqual([]);
  });

  test("pixel data cut short give what exists, and a deviation", async () => {
    const native = await read(file(EXPLICIT, ROWS, long(0x7fe00010, "OW", [1, 2, 3, 4], 3e9)));
    expect(native.pixelData).toMatchObject({ range: { length: 4 }, declaredLength: 3e9 });
    expect(codes(native)).toEqual(["truncated"]);
    const cut = [...item([]), ...item([1, 2], 100)];
    const encapsulated = await read(file(RLE, ROWS, long(0x7fe00010, "OB", cut, UNDEFINED)));
    expect(encapsulated.pixelData).toMatchObject({ value: { fragments: [{ length: 2 }] } });
    expect(codes(encapsulated)).toEqual(["truncated"]);
  });

  test("long values of bulk VRs stay in the source", async () => {
    const result = await read(file(EXPLICIT, long(0x00420011, "OB", [1, 2, 3, 4])), {
      inlineLimit: 2,
    });
    expect(result.dataSet.element(0x00420011)?.value).toMatchObject({
      kind: "range",
      range: { length: 4 },
    });
  });
});

describe("files that are not as they should be", () => {
  const sopClass = short(0x00080016, "UI", ascii("1.2.3\0"));

  test("without preamble, without meta group, without both", async () => {
    const whole = file(EXPLICIT, MODALITY);
    const noPreamble = await read(whole.slice(132));
    expect(codes(noPreamble)).toEqual(["no-preamble"]);
    const prefixOnly = await read(whole.slice(128));
    expect(prefixOnly.dataSet.string(0x00080060)).toBe("CT");
    const bare = await read(Uint8Array.from([...sopClass, ...MODALITY]));
    expect(bare.transferSyntaxUid).toBe(EXPLICIT);
    expect(codes(bare)).toEqual(["no-preamble", "no-meta", "no-transfer-syntax"]);
  });

  test("ACR-NEMA: implicit, from group 0008, with group lengths", async () => {
    const group = implicit(0x00080000, u32(10));
    const result = await read(Uint8Array.from([...group, ...implicit(0x00080060, ascii("CT"))]));
    expect(result.transferSyntaxUid).toBe(IMPLICIT);
    expect(result.dataSet.string(0x00080060)).toBe("CT");
  });

  test("a wrong group length does not matter", async () => {
    const bytes = file(EXPLICIT, MODALITY);
    bytes[140] = 0x63;
    const result = await read(bytes);
    expect(result.dataSet.string(0x00080060)).toBe("CT");
    expect(codes(result)).toEqual(["wrong-group-length"]);
  });

  test("a transfer syntax that lies is found out by the first element", async () => {
    const result = await read(file(EXPLICIT, implicit(0x00080060, ascii("CT"))));
    expect(result.transferSyntaxUid).toBe(IMPLICIT);
    expect(result.dataSet.string(0x00080060)).toBe("CT");
    const other = await read(file(IMPLICIT, MODALITY));
    expect(other.transferSyntaxUid).toBe(EXPLICIT);
    expect(codes(other)).toEqual(["wrong-transfer-syntax"]);
  });

  test("a VR that is none is UN, and what follows is read", async () => {
    for (const odd of [
      long(0x00091001, "ZZ", [1, 2, 3, 4]),
      short(0x00091001, "??", [1, 2, 3, 4]),
      implicit(0x00091001, [1, 2, 3, 4]),
    ]) {
      const result = await read(file(EXPLICIT, MODALITY, odd, ROWS));
      expect(result.dataSet.element(0x00091001)?.vr).toBe("UN");
      expect(result.dataSet.bytes(0x00091001)).toEqual(Uint8Array.of(1, 2, 3, 4));
      expect(result.dataSet.number(0x00280010)).toBe(512);
    }
  });

  test("a file that ends inside a value gives what stands before", async () => {
    const whole = file(EXPLICIT, MODALITY, long(0x00081140, "SQ", item(ROWS)));
    const result = await read(whole.slice(0, -1));
    expect(result.dataSet.string(0x00080060)).toBe("CT");
    expect(result.dataSet.items(0x00081140)).toHaveLength(1);
    expect(codes(result)).toEqual(["truncated"]);
  });

  test.each([
    ["text", ascii("this is a text file and nothing else, of some length, for sure"), "not-dicom"],
    ["nothing", [], "not-dicom"],
  ] as const)("%s is not DICOM", async (_, bytes, code) => {
    await expect(read(Uint8Array.from(bytes))).rejects.toThrow(expect.objectContaining({ code }));
  });

  test("a value longer than its item is an error with offset and tag", async () => {
    const sequence = long(
      0x00081140,
      "SQ",
      item([...short(0x00080060, "CS", []).slice(0, 6), 9, 0]),
    );
    await expect(read(file(EXPLICIT, sequence, MODALITY))).rejects.toThrow(
      expect.objectContaining({ code: "malformed", tag: 0x00080060, offset: 192 }),
    );
  });

  test("nesting without end is refused, in time", async () => {
    const opening = [...long(0x00081140, "SQ", [], UNDEFINED), ...item([], UNDEFINED)];
    const levels = Array.from({ length: 5000 }, () => opening);
    await expect(read(file(EXPLICIT, ...levels))).rejects.toThrow(
      expect.objectContaining({ code: "limit-exceeded" }),
    );
  });
});

describe("what is read from the source", () => {
  /** A file of 3 GB, of which only the ends exist. */
  function hugeSource(): ByteSource & { readonly reads: number[] } {
    const size = 3_000_000_000;
    const head = file(EXPLICIT, ROWS, long(0x7fe00010, "OW", [], size));
    const tail = Uint8Array.from(long(0xfffcfffc, "OB", [0, 0]));
    const reads: number[] = [];
    return {
      reads,
      byteLength: head.byteLength + size + tail.byteLength,
      read: async (offset, length) => {
        reads.push(length);
        if (offset < head.byteLength) {
          const bytes = new Uint8Array(length);
          bytes.set(head.subarray(offset, offset + length));
          return bytes;
        }
        return tail.slice(offset - head.byteLength - size).slice(0, length);
      },
    };
  }

  test("the header of a huge file and what follows its pixel data, in two small reads", async () => {
    const source = hugeSource();
    const result = await readDicom(source);
    expect(result.dataSet.has(0xfffcfffc)).toBe(true);
    expect(source.reads).toEqual([65536, 14]);
    const header = hugeSource();
    await readDicom(header, { stopAtPixelData: true });
    expect(header.reads).toEqual([65536]);
  });

  test("a stream in any chunks gives what the bytes give", async () => {
    const bytes = file(
      EXPLICIT,
      MODALITY,
      long(0x00420011, "OB", new Array<number>(1000).fill(7)),
      long(0x7fe00010, "OW", new Array<number>(3000).fill(9), 4000),
    );
    async function* chunks() {
      for (let at = 0; at < bytes.byteLength; at += 100) yield bytes.subarray(at, at + 100);
    }
    const result = await readDicom(streamSource(chunks()), { inlineLimit: 100 });
    expect(result.dataSet.string(0x00080060)).toBe("CT");
    expect(result.pixelData).toMatchObject({ range: { length: 3000 }, declaredLength: 4000 });
    expect(codes(result)).toEqual(["truncated"]);
  });

  test("an abort ends reading with its reason", async () => {
    const signal = AbortSignal.abort(new Error("changed my mind"));
    await expect(read(file(EXPLICIT, MODALITY), { signal })).rejects.toThrow("changed my mind");
  });
});
