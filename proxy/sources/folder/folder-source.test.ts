import { mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type MadeFolder, madeFolder, madeInstance } from "../../testing/made-archive.ts";
import type { FolderSource } from "./folder-source.ts";

const never = new AbortController().signal;
const SELECTOR = {
  studyInstanceUid: "1.2.3",
  seriesInstanceUid: "1.2.3.1",
  sopInstanceUid: "1.2.3.1.1",
};

const NO_KEYS = {
  keys: [],
  includeFields: [],
  includeAll: false,
  fuzzyMatching: false,
  offset: 0,
} as const;

let made: MadeFolder;

afterEach(async () => {
  await made.remove();
});

async function uids(source: FolderSource): Promise<readonly (string | undefined)[]> {
  const { matches } = await source.search({ level: "instance", ...NO_KEYS }, never);
  return matches.map((match) => match.string(0x00080018));
}

async function studyUids(source: FolderSource): Promise<readonly (string | undefined)[]> {
  const { matches } = await source.search({ level: "study", ...NO_KEYS }, never);
  return matches.map((match) => match.string(0x0020000d));
}

function remark(where: string, reason: string) {
  const message = `${reason}; served under made-up identifiers`;
  return { severity: "remark", where, code: "made-up-identifiers", message };
}

async function bytesOf(source: FolderSource): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const instance of source.instances(SELECTOR, never)) {
    for await (const chunk of instance.open()) chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** Bytes of the file meta information, its group length included. */
function metaLength(part10: Uint8Array<ArrayBuffer>): number {
  return 12 + new DataView(part10.buffer).getUint32(140, true);
}

async function* streamOf(...chunks: Uint8Array[]) {
  yield* chunks;
}

describe("a folder as an archive", () => {
  it("finds instances by content, and lists what it cannot read with the reason", async () => {
    made = await madeFolder({
      "deep/er/no-extension": madeInstance(),
      "notes.txt": "not DICOM",
      "cut.dcm": madeInstance({ SOPInstanceUID: "1.2.3.1.9" }).subarray(0, 300),
      empty: "",
    });
    const source = await made.open();
    expect(await uids(source)).toEqual(["1.2.3.1.1"]);
    const problems = await source.problems();
    expect(problems.map(({ where }) => where).sort()).toEqual(["cut.dcm", "empty", "notes.txt"]);
  });

  it("says in a list of studies how many DICOM files are not in it, and where the reasons are", async () => {
    made = await madeFolder({
      "a.dcm": madeInstance(),
      "notes.txt": "not DICOM",
      "homeless.dcm": madeInstance({ SOPInstanceUID: "1.2.3.1.9", StudyInstanceUID: null }),
      "cut.dcm": madeInstance({ SOPInstanceUID: "1.2.3.1.8" }).subarray(0, 300),
    });
    const source = await made.open();
    const { warnings } = await source.search({ level: "study", ...NO_KEYS }, never);
    expect(warnings).toEqual([
      "1 DICOM file is not in this list; /sources/made/problems says which and why",
    ]);
    expect((await source.search({ level: "series", ...NO_KEYS }, never)).warnings).toEqual([]);
  });

  it("offers a file without Study Instance UID as a study of its own, and remarks upon it", async () => {
    const homeless = madeInstance({ SOPInstanceUID: "1.2.3.1.9", StudyInstanceUID: null });
    made = await madeFolder({
      "a.dcm": madeInstance(),
      "homeless.dcm": homeless,
      "other.dcm": madeInstance({ SOPInstanceUID: "1.2.3.1.8", StudyInstanceUID: "one two" }),
      "copies/homeless.dcm": homeless,
    });
    const source = await made.open();
    const studies = await studyUids(source);
    expect([...(await uids(source))].sort()).toEqual(["1.2.3.1.1", "1.2.3.1.8", "1.2.3.1.9"]);
    expect(studies.filter((uid) => uid?.startsWith("2.25."))).toHaveLength(2);
    expect(studies).toContain("1.2.3");
    expect(await source.problems()).toEqual([
      remark("copies/homeless.dcm", "Study Instance UID is missing"),
      remark("other.dcm", "Study Instance UID is not a UID"),
    ]);
    expect(source.status()).toMatchObject({ studies: 3, instances: 3, problems: 0 });
    expect(await studyUids(await made.open())).toEqual(studies);
  });

  it("gives the large values of a file without identifiers by its made-up ones", async () => {
    const bytes = madeInstance({
      SOPInstanceUID: "one",
      SeriesInstanceUID: null,
      StudyInstanceUID: null,
    });
    made = await madeFolder({ "a.dcm": bytes.subarray(132 + metaLength(bytes)) });
    const source = await made.open();
    const { matches } = await source.search({ level: "instance", ...NO_KEYS }, never);
    const selector = {
      studyInstanceUid: matches[0]?.string(0x0020000d) ?? "",
      seriesInstanceUid: matches[0]?.string(0x0020000e) ?? "",
      sopInstanceUid: matches[0]?.string(0x00080018) ?? "",
    };
    const uidsOfLevels = new Set(Object.values(selector).filter((uid) => uid.startsWith("2.25.")));
    expect(uidsOfLevels.size).toBe(3);
    const value = await source.bulkData(selector, "7FE00010", never);
    const chunks: Uint8Array[] = [];
    for await (const chunk of value.open()) chunks.push(chunk);
    expect(new Uint8Array(Buffer.concat(chunks))).toEqual(bytes.subarray(-32));
  });

  it("offers a file that says where it belongs before one of the same UID that does not", async () => {
    made = await madeFolder({
      "a.dcm": madeInstance({ StudyInstanceUID: null }),
      "b.dcm": madeInstance(),
    });
    const source = await made.open();
    expect(await studyUids(source)).toEqual(["1.2.3"]);
    expect(await source.problems()).toEqual([
      expect.objectContaining({ severity: "failure", where: "a.dcm", code: "duplicate-differs" }),
    ]);
  });

  it("serves a file without preamble as a complete DICOM file", async () => {
    const whole = madeInstance();
    made = await madeFolder({ "a.dcm": whole.subarray(132) });
    const served = await bytesOf(await made.open());
    expect(String.fromCharCode(...served.subarray(128, 132))).toBe("DICM");
    expect(served.subarray(132)).toEqual(whole.subarray(132));
  });

  it("holds equal files once, and tells of different ones under the same UID", async () => {
    made = await madeFolder({
      "a.dcm": madeInstance(),
      "b.dcm": madeInstance(),
      "c.dcm": madeInstance({ PatientName: "Other^Person" }),
    });
    const source = await made.open();
    expect(await uids(source)).toEqual(["1.2.3.1.1"]);
    expect(await bytesOf(source)).toEqual(madeInstance());
    expect(await source.problems()).toEqual([
      expect.objectContaining({ where: "c.dcm", code: "duplicate-differs" }),
    ]);
  });

  it("tells of files of one study that name different patients", async () => {
    made = await madeFolder({
      "a.dcm": madeInstance(),
      "b.dcm": madeInstance({ SOPInstanceUID: "1.2.3.1.2", PatientID: "P9" }),
    });
    expect(await (await made.open()).problems()).toEqual([
      expect.objectContaining({ where: "b.dcm", code: "patient-differs" }),
    ]);
  });

  it("follows links inside the folder, once, and none that leads out", async () => {
    made = await madeFolder({ "real/a.dcm": madeInstance() });
    await writeFile(
      path.join(made.folder, "..", "secret.dcm"),
      madeInstance({ SOPInstanceUID: "1.9" }),
    );
    await symlink(made.folder, path.join(made.folder, "real", "loop"));
    await symlink(path.join(made.folder, "real"), path.join(made.folder, "again"));
    await symlink(path.join(made.folder, "..", "secret.dcm"), path.join(made.folder, "out.dcm"));
    const source = await made.open();
    expect(await uids(source)).toEqual(["1.2.3.1.1"]);
    expect((await source.problems()).map(({ where, code }) => [where, code])).toContainEqual([
      "out.dcm",
      "link-leads-out",
    ]);
  });

  it("leaves out hidden files and folders, which are nobody's images", async () => {
    made = await madeFolder({
      "a.dcm": madeInstance(),
      ".DS_Store": new Uint8Array(16),
      ".trash/b.dcm": madeInstance({ SOPInstanceUID: "1.2.3.1.2" }),
    });
    const source = await made.open();
    expect(await uids(source)).toEqual(["1.2.3.1.1"]);
    expect(await source.problems()).toEqual([]);
  });

  it("notices new, changed and vanished files", async () => {
    made = await madeFolder({
      "a.dcm": madeInstance(),
      "b.dcm": madeInstance({ SOPInstanceUID: "1.2.3.1.2" }),
    });
    const source = await made.open();
    const before = await source.etag({ studyInstanceUid: "1.2.3" }, never);
    await made.write("c.dcm", madeInstance({ SOPInstanceUID: "1.2.3.1.3" }));
    await made.write(
      "b.dcm",
      madeInstance({ SOPInstanceUID: "1.2.3.1.4", PatientComments: "longer" }),
    );
    await rm(path.join(made.folder, "a.dcm"));
    await source.rescan();
    expect([...(await uids(source))].sort()).toEqual(["1.2.3.1.3", "1.2.3.1.4"]);
    expect(await source.etag({ studyInstanceUid: "1.2.3" }, never)).not.toBe(before);
  });

  it("refuses to serve a file that is not what was indexed", async () => {
    made = await madeFolder({ "a.dcm": madeInstance() });
    const source = await made.open();
    await utimes(path.join(made.folder, "a.dcm"), 1, 1);
    await expect(bytesOf(source)).rejects.toMatchObject({ code: "unavailable" });
    await rm(path.join(made.folder, "a.dcm"));
    await expect(bytesOf(source)).rejects.toMatchObject({ code: "not-found" });
  });

  it("says of frames that the file is too short for that they are cut off, not that it is busy", async () => {
    made = await madeFolder({ "a.dcm": madeInstance({ NumberOfFrames: 3 }) });
    const source = await made.open();
    const selector = {
      studyInstanceUid: "1.2.3",
      seriesInstanceUid: "1.2.3.1",
      sopInstanceUid: "1.2.3.1.1",
    };
    const next = (frame: number) =>
      source.frames(selector, [frame], never)[Symbol.asyncIterator]().next();
    expect((await next(1)).done).toBe(false);
    await expect(next(2)).rejects.toMatchObject({ name: "DicomError", code: "truncated" });
    await expect(next(4)).rejects.toMatchObject({ name: "SourceError", code: "not-found" });
  });

  it("knows at the next start what it has read, and reads only what has changed", async () => {
    made = await madeFolder({ "a.dcm": madeInstance(), "notes.txt": "no" });
    const first = await made.open();
    const study = await first.etag({ studyInstanceUid: "1.2.3" }, never);
    const [index] = (await readdir(path.join(made.data, "index"))).filter((name) =>
      name.endsWith(".index"),
    );
    const kept = path.join(made.data, "index", index ?? "");
    // What is kept is believed as long as the facts of the file agree.
    await writeFile(kept, (await readFile(kept, "utf8")).replaceAll("Doe^Jane", "Kept^Name"));
    const second = await made.open();
    const { matches } = await second.search({ level: "study", ...NO_KEYS }, never);
    expect(matches[0]?.string(0x00100010)).toBe("Kept^Name");
    expect(await second.etag({ studyInstanceUid: "1.2.3" }, never)).toBe(study);
    expect(await second.problems()).toHaveLength(1);
    await writeFile(kept, "damaged\n{");
    expect(await uids(await made.open())).toEqual(["1.2.3.1.1"]);
  });

  it("skips a DICOMDIR", async () => {
    const directory = madeInstance({ SOPClassUID: "1.2.840.10008.1.3.10" });
    made = await madeFolder({ DICOMDIR: directory });
    const source = await made.open();
    expect(await uids(source)).toEqual([]);
    expect(await source.problems()).toEqual([]);
  });
});

describe("storing into a folder archive", () => {
  it("refuses an object without identifiers: there is nothing to know it by again", async () => {
    made = await madeFolder();
    const source = await made.open();
    const object = madeInstance({ StudyInstanceUID: null });
    expect(await source.store(streamOf(object), undefined, never)).toMatchObject({
      kind: "failed",
      status: 0xc000,
      message: "Study Instance UID is missing",
    });
    expect(await uids(source)).toEqual([]);
  });

  it("leaves nothing behind when the stream breaks off or is aborted", async () => {
    made = await madeFolder();
    const source = await made.open();
    const object = madeInstance();
    async function* broken() {
      yield object.subarray(0, 400);
      throw new Error("connection lost");
    }
    await expect(source.store(broken(), undefined, never)).rejects.toThrow("connection lost");
    const aborted = AbortSignal.abort();
    await expect(source.store(streamOf(object), undefined, aborted)).rejects.toThrow();
    expect(await readdir(path.join(made.data, "received", ".incoming"))).toEqual([]);
    expect(await uids(source)).toEqual([]);
  });

  it("settles two stores of the same instance at the same time", async () => {
    made = await madeFolder();
    const source = await made.open();
    const outcomes = await Promise.all([
      source.store(streamOf(madeInstance()), undefined, never),
      source.store(streamOf(madeInstance()), undefined, never),
      source.store(streamOf(madeInstance({ PatientID: "other" })), undefined, never),
    ]);
    expect(outcomes.filter(({ kind }) => kind === "stored").length).toBeGreaterThanOrEqual(1);
    expect(await uids(source)).toEqual(["1.2.3.1.1"]);
  });

  it("finds what was stored at the next start, and cleans what a crash left", async () => {
    made = await madeFolder();
    await (await made.open()).store(streamOf(madeInstance()), undefined, never);
    const left = path.join(made.data, "received", ".incoming", "half");
    await mkdir(path.dirname(left), { recursive: true });
    await writeFile(left, "half");
    const source = await made.open();
    expect(await uids(source)).toEqual(["1.2.3.1.1"]);
    expect(await readdir(path.dirname(left))).toEqual([]);
  });
});
