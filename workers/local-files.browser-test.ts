import { BlobWriter, Uint8ArrayReader, ZipWriter } from "@zip.js/zip.js/lib/zip-core.js";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { createLocalFilesWorker } from "../src/retrieve/local-files-worker.ts";
import type { LocalFile, LocalProgress } from "../src/retrieve/local-protocol.ts";
import { LocalSource } from "../src/retrieve/local-source.ts";
import type { FrameAddress, StudyMetadata } from "../src/retrieve/study-source.ts";
import { readManifest } from "../wasm/corpus/corpus-entry.ts";

const never = new AbortController().signal;
const EVERYTHING = { limit: 100, offset: 0 };
const sources: LocalSource[] = [];
const manifest = await fetch("/corpus/manifest.json");
const entries = manifest.ok ? readManifest(await manifest.json()) : [];

function openSource(): LocalSource {
  const source = new LocalSource(createLocalFilesWorker());
  sources.push(source);
  return source;
}

afterEach(() => {
  for (const source of sources.splice(0)) source.close();
});

async function corpusFile(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(`/corpus/${file}`);
  if (!response.ok) throw new Error(`The corpus has no ${file}`);
  return new Uint8Array(await response.arrayBuffer());
}

function given(path: string, content: BlobPart): LocalFile {
  return { path, file: new Blob([content]) };
}

async function zipOf(
  files: Iterable<readonly [string, Uint8Array<ArrayBuffer>]>,
  password?: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
  for (const [name, bytes] of files)
    await writer.add(name, new Uint8ArrayReader(bytes), password === undefined ? {} : { password });
  return new Uint8Array(await (await writer.close()).arrayBuffer());
}

async function addressesOf(source: LocalSource, study: string): Promise<FrameAddress[]> {
  const metadata: StudyMetadata = await source.retrieveStudyMetadata(study, {}, never);
  if (metadata.kind === "not-modified") throw new Error("Not modified");
  const addresses: FrameAddress[] = [];
  for await (const { dataSet } of metadata.instances) {
    addresses.push({
      studyInstanceUid: dataSet.string(0x0020000d) ?? "",
      seriesInstanceUid: dataSet.string(0x0020000e) ?? "",
      sopInstanceUid: dataSet.string(0x00080018) ?? "",
      frameNumber: 1,
    });
  }
  return addresses;
}

