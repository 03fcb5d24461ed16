import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { writePart10 } from "#core/dicom/part10-writer.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";
import { hasOrthanc, type RunningOrthanc, startOrthanc } from "../../scripts/orthanc.mjs";
import { createServer } from "../http/create-server.ts";
import { type PacsFixture, pacsFixture } from "../sources/dimse/testing/pacs-fixture.ts";
import { openFolderSource } from "../sources/folder/folder-source.ts";
import type { Source } from "../sources/source.ts";

const CORPUS = path.resolve("../shared/corpus");
const LONGEST_FILE_BYTES = 300_000;
const LEVELS = [
  ["studies", "0020000D"],
  ["series", "0020000E"],
  ["instances", "00080018"],
] as const;

const NAMES = [
  "Doe^Jane",
  "Yamada^Tarou=山田^太郎=やまだ^たろう",
  "Hong^Gildong=洪^吉洞=홍^길동",
  "Wang^XiaoDong=王^小东",
  "Люкceмбypг^Анна",
  "Διονυσιος^Νίκος",
  "قباني^لنزار",
  "שרון^דבורה",
];

/** Attributes that the archives of DCMTK's kin write anew: OW of encapsulated pixel data, values of odd length. */
const WRITTEN_ANEW = new Set(["7FE00010", "00110011"]);

interface Attribute {
  readonly vr?: string;
  readonly Value?: readonly unknown[];
}
type Answered = Readonly<Record<string, Attribute>>;

function made(index: number): Uint8Array<ArrayBuffer> {
  const study = `1.2.826.0.1.3680043.10.1338.20.${index}`;
  return writePart10({
    transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
    dataSet: buildDataSet({
      SpecificCharacterSet: "ISO_IR 192",
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
      SOPInstanceUID: `${study}.1.1`,
      StudyInstanceUID: study,
      SeriesInstanceUID: `${study}.1`,
      StudyDate: `2024010${index + 1}`,
      StudyTime: "101112",
      AccessionNumber: `ACC${index}`,
      StudyID: "1",
      SeriesNumber: 1,
      InstanceNumber: 1,
      Modality: index % 2 === 0 ? "CT" : "MR",
      PatientName: NAMES[index] ?? "",
      PatientID: `P${index}`,
      Rows: 4,
      Columns: 4,
      SamplesPerPixel: 1,
      PhotometricInterpretation: "MONOCHROME2",
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 0,
      PixelData: new Uint16Array(16).fill(index),
    }),
  });
}

function unlikeTags(one: Answered, other: Answered): readonly string[] {
  const tags = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const isUnlike = (tag: string) => JSON.stringify(one[tag]) !== JSON.stringify(other[tag]);
  return tags.filter((tag) => isUnlike(tag) && !WRITTEN_ANEW.has(tag));
}

/** Files of the corpus that an archive may take; none where there is no corpus. */
async function corpusFiles(): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  if (!existsSync(CORPUS)) {
    if (process.env["NEGATO_REQUIRE_CORPUS"] === "1") throw new Error(`There is no ${CORPUS}`);
    process.stdout.write(`Compared without the corpus, which is not at ${CORPUS}\n`);
    return [];
  }
  const manifest: {
    readonly files: readonly {
      readonly file: string;
      readonly bytes: number;
      readonly transferSyntaxUID?: string;
    }[];
  } = JSON.parse(await readFile(path.join(CORPUS, "manifest.json"), "utf8"));
  const small = manifest.files.filter(
    ({ file, bytes, transferSyntaxUID = "" }) =>
      bytes < LONGEST_FILE_BYTES && transferSyntaxUID !== "" && !file.startsWith("bad/"),
  );
  // Every fourth: most syntaxes are among them, and it takes seconds.
  const some = small.filter((_, index) => index % 4 === 0);
  return await Promise.all(
    some.map(async ({ file }) => new Uint8Array(await readFile(path.join(CORPUS, file)))),
  );
}

