import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MadeFolder, madeFolder, madeInstance } from "../testing/made-archive.ts";
import { basicAuthentication } from "./basic-authentication.ts";
import { createServer } from "./create-server.ts";
import { hashPassword } from "./password-hash.ts";

const decoder = {
  decode: refused,
  render: refused,
};
const headers = { host: "localhost:8104" };

async function refused() {
  return { ok: false, error: { code: "codec-failure", message: "unused" } } as const;
}

let made: MadeFolder;
let app: FastifyInstance;
let logged = "";

beforeAll(async () => {
  made = await madeFolder({ "a.dcm": madeInstance(), "broken.dcm": "this is no DICOM" });
  const viewerDirectory = path.join(made.folder, "..", "viewer");
  await mkdir(path.join(viewerDirectory, "assets"), { recursive: true });
  const files = {
    "index.html": "<!doctype html><script>start()</script><script src='x.js'></script>",
    "service-worker.js": "self",
    "assets/main-AbCd1234.js": "plain",
    "assets/main-AbCd1234.js.br": "brotli",
    "assets/codec-AbCd1234.wasm": "\0asm",
  };
  for (const [file, text] of Object.entries(files)) {
    await writeFile(path.join(viewerDirectory, file), text);
  }
  app = await createServer({
    sources: [await made.open()],
    decoder,
    viewerDirectory,
    allowedHosts: ["localhost"],
    frameAncestors: ["'self'", "https://portal.example.org"],
    logTo: {
      write: (line) => {
        logged += line;
      },
    },
    version: "1.2.3",
  });
});

afterAll(async () => {
  await app.close();
  await made.remove();
});

describe("a search", () => {
  it("says all that there is to say beside the answer, not the last of it alone", async () => {
    const source = {
      ...(await made.open()),
      name: "talkative",
      search: async () => ({
        matches: [],
        warnings: ["3 files are not in this list"],
        hasMore: true,
      }),
    };
    const server = await createServer({
      sources: [source],
      decoder,
      allowedHosts: ["localhost"],
      version: "1",
    });
    const { headers: answered } = await server.inject({ url: "/dicom-web/studies", headers });
    await server.close();
    expect(answered["warning"]).toBe(
      '299 negato "3 files are not in this list", 299 negato "There are additional results that can be requested"',
    );
  });
});

describe("the viewer", () => {
  it.each(["/", "/viewer?StudyInstanceUIDs=1.2", "/IHEInvokeImageDisplay?requestType=STUDY"])(
    "is served at %s",
    async (url) => {
      const response = await app.inject({ url, headers });
      expect(response.statusCode).toBe(200);
      expect(response.headers["content-type"]).toContain("text/html");
      expect(response.headers["cache-control"]).toBe("no-cache");
    },
  );

  it("gets hashed files once and for all, compressed where the browser takes it", async () => {
    const url = "/assets/main-AbCd1234.js";
    const response = await app.inject({ url, headers: { ...headers, "accept-encoding": "br" } });
    expect(response.body).toBe("brotli");
    expect(response.headers["content-encoding"]).toBe("br");
    expect(response.headers["cache-control"]).toContain("immutable");
    expect((await app.inject({ url, headers })).body).toBe("plain");
  });

  it("gets WebAssembly as such, and a service worker that is asked for anew", async () => {
    const wasm = await app.inject({ url: "/assets/codec-AbCd1234.wasm", headers });
    expect(wasm.headers["content-type"]).toBe("application/wasm");
    const worker = await app.inject({ url: "/service-worker.js", headers });
    expect(worker.headers["cache-control"]).toBe("no-cache");
  });

  it.each(["/../package.json", "/%2e%2e/package.json", "/assets/..%2f..%2fa.dcm", "/..%5ca.dcm"])(
    "leaves nothing else to be read by %s",
    async (url) => {
      const { statusCode } = await app.inject({ url, headers });
      expect([400, 403, 404]).toContain(statusCode);
    },
  );
});

