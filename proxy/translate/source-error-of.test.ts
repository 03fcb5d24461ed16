import { describe, expect, test } from "vitest";
import { DimseError, type DimseErrorCode, type DimseErrorFacts } from "../dimse/dimse-error.ts";
import { problemOf, retryAfterOf } from "../http/problem.ts";
import { ObjectStoreError } from "../object-store/object-store.ts";
import { SourceError } from "../sources/source.ts";
import type { PacsTask } from "./dimse-sentences.ts";
import { sourceErrorOf } from "./source-error-of.ts";

const PACS = {
  name: "main",
  aeTitle: "PACS",
  host: "10.0.0.9",
  port: 104,
  callingAeTitle: "NEGATO",
};

function problem(code: DimseErrorCode, facts: DimseErrorFacts = {}, task?: PacsTask) {
  return problemOf(sourceErrorOf(new DimseError(code, "inside", facts), PACS, task));
}

describe("failures of a PACS over HTTP", () => {
  const rejected = (result: number, source: number, reason: number) => ({ result, source, reason });

  test.each<[DimseErrorCode, DimseErrorFacts, number, string]>([
    ["unreachable", {}, 503, "cannot be reached at 10.0.0.9:104"],
    ["connect-timeout", {}, 504, "did not answer the request for an association in time"],
    ["tls-failure", {}, 502, "TLS with the PACS"],
    [
      "rejected",
      rejected(1, 1, 3),
      502,
      "does not know AE title NEGATO: add it there with this host and port",
    ],
    ["rejected", rejected(1, 1, 7), 502, "does not answer to AE title PACS"],
    ["rejected", rejected(1, 1, 1), 502, "refuses associations of AE title NEGATO"],
    ["rejected", rejected(1, 2, 2), 502, "version of the DICOM protocol"],
    ["rejected", rejected(2, 3, 1), 503, "congested"],
    ["rejected", rejected(2, 3, 2), 503, "takes no more associations"],
    ["rejected", rejected(1, 3, 2), 503, "takes no more associations"],
    ["rejected", rejected(2, 1, 1), 503, "takes no association at the moment"],
    ["no-context", {}, 502, "does not offer queries (C-FIND) to AE title NEGATO"],
    ["aborted", { source: 2, reason: 2 }, 502, "aborted the association (unexpected PDU)"],
    ["aborted", { source: 0 }, 502, "aborted the association (by its application)"],
    ["connection-lost", {}, 502, "ended in the middle"],
    ["silent", {}, 504, "stopped answering"],
    ["overdue", {}, 504, "did not finish"],
    ["protocol-violation", {}, 502, "is not DICOM"],
    ["limit-exceeded", {}, 502, "more than is taken"],
    ["failed-status", { status: 0xa700 }, 503, "is out of resources (status A700)"],
    ["failed-status", { status: 0xa702 }, 502, "could not send what was asked for (status A702)"],
    ["failed-status", { status: 0xa801 }, 502, "does not know the destination of the move"],
    ["failed-status", { status: 0xa900 }, 502, "does not take the identifier"],
    ["failed-status", { status: 0xc001 }, 502, "was unable to process the request (status C001)"],
    ["failed-status", { status: 0x0122 }, 502, "does not support this SOP class (status 0122)"],
    ["failed-status", { status: 0xfe00 }, 502, "without being asked to"],
    ["failed-status", { status: 0x0124 }, 502, "does not authorize AE title NEGATO"],
    ["cancelled", {}, 503, "was cancelled"],
    ["busy", {}, 503, "are in use"],
    ["closed", {}, 503, "is being closed"],
  ])("%s %j is %i", (code, facts, status, words) => {
    const document = problem(code, facts, "search");
    expect(document.status).toBe(status);
    expect(document.detail).toContain(words);
    expect(document["pacs"]).toBe("main");
    expect(document["dimse"]).toEqual({ code, ...facts });
  });

  test.each<[string, DimseErrorCode, string]>([
    ["ECONNREFUSED", "unreachable", "(the connection was refused, nothing listens on this port)"],
    ["ENOTFOUND", "unreachable", "(there is no host of this name): check the host here"],
    ["ENETUNREACH", "unreachable", "(there is no route to it)"],
    ["EPIPE", "unreachable", "at 10.0.0.9:104: check that it runs"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls-failure", "not trusted here): name a file"],
    ["CERT_HAS_EXPIRED", "tls-failure", "has expired): renew it there"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls-failure", "set tls.serverName"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls-failure", "does not speak TLS): give the port"],
    ["ECONNRESET", "tls-failure", "perhaps this port does not speak TLS): check that it does"],
    ["ERR_SSL_OTHER", "tls-failure", "failed (ERR_SSL_OTHER): check that this port"],
  ])("%s says why there is no connection", (systemCode, code, words) => {
    const cause = Object.assign(new Error("inside"), { code: systemCode });
    expect(problem(code, { cause }).detail).toContain(words);
    const all = new AggregateError([cause]);
    expect(problem(code, { cause: all }).detail).toContain(words);
  });

  test("a connection that ends before the association stands says what may be the matter", () => {
    const { detail } = problem("connection-lost", { isUnanswered: true });
    expect(detail).toContain("without answering the request for an association: check that");
  });

  test("a C-MOVE that the PACS cannot do says what it has to know of us", () => {
    const detail = (status: number, ourPort?: number) =>
      problemOf(
        sourceErrorOf(
          new DimseError("failed-status", "inside", { status }),
          { ...PACS, ourPort },
          "retrieve",
        ),
      ).detail;
    for (const status of [0xa801, 0xa702, 0xc000])
      expect(detail(status, 11112)).toContain("AE title NEGATO with this host and port 11112");
    expect(detail(0xa801)).toContain("with this host and the port that listens here");
    expect(problem("failed-status", { status: 0xc000 }, "search").detail).not.toContain("C-MOVE");
  });

  test("a comment of the PACS is for the client, and in no message", () => {
    const facts = { status: 0xc000, comment: "patient DOE^JOHN is locked" };
    const error = sourceErrorOf(new DimseError("failed-status", "inside", facts), PACS);
    expect(problemOf(error)["dimse"]).toMatchObject({ comment: facts.comment });
    expect(problemOf(error).detail).not.toContain("DOE");
    expect(error instanceof SourceError && error.message).not.toContain("DOE");
  });

  test("what passes by itself says when to try again", () => {
    expect(retryAfterOf(sourceErrorOf(new DimseError("unreachable", ""), PACS))).toBe(10);
    expect(retryAfterOf(sourceErrorOf(new DimseError("busy", ""), PACS))).toBe(2);
    expect(retryAfterOf(new Error("other"))).toBe(2);
  });

  test("an address with colons is told in brackets", () => {
    const error = sourceErrorOf(new DimseError("unreachable", ""), { ...PACS, host: "::1" });
    expect(problemOf(error).detail).toContain("[::1]:104");
  });

  test.each([
    ["disk-full", 507],
    ["io", 503],
    ["damaged", 503],
    ["gone", 503],
    ["locked", 503],
    ["closed", 503],
  ] as const)("the store of received objects: %s is %i", (code, status) => {
    expect(problemOf(sourceErrorOf(new ObjectStoreError(code, "inside"), PACS)).status).toBe(
      status,
    );
  });

  test("what is about neither stays what it is", () => {
    const own = new SourceError("not-found", "There is no such study");
    expect(sourceErrorOf(own, PACS)).toBe(own);
    const abort = new DOMException("left", "AbortError");
    expect(sourceErrorOf(abort, PACS)).toBe(abort);
  });
});