describe.skipIf(!hasOrthanc)("what is said of a PACS", () => {
  let orthanc: RunningOrthanc;
  let pacs: PacsFixture;
  let folder: string;
  let source: Source;
  let files: FastifyInstance;

  beforeAll(async () => {
    orthanc = await startOrthanc({ settings: { DefaultEncoding: "Utf8" } });
    folder = await mkdtemp(path.join(tmpdir(), "negato-truth-"));
    let count = 0;
    const taken = new Set<string>();
    for (const file of [...NAMES.map((_, index) => made(index)), ...(await corpusFiles())]) {
      const response = await fetch(`${orthanc.url}/instances`, { method: "POST", body: file });
      const answer: { readonly ID?: string; readonly Status?: string } = await response.json();
      if (answer.Status !== "Success" || answer.ID === undefined || taken.has(answer.ID)) continue;
      taken.add(answer.ID);
      count += 1;
      await writeFile(path.join(folder, `${count}.dcm`), file);
    }
    const { aeTitle, dicomPort: port } = orthanc;
    pacs = await pacsFixture({ aeTitle, port, silenceTimeoutMs: 10_000 });
    source = await openFolderSource({
      name: "pacs",
      folder,
      indexFolder: path.join(folder, ".index"),
    });
    const refused = async () => ({ ok: false, error: { code: "aborted", message: "" } }) as const;
    files = await createServer({
      sources: [source],
      decoder: { decode: refused, render: refused },
      allowedHosts: ["localhost"],
      version: "1",
    });
    for (;;) {
      const status = source.status();
      if (status.state === "ready" && (status.instances ?? 0) >= count) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }, 60_000);

  afterAll(async () => {
    await files.close();
    await source.close();
    await pacs.close();
    await orthanc.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function asked(app: FastifyInstance, url: string): Promise<readonly Answered[]> {
    const response = await app.inject({ url: `/sources/pacs/dicom-web${url}` });
    if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${response.body}`);
    return response.json();
  }

  async function uids(app: FastifyInstance, url: string, key: string) {
    const answers = await asked(app, url);
    return answers.map((one) => one[key]?.Value?.[0]).sort();
  }

  const QUERIES = [
    "",
    "PatientID=P1",
    "PatientID=P*",
    "PatientID=%3F1",
    "StudyDate=20240102-20240105",
    "StudyDate=-20050101",
    "StudyDate=20240103-",
    "StudyTime=100000-110000",
    "AccessionNumber=ACC3",
    "ModalitiesInStudy=MR",
    "ModalitiesInStudy=MR%5CCT",
    "PatientName=*",
    "PatientName=doe*",
    ...NAMES.map((name) => `PatientName=${encodeURIComponent(name.split("=")[0] ?? "")}*`),
    `PatientName=${encodeURIComponent("*王*")}`,
    `PatientName=${encodeURIComponent("люк*")}`,
    "PatientBirthDate=19000101-19801231",
    "StudyInstanceUID=1.2.826.0.1.3680043.10.1338.20.1,1.2.826.0.1.3680043.10.1338.20.3",
    "SeriesInstanceUID=1.2.826.0.1.3680043.10.1338.20.1.1",
  ];

  it.each(QUERIES)(
    "is what a folder of the same files says, at all levels: %s",
    async (query) => {
      for (const [level, key] of LEVELS) {
        if (level === "instances" && query !== "" && !query.startsWith("Acc")) continue;
        const url = `/${level}?limit=5000&${query}`;
        expect(await uids(pacs.app, url, key), url).toEqual(await uids(files, url, key));
      }
    },
    20_000,
  );

  it("is paged without loss and without repetition", async () => {
    const all = await uids(pacs.app, "/series?limit=5000", "0020000E");
    const pages: unknown[] = [];
    for (let offset = 0; offset < all.length; offset += 13)
      pages.push(...(await uids(pacs.app, `/series?limit=13&offset=${offset}`, "0020000E")));
    expect(pages.sort()).toEqual(all);
  }, 20_000);

  it("is, tag by tag and frame by frame, what the files say", async () => {
    const series = await asked(files, "/series?limit=5000");
    const unlike: unknown[] = [];
    let compared = 0;
    for (const one of series) {
      const place = `/studies/${one["0020000D"]?.Value?.[0]}/series/${one["0020000E"]?.Value?.[0]}`;
      const theirs = await metadataByUid(pacs.app, place);
      for (const [uid, mine] of (await metadataByUid(files, place)) ?? []) {
        const other = theirs?.get(uid);
        // What this Orthanc cannot send, such as syntaxes younger than itself, is said not to have come.
        if (other === undefined) continue;
        compared += 1;
        unlike.push(...unlikeTags(mine, other).map((tag) => [uid, tag]));
        if (mine["00280010"] !== undefined && !(await hasSameFrame(`${place}/instances/${uid}`)))
          unlike.push([uid, "frame 1"]);
      }
    }
    expect(unlike).toEqual([]);
    expect(compared).toBeGreaterThanOrEqual(NAMES.length);
  }, 40_000);

  async function hasSameFrame(instance: string): Promise<boolean> {
    const place = `${instance}/frames/1`;
    return (await frame(files, place)).equals(await frame(pacs.app, place));
  }

  /** By SOP Instance UID; undefined where the whole did not come. */
  async function metadataByUid(app: FastifyInstance, place: string) {
    const url = `/sources/pacs/dicom-web${place}/metadata`;
    const response = await app.inject({ url }).catch(() => undefined);
    if (response?.statusCode !== 200) return undefined;
    const instances: readonly Answered[] = JSON.parse(response.body);
    return new Map(instances.map((one) => [String(one["00080018"]?.Value?.[0]), one]));
  }

  /** Body of the only part. */
  async function frame(app: FastifyInstance, place: string): Promise<Buffer> {
    const accept = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
    const url = `/sources/pacs/dicom-web${place}`;
    const { statusCode, rawPayload } = await app.inject({ url, headers: { accept } });
    if (statusCode !== 200) return Buffer.from(String(statusCode));
    const begin = rawPayload.indexOf("\r\n\r\n") + 4;
    return rawPayload.subarray(begin, rawPayload.lastIndexOf("\r\n--"));
  }
});