describe("every response", () => {
  it.each(["/", "/dicom-web/studies", "/no/such/address", "/healthz", "/dicom-web/studies/abc"])(
    "of %s carries the security headers",
    async (url) => {
      const response = await app.inject({ url, headers });
      const policy = response.headers["content-security-policy"];
      expect(policy).toContain("default-src 'none'");
      expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval' 'sha256-[^']+'(;|$)/);
      expect(policy).toContain("frame-ancestors 'self' https://portal.example.org");
      expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'/);
      expect(response.headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
      });
    },
  );

  it.each([
    ["/no/such/address", 404, "no-such-address"],
    ["/dicom-web/studies/abc/metadata", 400, "bad-uid"],
    ["/dicom-web/studies/9.9/metadata", 404, "not-found"],
    ["/dicom-web/studies?NoSuch=1", 400, "bad-message"],
    ["/sources/none/problems", 404, "no-such-source"],
  ])("of %s that fails is a problem document", async (url, status, code) => {
    const response = await app.inject({ url, headers });
    expect(response.statusCode).toBe(status);
    expect(response.headers["content-type"]).toContain("application/problem+json");
    expect(response.json()).toMatchObject({ status, code });
  });

  it("is refused to names that the companion is not known by", async () => {
    const response = await app.inject({
      url: "/dicom-web/studies",
      headers: { host: "evil.example" },
    });
    expect(response.statusCode).toBe(421);
    expect(response.json().code).toBe("unknown-host");
  });

  it("leaves no patient data in the log", async () => {
    await app.inject({ url: "/dicom-web/studies?PatientName=Doe*&PatientID=SECRET", headers });
    await app.inject({ url: "/dicom-web/studies/1.2.3.77/metadata", headers });
    expect(logged).toContain("/dicom-web/studies");
    expect(logged).not.toMatch(/Doe|SECRET|1\.2\.3\.77/);
  });
});

describe("the companion about itself", () => {
  it("says that it lives, whether it is ready, and what it serves", async () => {
    const get = async (url: string) => (await app.inject({ url, headers })).json();
    expect(await get("/healthz")).toEqual({ status: "ok", version: "1.2.3" });
    expect(await get("/readyz")).toMatchObject({ status: "ready" });
    expect((await get("/sources")).sources).toEqual([
      expect.objectContaining({ name: "made", kind: "folder", isDefault: true, instances: 1 }),
    ]);
    expect((await get("/sources/made/problems")).problems).toEqual([
      expect.objectContaining({ where: "broken.dcm", code: "not-dicom" }),
    ]);
  });

  it("counts requests by route, not by address", async () => {
    await app.inject({ url: "/dicom-web/studies/1.2.3/series", headers });
    const { body } = await app.inject({ url: "/metrics", headers });
    expect(body).toMatch(
      /negato_requests_total\{method="GET",route="\/dicom-web\/studies\/:study\/series",status="200"\} 1/,
    );
    expect(body).toContain('negato_source_objects{source="made",level="instances"} 1');
    expect(body).not.toContain("1.2.3/");
  });
});

describe("authentication", () => {
  it("lets in who knows the password, and tells others how to sign in", async () => {
    const users = [{ name: "ann", passwordHash: await hashPassword("correct horse") }];
    const guarded = await createServer({
      sources: [await made.open()],
      decoder,
      authenticator: basicAuthentication(users),
      allowedHosts: "any",
      version: "1",
    });
    const ask = (credentials: string) =>
      guarded.inject({
        url: "/dicom-web/studies",
        headers: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` },
      });
    expect((await ask("ann:correct horse")).statusCode).toBe(200);
    for (const wrong of ["ann:wrong", "bob:correct horse", "ann", ""]) {
      const response = await ask(wrong);
      expect(response.statusCode).toBe(401);
      expect(response.headers["www-authenticate"]).toContain("Basic");
    }
    expect((await guarded.inject({ url: "/dicom-web/studies" })).statusCode).toBe(401);
    expect((await guarded.inject({ url: "/healthz" })).statusCode).toBe(200);
    await guarded.close();
  });
});
