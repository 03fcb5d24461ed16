import { describe, expect, test } from "vitest";
import { TRANSFER_SYNTAXES } from "#core/dicom/transfer-syntax.ts";
import { acceptContext } from "./accept-context.ts";
import { likelyKinds, planGet, planStore } from "./plan-contexts.ts";

const STUDY_ROOT_GET = "1.2.840.10008.5.1.4.1.2.2.3";
const CT = "1.2.840.10008.5.1.4.1.1.2";
const SR = "1.2.840.10008.5.1.4.1.1.88.33";
const PRIVATE = "1.3.6.1.4.1.99999.1";
const EXPLICIT = "1.2.840.10008.1.2.1";
const IMPLICIT = "1.2.840.10008.1.2";
const BIG_ENDIAN = "1.2.840.10008.1.2.2";
const J2K = "1.2.840.10008.1.2.4.90";
const HTJ2K = "1.2.840.10008.1.2.4.201";
const JPEG = "1.2.840.10008.1.2.4.50";
const MPEG4 = "1.2.840.10008.1.2.4.102";

describe("contexts for C-GET", () => {
  test("what is known to be stored is asked for as stored, then uncompressed, one syntax to a context", () => {
    const [plan, ...more] = planGet("study-root", [{ sopClassUid: CT, transferSyntaxUids: [J2K] }]);
    expect(more).toEqual([]);
    expect(plan?.contexts[0]).toEqual({
      abstractSyntaxUid: STUDY_ROOT_GET,
      transferSyntaxUids: [EXPLICIT, IMPLICIT],
    });
    expect(plan?.contexts.slice(1)).toEqual(
      [J2K, EXPLICIT, IMPLICIT].map((uid) => ({
        abstractSyntaxUid: CT,
        transferSyntaxUids: [uid],
        roles: { scu: false, scp: true },
      })),
    );
  });

  test("of an image of unknown syntax every syntax with frames is asked for, and no video of a CT", () => {
    const [plan] = planGet("study-root", [{ sopClassUid: CT }]);
    const proposed = plan?.contexts.slice(1).flatMap((one) => one.transferSyntaxUids) ?? [];
    const wanted = TRANSFER_SYNTAXES.filter(
      ({ frameEncoding }) => frameEncoding !== "video" && frameEncoding !== "reference",
    ).map(({ uid }) => uid);
    expect([...proposed].sort()).toEqual(wanted.sort());
    expect(proposed[0]).toBe(EXPLICIT);
  });

  test("an endoscopy may be a video", () => {
    const [plan] = planGet("study-root", likelyKinds(["ES"]));
    const ofVideo = plan?.contexts.filter(({ transferSyntaxUids: [uid] }) => uid === MPEG4);
    expect(ofVideo?.length).toBeGreaterThan(0);
  });

  test("a report is asked for in what has no pixels", () => {
    const [plan] = planGet("study-root", [{ sopClassUid: SR }]);
    const proposed = plan?.contexts.slice(1).flatMap((one) => one.transferSyntaxUids);
    expect(proposed).toEqual([EXPLICIT, IMPLICIT, "1.2.840.10008.1.2.1.99", BIG_ENDIAN]);
  });

  test("a class that nobody knows may hold images", () => {
    const [plan] = planGet("study-root", [{ sopClassUid: PRIVATE }]);
    const proposed = plan?.contexts.flatMap((one) => one.transferSyntaxUids);
    expect(proposed).toContain(HTJ2K);
  });

  test("no association has more than 128 contexts, and every class has all of its likely syntaxes in one", () => {
    const kinds = likelyKinds([]);
    const plans = planGet("patient-root", kinds);
    for (const { contexts, sopClassUids } of plans) {
      expect(contexts.length).toBeLessThanOrEqual(128);
      for (const uid of sopClassUids) {
        const syntaxes = contexts.filter((one) => one.abstractSyntaxUid === uid);
        expect(syntaxes.some(({ transferSyntaxUids: [first] }) => first === IMPLICIT)).toBe(true);
      }
    }
    expect(plans.flatMap(({ sopClassUids }) => sopClassUids)).toEqual(
      kinds.map(({ sopClassUid }) => sopClassUid),
    );
  });

  test("the classes of one modality fit into one association, the likeliest first", () => {
    for (const modality of ["CT", "MR", "US", "MG", "PR", "SR", "XA"]) {
      const plans = planGet("study-root", likelyKinds([modality]));
      expect(plans.length, modality).toBeLessThanOrEqual(2);
    }
    expect(likelyKinds(["CT"])[0]?.sopClassUid).toBe(CT);
  });

  test("equal contexts have an equal purpose, others another", () => {
    const kinds = [{ sopClassUid: CT, transferSyntaxUids: [J2K] }];
    const purposes = [
      planGet("study-root", kinds),
      planGet("study-root", kinds),
      planGet("patient-root", kinds),
      planStore(kinds),
    ].map(([plan]) => plan?.purpose);
    expect(purposes[0]).toBe(purposes[1]);
    expect(new Set(purposes).size).toBe(3);
  });
});

