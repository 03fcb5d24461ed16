import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect as connectByTls, createServer, type Server, type TlsOptions } from "node:tls";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../scripts/free-port.mjs";
import { hasDcmtk } from "../../scripts/system-parts.mjs";
import { acceptAssociation } from "./accept-association.ts";
import type { Association } from "./association.ts";
import type { AssociationEvent } from "./association-event.ts";
import type { TlsSettings } from "./remote-ae.ts";
import { requestAssociation } from "./request-association.ts";
import { localAe, ONE_CONTEXT, portOf, TAKES_ALL } from "./testing/loopback.ts";
import { makeAuthority } from "./testing/made-certificates.ts";
import { ECHO, ECHOED, nextMessage } from "./testing/operations.ts";
import { secureContextOf } from "./tls-profile.ts";

const run = promisify(execFile);
const NEVER = new AbortController().signal;
const VERIFICATION = {
  contexts: [{ abstractSyntaxUid: "1.2.840.10008.1.1", transferSyntaxUids: ["1.2.840.10008.1.2"] }],
};

const authority = makeAuthority("Made Authority");
const stranger = makeAuthority("Another Authority");
const pacs = authority.issue("pacs.example");
const elsewhere = authority.issueElsewhere("elsewhere.example");
const viewer = authority.issueElsewhere("viewer.example");
const closings: (() => Promise<void> | void)[] = [];
/** Where DCMTK finds the certificates. */
let folder: string;

describe("associations by TLS", () => {
  afterEach(async () => {
    for (const close of closings.splice(0)) await close();
  });

  it.each([
    ["TLSv1.2", "non-downgrading"],
    ["TLSv1.2", "extended"],
    ["TLSv1.3", "non-downgrading"],
    ["TLSv1.3", "extended"],
  ] as const)("stand with a peer of %s by the %s profile, and say so", async (version, profile) => {
    const port = await acceptorByTls({ maxVersion: version });
    const events: AssociationEvent[] = [];
    const association = await requestAssociation(
      localAe(port, { tls: settings({ profile }) }),
      ONE_CONTEXT,
      NEVER,
      ({ event }) => void events.push(event),
    );
    expect(events.find(({ kind }) => kind === "accepted")).toMatchObject({
      tls: expect.stringMatching(`^${version} TLS_.*(GCM|CHACHA20)`),
    });
    association.abort();
  });

  it.each<[string, () => TlsOptions, () => TlsSettings]>([
    [
      "whose certificate is of an unknown authority",
      () => ({}),
      () => settings({ ca: stranger.ca }),
    ],
    [
      "whose certificate is for another name",
      () => ({ cert: elsewhere.certificate, key: elsewhere.key }),
      () => settings(),
    ],
    ["that wants a certificate of ours", () => ({}), () => withoutCertificate()],
    [
      "that knows TLS 1.1 only",
      () => ({ minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" }),
      () => settings(),
    ],
    [
      "that has weak ciphers only",
      () => ({ maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-SHA" }),
      () => settings(),
    ],
  ])("do not stand with a peer %s", async (_name, options, tls) => {
    const port = await acceptorByTls(options());
    await expect(
      requestAssociation(localAe(port, { tls: tls() }), ONE_CONTEXT, NEVER),
    ).rejects.toMatchObject({ code: "tls-failure" });
  });

  it.each<[string, TlsSettings["serverName"]]>([
    ["that goes by another name, when that name is expected", "elsewhere.example"],
    ["of whatever name, when any is taken", { kind: "any" }],
  ])("stand with a peer %s", async (_name, serverName) => {
    const port = await acceptorByTls({ cert: elsewhere.certificate, key: elsewhere.key });
    const tls = serverName === undefined ? settings() : settings({ serverName });
    const association = await requestAssociation(localAe(port, { tls }), ONE_CONTEXT, NEVER);
    association.abort();
  });

  it("carry large data sets both ways", async () => {
    const port = await acceptorByTls({}, async (acceptor) => {
      const { command, dataSet } = await nextMessage(acceptor);
      await acceptor.send({ contextId: 1, command, dataSet });
    });
    const association = await requestAssociation(
      localAe(port, { tls: settings() }),
      ONE_CONTEXT,
      NEVER,
    );
    const dataSet = Buffer.alloc(5_000_000, "abc");
    const back = nextMessage(association);
    const command = { ...ECHO, hasDataSet: true };
    await association.send({ contextId: 1, command, dataSet });
    expect(Buffer.compare((await back).dataSet, dataSet)).toBe(0);
    association.abort();
  });

  it("say that a peer does not speak TLS", async () => {
    const server = createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.end("no\r\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closings.push(() => void server.close());
    const remote = localAe(portOf(server), { tls: settings() });
    await expect(requestAssociation(remote, ONE_CONTEXT, NEVER)).rejects.toMatchObject({
      code: "tls-failure",
    });
  });

  it("say that our own certificate is not usable", async () => {
    const tls = settings({ certificate: "no PEM" });
    await expect(
      requestAssociation(localAe(104, { tls }), ONE_CONTEXT, NEVER),
    ).rejects.toMatchObject({
      code: "tls-failure",
      message: expect.stringContaining("not usable"),
    });
  });

  it("do not wait for a peer that does not complete TLS", async () => {
    const server = createTcpServer((socket) => void socket.on("error", () => {}));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closings.push(() => void server.close());
    const remote = localAe(portOf(server), { tls: settings(), connectTimeoutMs: 100 });
    await expect(requestAssociation(remote, ONE_CONTEXT, NEVER)).rejects.toMatchObject({
      code: "connect-timeout",
      message: expect.stringContaining("did not complete TLS"),
    });
  });

  it("do not let a peer in that has no certificate", async () => {
    const port = await acceptorByTls();
    const { certificate, key } = pacs;
    const withOurs = connectByTls({ port, ca: authority.ca, cert: certificate, key });
    const without = connectByTls({ port, ca: authority.ca });
    await once(withOurs, "secureConnect");
    withOurs.destroy();
    await expect(once(without, "end")).rejects.toThrow(/alert certificate required/);
  });

  describe.skipIf(!hasDcmtk())("with DCMTK", () => {
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), "negato-tls-"));
      await writeFile(fileOf("ca.pem"), authority.ca);
      for (const [name, { certificate, key }] of Object.entries({ pacs, viewer })) {
        await writeFile(fileOf(`${name}.pem`), certificate);
        await writeFile(fileOf(`${name}.key`), key);
      }
    });

    afterAll(() => rm(folder, { recursive: true, force: true }));

    it.each(["--profile-bcp195-nd", "--profile-bcp195-ex"])(
      "stand with storescp, each side knowing the other: %s",
      async (profile) => {
        const port = await storescp(profile);
        const tls = settings({
          profile: profile.endsWith("ex") ? "extended" : "non-downgrading",
        });
        const association = await requestAssociation(localAe(port, { tls }), VERIFICATION, NEVER);
        const answered = nextMessage(association);
        await association.send({ contextId: 1, command: ECHO });
        expect((await answered).command).toMatchObject({ status: 0 });
        await association.release();
      },
    );

    it("do not stand with storescp when it does not know our certificate", async () => {
      const port = await storescp("--profile-bcp195-nd");
      const remote = localAe(port, { tls: withoutCertificate() });
      await expect(requestAssociation(remote, VERIFICATION, NEVER)).rejects.toMatchObject({
        code: "tls-failure",
      });
    });

    it.each(["--profile-bcp195-nd", "--profile-bcp195-ex"])(
      "are accepted of echoscu: %s",
      async (profile) => {
        const port = await acceptorByTls({}, async (acceptor) => {
          const { command } = await nextMessage(acceptor);
          await acceptor.send({
            contextId: 1,
            command: { ...ECHOED, messageIdBeingRespondedTo: command.messageId ?? 0 },
          });
        });
        const identity = [fileOf("viewer.key"), fileOf("viewer.pem")];
        const trusted = ["+cf", fileOf("ca.pem")];
        const args = ["+tls", ...identity, ...trusted, profile, "127.0.0.1", String(port)];
        await run("echoscu", args, { timeout: 10_000 });
      },
    );
  });
});