describe.skipIf(entries.length === 0)("files that the user opens", () => {
  const disc = new Map<string, Uint8Array<ArrayBuffer>>();
  let image: Uint8Array<ArrayBuffer>;

  beforeAll(async () => {
    const root = "media/study-tree/";
    for (const { file } of entries.filter((entry) => entry.file.startsWith(root)))
      disc.set(file.slice(root.length), await corpusFile(file));
    image = await corpusFile("media/study-tree/77654033/CR1/6154");
  });

  it("are listed as studies, with counts, and found by a search", async () => {
    const source = openSource();
    const progress: LocalProgress[] = [];
    const files = [...disc].map(([path, bytes]) => given(`disc/${path}`, bytes));
    const { studyInstanceUids, problems } = await source.open(files, never, (step) =>
      progress.push(step),
    );
    expect(problems).toEqual([]);
    expect(progress.at(-1)).toEqual({ filesFound: 32, filesRead: 32, instances: 31 });
    const { studies, hasMore } = await source.searchForStudies(EVERYTHING, never);
    expect(studies.map((study) => study.string(0x0020000d))).toEqual(studyInstanceUids);
    expect(studies.reduce((sum, study) => sum + (study.number(0x00201208) ?? 0), 0)).toBe(31);
    expect(hasMore).toBe(false);
    const mr = await source.searchForStudies({ ...EVERYTHING, modality: "MR" }, never);
    expect([mr.studies.length > 0, mr.studies.length < studies.length]).toEqual([true, true]);
    const page = await source.searchForStudies({ limit: 1, offset: 0 }, never);
    expect([page.studies.length, page.hasMore]).toEqual([1, true]);
  });

  it("give their frames byte for byte, native and compressed, single and multi-frame", async () => {
    const source = openSource();
    const { studyInstanceUids } = await source.open([given("a", image)], never);
    const [address] = await addressesOf(source, studyInstanceUids[0] ?? "");
    if (address === undefined) throw new Error("No instance");
    const frame = await source.retrieveFrame(address, never);
    expect(frame.transferSyntaxUid).toBe("1.2.840.10008.1.2.1");
    expect(frame.bytes).toEqual(image.slice(image.length - 512));
    await expect(source.retrieveFrame({ ...address, frameNumber: 2 }, never)).rejects.toMatchObject(
      { code: "bad-response" },
    );
    await expect(
      source.retrieveFrame({ ...address, sopInstanceUid: "9" }, never),
    ).rejects.toMatchObject({ code: "not-found" });
  });

  it("give a video as its one stream", async () => {
    const source = openSource();
    const film = given("film", await corpusFile("video/us-mpeg2-30f.dcm"));
    const [study = ""] = (await source.open([film], never)).studyInstanceUids;
    const [address] = await addressesOf(source, study);
    const uri = `studies/${study}/series/${address?.seriesInstanceUid}/instances/${address?.sopInstanceUid}/frames/1`;
    const stream = await source.retrieveBulkData(uri, never);
    expect([stream.length, ...stream.subarray(0, 4)]).toEqual([59_390, 0, 0, 1, 0xb3]);
    await expect(source.retrieveBulkData(`${uri}00`, never)).rejects.toThrow();
  });

  it("say so when an object holds no pixel data", async () => {
    const source = openSource();
    const empty = await corpusFile("bad/gh179a.dcm");
    const { studyInstanceUids } = await source.open([given("a", empty)], never);
    const [address] = await addressesOf(source, studyInstanceUids[0] ?? "");
    if (address === undefined) throw new Error("No instance");
    await expect(source.retrieveFrame(address, never)).rejects.toMatchObject({
      code: "no-pixel-data",
    });
  });

  it("are read from a zip, and from a zip within it", async () => {
    const source = openSource();
    const inner = await zipOf([...disc].filter(([path]) => path.startsWith("98892001")));
    const outer = await zipOf([
      ["folder/image", image],
      ["more.zip", inner],
    ]);
    const { studyInstanceUids, problems } = await source.open([given("disc.zip", outer)], never);
    expect(problems).toEqual([]);
    const addresses = await Promise.all(studyInstanceUids.map((uid) => addressesOf(source, uid)));
    expect(addresses.flat().length).toBe(8);
    const frames = await Promise.all(
      addresses.flat().map((address) => source.retrieveFrame(address, never)),
    );
    expect(frames.map(({ bytes }) => bytes.length)).toEqual(addresses.flat().map(() => 512));
  });

  it("come in the order of the DICOMDIR, and what it lists in vain is a problem", async () => {
    const source = openSource();
    const files = [...disc]
      .filter(([path]) => path !== "98892003/MR700/4528")
      .reverse()
      .map(([path, bytes]) => given(`CD/${path.toLowerCase()}`, bytes));
    const { problems } = await source.open(files, never);
    expect(problems).toEqual([
      { path: "CD/98892003/MR700/4528", code: "missing", message: expect.any(String) },
    ]);
    const { studies } = await source.searchForStudies(EVERYTHING, never);
    const listed = openSource();
    await listed.open(
      [...disc].map(([path, bytes]) => given(path, bytes)),
      never,
    );
    const inOrder = await listed.searchForStudies(EVERYTHING, never);
    expect(studies.map((study) => study.string(0x0020000d))).toEqual(
      inOrder.studies.map((study) => study.string(0x0020000d)),
    );
  });

  it("that cannot be read are problems with reasons, and do not hinder the others", async () => {
    const source = openSource();
    const zip = await zipOf([["image", image]]);
    const secret = await zipOf([["image", image]], "secret");
    const damaged = zip.slice();
    damaged.fill(0, 60, 200);
    const { problems, studyInstanceUids } = await source.open(
      [
        given("readme.txt", "Put the disc into the drive."),
        given("empty", ""),
        given("cut.dcm", image.slice(0, 500)),
        given("cut.zip", zip.slice(0, 500)),
        given("damaged.zip", damaged),
        given("secret.zip", secret),
        given("good", image),
      ],
      never,
    );
    expect(studyInstanceUids.length).toBe(1);
    expect(new Map(problems.map(({ path, code }) => [path, code]))).toEqual(
      new Map([
        ["readme.txt", "not-dicom"],
        ["empty", "not-dicom"],
        ["cut.dcm", "broken"],
        ["cut.zip", "broken"],
        ["damaged.zip/image", "broken"],
        ["secret.zip/image", "encrypted"],
      ]),
    );
    for (const { message } of problems) expect(message).toMatch(/^[A-Z].*\w/);
  });

  it("that inflate without measure are refused before they fill the memory", async () => {
    const source = openSource();
    const bomb = await zipOf([["zeros", new Uint8Array(64 * 1024 * 1024)]]);
    let nested = await zipOf([["image", image]]);
    for (let depth = 0; depth < 4; depth++) nested = await zipOf([["nested.zip", nested]]);
    const { problems } = await source.open([given("deep.zip", nested)], never);
    expect(problems.map(({ code }) => code)).toEqual(["too-large"]);
    expect(bomb.length).toBeLessThan(100_000);
    const second = await source.open([given("bomb.zip", bomb)], never);
    expect(second.problems.map(({ code }) => code)).toEqual(["not-dicom"]);
  });

  it("without identifiers get made-up ones, so that they can be looked at", async () => {
    const source = openSource();
    const { studyInstanceUids } = await source.open([given("old", withoutUids(image))], never);
    expect(studyInstanceUids[0]).toMatch(/^2\.25\.\d+$/);
    const [address] = await addressesOf(source, studyInstanceUids[0] ?? "");
    if (address === undefined) throw new Error("No instance");
    expect((await source.retrieveFrame(address, never)).bytes.length).toBe(512);
  });

  it("without identifiers are studies of their own, the same ones at every opening", async () => {
    const blank = withoutUids(image);
    const other = withoutUids(await corpusFile("media/study-tree/77654033/CR2/6247"));
    const first = openSource();
    const opened = await first.open([given("a", blank), given("b", other)], never);
    expect([opened.problems, new Set(opened.studyInstanceUids).size]).toEqual([[], 2]);
    const again = openSource();
    const { studyInstanceUids } = await again.open([given("c", other), given("d", blank)], never);
    expect([...studyInstanceUids].sort()).toEqual([...opened.studyInstanceUids].sort());
  });

  it("are no longer read after an abort", async () => {
    const source = openSource();
    const abort = new AbortController();
    const opening = source.open([given("a", image)], abort.signal);
    abort.abort();
    await expect(opening).rejects.toMatchObject({ code: "aborted" });
    expect((await source.open([given("a", image)], never)).studyInstanceUids.length).toBe(1);
  });
});

/** The file with the lengths and values of its three instance-level UIDs blanked, as trailing spaces. */
function withoutUids(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (const [group, element] of [
    [0x08, 0x18],
    [0x20, 0x0d],
    [0x20, 0x0e],
  ] as const) {
    for (let at = 132; at + 8 < copy.length; at++) {
      const isTag = view.getUint16(at, true) === group && view.getUint16(at + 2, true) === element;
      if (!isTag || view.getUint16(at + 4) !== 0x5549) continue;
      copy.fill(0, at + 8, at + 8 + view.getUint16(at + 6, true));
      break;
    }
  }
  return copy;
}
