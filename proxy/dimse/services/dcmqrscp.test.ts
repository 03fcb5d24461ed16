import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { hasPacs, startDcmqrscp } from "../../../scripts/pacs.mjs";
import type { Association } from "../association.ts";
import type { AssociationRequest } from "../association-request.ts";
import { type DicomListener, openDicomListener } from "../dicom-listener.ts";
import type { RemoteAe } from "../remote-ae.ts";
import { requestAssociation } from "../request-association.ts";
import { CollectingStorage } from "../testing/collecting-storage.ts";
import { CT_IMAGE, dataSetOfFile, madeFile, madeUids } from "../testing/made-objects.ts";
import { echo } from "./echo.ts";
import { type FindMatch, find } from "./find.ts";
import { echoContexts, findContexts, moveContexts, planGet, requestOf } from "./plan-contexts.ts";
import { get, move } from "./retrieve.ts";

const SIGNAL = new AbortController().signal;
const PATIENT_NAME = 0x00100010;
const SOP_INSTANCE_UID = 0x00080018;

/** Names as the standard's examples and as they occur, in the character set that their objects declare. */
const NAMES: readonly (readonly [language: string, characterSet: string, name: string])[] = [
  ["Japanese", "\\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎=やまだ^たろう"],
  ["Japanese, half width", "ISO 2022 IR 13\\ISO 2022 IR 87", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"],
  ["Korean", "\\ISO 2022 IR 149", "Hong^Gildong=洪^吉洞=홍^길동"],
  ["Chinese, simplified", "GB18030", "Wang^XiaoDong=王^小东"],
  ["Chinese, GBK", "GBK", "Zhang^San=张^三"],
  ["Chinese, IR 58", "\\ISO 2022 IR 58", "Zhang^XiaoDong=张^小东"],
  ["Russian", "ISO_IR 144", "Люкceмбypг"],
  ["Greek", "ISO_IR 126", "Διονυσιος"],
  ["Arabic", "ISO_IR 127", "قباني^لنزار"],
  ["Hebrew", "ISO_IR 138", "שרון^דבורה"],
  ["of all the world", "ISO_IR 192", "Wang^XiaoDong=王^小東=Ω"],
];
const NAMED_STUDY = 100;
const MANY_STUDIES = 40;
const SLICES = 30;

describe.skipIf(!hasPacs)("with dcmqrscp", () => {
  const inbox = new CollectingStorage();
  let listener: DicomListener;
  let pacs: Awaited<ReturnType<typeof startDcmqrscp>>;
  let remote: RemoteAe;
  const files = new Map<string, Uint8Array>();

  beforeAll(async () => {
    listener = await openDicomListener({
      aeTitles: ["NEGATO"],
      host: "127.0.0.1",
      port: 0,
      allows: (aeTitle) => aeTitle === "QRSCP",
      inbox: Object.assign(inbox, { allows: () => true }),
      maximumAssociations: 10,
      maximumPduLength: 65_536,
      silenceTimeoutMs: 5000,
    });
    pacs = await startDcmqrscp({ knows: [{ aeTitle: "NEGATO", port: listener.port }] });
    remote = {
      name: "qrscp",
      aeTitle: "QRSCP",
      host: pacs.host,
      port: pacs.port,
      callingAeTitle: "NEGATO",
      connectTimeoutMs: 5000,
      silenceTimeoutMs: 5000,
      operationTimeoutMs: 30_000,
      maximumPduLength: 65_536,
    };
    for (let slice = 1; slice <= SLICES; slice++)
      files.set(madeUids(1, slice).SOPInstanceUID, madeFile(1, slice));
    const named = NAMES.map(([, SpecificCharacterSet, PatientName], index) =>
      madeFile(NAMED_STUDY + index, 1, { SpecificCharacterSet, PatientName }),
    );
    const many = Array.from({ length: MANY_STUDIES }, (_, index) => madeFile(200 + index, 1));
    await pacs.load([...files.values(), ...named, ...many]);
  }, 60_000);

  afterAll(async () => {
    await listener.close();
    await pacs.stop();
  });

  async function withAssociation<Result>(
    request: AssociationRequest,
    task: (association: Association) => Promise<Result>,
  ): Promise<Result> {
    const association = await requestAssociation(remote, request, SIGNAL);
    try {
      return await task(association);
    } finally {
      await association.release();
    }
  }

  async function findAll(keys: Parameters<typeof buildDataSet>[0]): Promise<readonly FindMatch[]> {
    return await withAssociation({ contexts: findContexts("study-root") }, async (association) => {
      const matches: FindMatch[] = [];
      const request = {
        model: "study-root" as const,
        identifier: buildDataSet(keys),
        fallbackCharacterSet: [],
      };
      for await (const match of find(association, request, SIGNAL)) matches.push(match);
      return matches;
    });
  }

  const series = () =>
    buildDataSet({
      QueryRetrieveLevel: "SERIES",
      StudyInstanceUID: madeUids(1, 1).StudyInstanceUID,
      SeriesInstanceUID: madeUids(1, 1).SeriesInstanceUID,
    });

  test("an echo is answered", async () => {
    await withAssociation({ contexts: echoContexts() }, (association) => echo(association, SIGNAL));
  });

  test.each(NAMES.map((row, index) => [...row, index] as const))(
    "a name that is %s comes back from a C-FIND",
    async (_language, _characterSet, name, index) => {
      const [match, ...others] = await findAll({
        QueryRetrieveLevel: "STUDY",
        StudyInstanceUID: madeUids(NAMED_STUDY + index, 1).StudyInstanceUID,
        PatientName: null,
      });
      expect(others).toEqual([]);
      expect(match?.dataSet.string(PATIENT_NAME)).toBe(name);
    },
  );

  test("a name is found by a key in its own character set", async () => {
    const [match] = await findAll({
      QueryRetrieveLevel: "STUDY",
      SpecificCharacterSet: "ISO_IR 144",
      PatientName: "Люкceм*",
    });
    expect(match?.dataSet.string(PATIENT_NAME)).toBe("Люкceмбypг");
  });

  test("a list of UIDs finds exactly these", async () => {
    const wanted = [1, 2, 5].map((slice) => madeUids(1, slice).SOPInstanceUID);
    const matches = await findAll({
      QueryRetrieveLevel: "IMAGE",
      StudyInstanceUID: madeUids(1, 1).StudyInstanceUID,
      SeriesInstanceUID: madeUids(1, 1).SeriesInstanceUID,
      SOPInstanceUID: wanted.join("\\"),
    });
    expect(matches.map(({ dataSet }) => dataSet.string(SOP_INSTANCE_UID)).sort()).toEqual(wanted);
  });

  test("a query that is left early is cancelled, and the association does the next", async () => {
    await withAssociation({ contexts: findContexts("study-root") }, async (association) => {
      const request = {
        model: "study-root" as const,
        identifier: buildDataSet({ QueryRetrieveLevel: "STUDY", StudyInstanceUID: null }),
        fallbackCharacterSet: [],
      };
      for (let round = 0; round < 3; round++) {
        let count = 0;
        for await (const _match of find(association, request, SIGNAL)) {
          count++;
          if (count === 3) break;
        }
        expect(count).toBe(3);
      }
      const all: FindMatch[] = [];
      for await (const match of find(association, request, SIGNAL)) all.push(match);
      expect(all.length).toBe(1 + NAMES.length + MANY_STUDIES);
    });
  });

  test("C-GET brings a series, byte for byte", async () => {
    const sink = new CollectingStorage();
    const [plan] = planGet("study-root", [{ sopClassUid: CT_IMAGE }]);
    const outcome = await withAssociation({ contexts: plan?.contexts ?? [] }, (association) =>
      get(association, { model: "study-root", identifier: series() }, sink, SIGNAL),
    );
    expect(outcome).toMatchObject({ status: 0, suboperations: { completed: SLICES, failed: 0 } });
    expect(sink.sopInstanceUids).toEqual([...files.keys()].sort());
    for (const { sopInstanceUid, bytes } of sink.objects)
      expect(Buffer.compare(bytes, dataSetOfFile(files.get(sopInstanceUid) ?? bytes))).toBe(0);
  });

  test("C-GET tells its progress, and can be cancelled", async () => {
    const cancelling = new AbortController();
    const sink = new CollectingStorage();
    const [plan] = planGet("study-root", [{ sopClassUid: CT_IMAGE }]);
    const request = {
      model: "study-root" as const,
      identifier: series(),
      onProgress: ({ completed }: { readonly completed: number }) => {
        if (completed >= 5) cancelling.abort();
      },
    };
    const outcome = await withAssociation(requestOf(plan ?? never()), (association) =>
      get(association, request, sink, cancelling.signal),
    );
    expect([0xfe00, 0]).toContain(outcome.status);
    expect(sink.objects.length).toBeGreaterThanOrEqual(5);
    expect(outcome.suboperations.completed).toBe(sink.objects.length);
  });

  test("nothing found is a success without objects", async () => {
    const [plan] = planGet("study-root", [{ sopClassUid: CT_IMAGE }]);
    const identifier = buildDataSet({ QueryRetrieveLevel: "STUDY", StudyInstanceUID: "2.25.9" });
    const outcome = await withAssociation(requestOf(plan ?? never()), (association) =>
      get(association, { model: "study-root", identifier }, new CollectingStorage(), SIGNAL),
    );
    expect(outcome.suboperations).toMatchObject({ completed: 0, failed: 0 });
  });

  test("C-MOVE brings a series to our listener, byte for byte, and nothing to the inbox", async () => {
    const sink = new CollectingStorage();
    const request = {
      model: "study-root" as const,
      identifier: series(),
      expects: (uid: string) => files.has(uid),
    };
    const outcome = await withAssociation({ contexts: moveContexts("study-root") }, (association) =>
      move(association, request, listener.destination("NEGATO"), sink, SIGNAL),
    );
    expect(outcome).toMatchObject({ status: 0, suboperations: { completed: SLICES } });
    expect(sink.sopInstanceUids).toEqual([...files.keys()].sort());
    for (const { sopInstanceUid, bytes } of sink.objects)
      expect(Buffer.compare(bytes, dataSetOfFile(files.get(sopInstanceUid) ?? bytes))).toBe(0);
    expect(inbox.objects).toEqual([]);
  });

  test("two C-MOVEs at a time get what each asked for", async () => {
    const sinks = [1, 2].map(() => new CollectingStorage());
    const studies = [1, 200];
    await Promise.all(
      studies.map((study, index) =>
        withAssociation({ contexts: moveContexts("study-root") }, (association) =>
          move(
            association,
            {
              model: "study-root",
              identifier: buildDataSet({
                QueryRetrieveLevel: "STUDY",
                StudyInstanceUID: madeUids(study, 1).StudyInstanceUID,
              }),
              expects: () => true,
            },
            listener.destination("NEGATO"),
            sinks[index] ?? never(),
            SIGNAL,
          ),
        ),
      ),
    );
    expect(sinks.map(({ objects }) => objects.length)).toEqual([SLICES, 1]);
    expect(sinks[1]?.sopInstanceUids).toEqual([madeUids(200, 1).SOPInstanceUID]);
  });

  test("what somebody else moves to us is for the inbox", async () => {
    const study = madeUids(201, 1);
    const keys = ["0008,0052=STUDY", `0020,000D=${study.StudyInstanceUID}`];
    const options = [
      "-S",
      "-aem",
      "NEGATO",
      "-aec",
      "QRSCP",
      ...keys.flatMap((key) => ["-k", key]),
    ];
    await promisify(execFile)("movescu", [...options, pacs.host, `${pacs.port}`]);
    expect(inbox.sopInstanceUids).toEqual([study.SOPInstanceUID]);
    expect(inbox.objects[0]?.moveOriginator?.aeTitle).toBe("MOVESCU");
  });

  test("a destination that the PACS does not know is told as such", async () => {
    const request = { model: "study-root" as const, identifier: series(), expects: () => true };
    const destination = { aeTitle: "NOBODY", expect: () => ({ done: () => undefined }) };
    const moving = withAssociation({ contexts: moveContexts("study-root") }, (association) =>
      move(association, request, destination, new CollectingStorage(), SIGNAL),
    );
    await expect(moving).rejects.toMatchObject({
      code: "failed-status",
      facts: { status: 0xa801 },
      message: expect.stringContaining("Add it there"),
    });
  });
});

function never(): never {
  throw new Error("There is always one");
}