function fileOf(name: string): string {
  return path.join(folder, name);
}

/** Our side of mutual TLS. */
function settings(changes: Partial<TlsSettings> = {}): TlsSettings {
  const { certificate, key } = viewer;
  return { ca: authority.ca, certificate, key, profile: "non-downgrading", ...changes };
}

function withoutCertificate(): TlsSettings {
  return { ca: authority.ca, profile: "non-downgrading" };
}

/** The port of an acceptor of ours that wants certificates. */
async function acceptorByTls(
  options: TlsOptions = {},
  serve: (association: Association) => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  const { certificate, key } = pacs;
  const own: TlsSettings = { ca: authority.ca, certificate, key, profile: "extended" };
  const server: Server = createServer(
    { ...secureContextOf(own), requestCert: true, rejectUnauthorized: true, ...options },
    (socket) => {
      acceptAssociation(socket, TAKES_ALL, NEVER).then(serve, () => {});
    },
  );
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closings.push(() => void server.close());
  return portOf(server);
}

/** The port of a storescp that wants certificates. */
async function storescp(profile: string): Promise<number> {
  const port = await freePort();
  const trusted = ["+cf", fileOf("ca.pem"), "--require-peer-cert"];
  const identity = [fileOf("pacs.key"), fileOf("pacs.pem")];
  const args = ["+tls", ...identity, ...trusted, profile, "--ignore"];
  const child = spawn("storescp", [...args, String(port)], {
    stdio: "ignore",
    env: { ...process.env, TCP_NODELAY: "1" },
  });
  closings.push(() => ended(child));
  for (let attempt = 0; attempt < 100 && !(await isListening(port)); attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return port;
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill();
  });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