test("what a PACS gives for UIDs and are none is not proposed", () => {
  const kinds = [
    { sopClassUid: CT, transferSyntaxUids: ["", "1.2.840.10008.1.2.4.90 or so", J2K] },
    { sopClassUid: "CT Image Storage" },
  ];
  const [plan] = planGet("study-root", kinds);
  expect(plan?.sopClassUids).toEqual([CT]);
  expect(plan?.contexts.flatMap((one) => one.transferSyntaxUids).slice(2)).toEqual([
    J2K,
    EXPLICIT,
    IMPLICIT,
  ]);
});

test("objects are stored in their own syntax, and uncompressed where the PACS takes nothing else", () => {
  const [plan] = planStore([
    { sopClassUid: CT, transferSyntaxUids: [J2K] },
    { sopClassUid: CT, transferSyntaxUids: [HTJ2K] },
  ]);
  expect(plan?.contexts).toEqual(
    [J2K, HTJ2K, EXPLICIT, IMPLICIT].map((uid) => ({
      abstractSyntaxUid: CT,
      transferSyntaxUids: [uid],
    })),
  );
});

describe("contexts that others propose", () => {
  const proposed = (abstractSyntaxUid: string, ...transferSyntaxUids: readonly string[]) => ({
    id: 1,
    abstractSyntaxUid,
    transferSyntaxUids,
  });

  test.each([
    ["a CT", CT],
    ["a storage class of the future", "1.2.840.10008.5.1.4.1.1.999.1"],
    ["a private class", PRIVATE],
    ["a hanging protocol", "1.2.840.10008.5.1.4.38.1"],
  ])("%s is taken", (_what, uid) => {
    expect(acceptContext(proposed(uid, EXPLICIT))).toEqual({ transferSyntaxUid: EXPLICIT });
  });

  test.each([
    ["a query", "1.2.840.10008.5.1.4.1.2.2.1"],
    ["a performed procedure step", "1.2.840.10008.3.1.2.3.3"],
    ["a query of inventories", "1.2.840.10008.5.1.4.1.1.201.2"],
    ["what is no UID", "1.2.x"],
  ])("%s is not taken", (_what, uid) => {
    expect(acceptContext(proposed(uid, EXPLICIT))).toEqual({ result: 3 });
  });

  test.each<readonly [string, readonly string[], string]>([
    ["as proposed first", [IMPLICIT, EXPLICIT], IMPLICIT],
    ["compressed without loss before uncompressed", [EXPLICIT, J2K], J2K],
    ["not compressed with loss after what is whole", [EXPLICIT, JPEG], EXPLICIT],
    ["with loss where it is proposed first", [JPEG, EXPLICIT], JPEG],
    ["a video", [MPEG4], MPEG4],
    ["big endian", [BIG_ENDIAN], BIG_ENDIAN],
    ["the known one", ["1.2.3.4", EXPLICIT], EXPLICIT],
  ])("the syntax is %s", (_rule, syntaxes, chosen) => {
    expect(acceptContext(proposed(CT, ...syntaxes))).toEqual({ transferSyntaxUid: chosen });
  });

  test("a context in syntaxes that nobody knows is refused", () => {
    expect(acceptContext(proposed(CT, "1.2.3.4"))).toEqual({ result: 4 });
  });

  test("roles are granted as they are proposed", () => {
    const roles = { scu: false, scp: true };
    const answer = acceptContext({ ...proposed("1.2.840.10008.1.20.1", IMPLICIT), roles });
    expect(answer).toEqual({ transferSyntaxUid: IMPLICIT, roles });
  });
});
