import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parseCommandLine } from "./command-line.ts";
import { parseConfigFile } from "./config-file.ts";
import { CONFIG_SCHEMA, type ConfigFile } from "./config-schema.ts";
import { settle } from "./settings.ts";

const FILES: Readonly<Record<string, string>> = {
  "/etc/negato/tls/ca.pem": "-----BEGIN CERTIFICATE-----\nca\n",
  "/etc/negato/own.pem": "-----BEGIN CERTIFICATE-----\nown\n",
  "/etc/negato/own.key": "-----BEGIN EC PRIVATE KEY-----\nsecret\n",
  "/etc/negato/locked.key": "-----BEGIN ENCRYPTED PRIVATE KEY-----\nsecret\n",
  "/etc/negato/passcode": "open sesame\n",
};
const CONTEXT = {
  workingDirectory: "/home/ann",
  configDirectory: "/etc/negato",
  defaultDataFolder: "/home/ann/data",
  readFile: (file: string) => {
    const text = FILES[file];
    if (text === undefined) throw new Error("ENOENT");
    return text;
  },
};
const PACS = { aet: "ARCHIVE", host: "10.0.0.5", port: 104 };

function settings(args: readonly string[], config: ConfigFile = {}) {
  return settle(
    parseCommandLine(args),
    parseConfigFile(JSON.stringify(config), "negato.json"),
    CONTEXT,
  );
}

/** The settings of one PACS of a configuration file. */
function pacs(entry: NonNullable<ConfigFile["pacs"]>[number]) {
  return settings([], { pacs: [entry] }).pacs[0];
}

describe("the settings of a PACS", () => {
  it("have the times, limits and character sets that most archives bear", () => {
    expect(settings(["--pacs", "ORTHANC@localhost:4242"]).pacs).toEqual([
      {
        name: "orthanc",
        remote: {
          name: "orthanc",
          aeTitle: "ORTHANC",
          host: "localhost",
          port: 4242,
          callingAeTitle: "NEGATO",
          connectTimeoutMs: 5000,
          associationTimeoutMs: 8000,
          silenceTimeoutMs: 12_000,
          operationTimeoutMs: 1_800_000,
          maximumPduLength: 65_536,
        },
        retrieve: "auto",
        quirks: {
          patientRootOnly: false,
          noImageLevelFind: false,
          noUidLists: false,
          oneAssociation: false,
          slowStart: false,
        },
        associations: { most: 10, perRetrieval: 8, perUser: 10 },
        queryCharacterSet: ["ISO_IR 192"],
        fallbackCharacterSet: ["ISO_IR 192"],
        store: { isAllowed: true, commitment: false },
        forwardTo: [],
        cache: { maximumBytes: 10_000_000_000, maximumAgeMs: 259_200_000 },
      },
    ]);
  });

  it("know the switches of the command line", () => {
    const [one] = settings(["--pacs", "P@h:1?slow-start&one-association&tls&name=old"]).pacs;
    expect(one).toMatchObject({
      name: "old",
      quirks: { slowStart: true, oneAssociation: true },
      associations: { most: 1, perRetrieval: 1, perUser: 1 },
      remote: { silenceTimeoutMs: 120_000, tls: { profile: "non-downgrading" } },
    });
  });

  it("are those of the configuration file for a PACS that it describes", () => {
    const config = { pacs: [{ ...PACS, host: "::1", name: "main", retrieve: "move" as const }] };
    for (const text of ["main", "ARCHIVE@[::1]:104"]) {
      expect(settings(["--pacs", text], config).pacs).toMatchObject([
        { name: "main", retrieve: "move" },
      ]);
    }
    const [other] = settings(["--pacs", "ARCHIVE@[::1]:105"], config).pacs;
    expect(other).toMatchObject({ name: "archive", retrieve: "auto" });
  });

  it("give each source a name of its own, whatever kind it is of", () => {
    const {
      pacs: all,
      folders,
      dicom,
    } = settings(["--pacs", "INBOX@a:1", "--pacs", "INBOX@b:1", "--dicom", "/data/inbox"], {
      inbox: { from: ["CT1"] },
    });
    const names = [...all.map(({ name }) => name), folders[0]?.name, dicom.inbox?.name];
    expect(names).toEqual(["inbox", "inbox-2", "inbox-3", "inbox-4"]);
    expect(all.map(({ remote }) => remote.name)).toEqual(["inbox", "inbox-2"]);
  });

  it("take everything else from the configuration file", () => {
    expect(
      pacs({
        ...PACS,
        name: "main",
        callingAet: "NEGATO2",
        retrieve: "move",
        quirks: ["no-uid-lists"],
        associations: { most: 3 },
        timeouts: { connect: 1.5, silence: 60, operation: 600 },
        maximumPduLength: 131_072,
        queryCharacterSet: "ISO_IR 100",
        fallbackCharacterSet: ["", "ISO 2022 IR 87"],
        worklist: "RIS@[::1]:1040",
        store: { commitment: true },
        forwardTo: ["WORKSTATION"],
        cache: { maximumBytes: 50_000_000, maximumAgeHours: 1 },
      }),
    ).toMatchObject({
      name: "main",
      retrieve: "move",
      quirks: { noUidLists: true },
      remote: {
        callingAeTitle: "NEGATO2",
        connectTimeoutMs: 1500,
        silenceTimeoutMs: 60_000,
        operationTimeoutMs: 600_000,
        maximumPduLength: 131_072,
      },
      associations: { most: 3, perRetrieval: 3, perUser: 3 },
      queryCharacterSet: ["ISO_IR 100"],
      fallbackCharacterSet: ["", "ISO 2022 IR 87"],
      worklist: { aeTitle: "RIS", host: "::1", port: 1040, callingAeTitle: "NEGATO2" },
      store: { isAllowed: true, commitment: true },
      forwardTo: ["WORKSTATION"],
      cache: { maximumBytes: 50_000_000, maximumAgeMs: 3_600_000 },
    });
    expect(pacs({ ...PACS, worklist: true })?.worklist?.aeTitle).toBe("ARCHIVE");
    expect(pacs({ ...PACS, store: false })?.store.isAllowed).toBe(false);
  });

  it("read certificates and secrets from files beside the configuration", () => {
    const tls = {
      ca: "tls/ca.pem",
      certificate: "own.pem",
      key: "own.key",
      profile: "extended",
    } as const;
    const secured = pacs({ ...PACS, tls: { ...tls, anyServerName: true } });
    expect(secured?.remote.tls).toEqual({
      profile: "extended",
      ca: FILES["/etc/negato/tls/ca.pem"],
      certificate: FILES["/etc/negato/own.pem"],
      key: FILES["/etc/negato/own.key"],
      serverName: { kind: "any" },
    });
    expect(pacs({ ...PACS, tls: false })?.remote.tls).toBeUndefined();
    const identity = { kind: "user", name: "negato", file: "passcode" } as const;
    expect(pacs({ ...PACS, userIdentity: identity })?.userIdentity).toEqual({
      kind: "user",
      name: "negato",
      passcode: "open sesame",
    });
  });

  it.each([
    [{ tls: { key: "own.key" } }, "pacs/0/tls: certificate and key go together"],
    [{ tls: { ca: "none.pem" } }, "pacs/0/tls/ca: the file /etc/negato/none.pem cannot be read"],
    [{ tls: { ca: "own.key" } }, "is no PEM file with a certificate"],
    [{ tls: { certificate: "own.pem", key: "locked.key" } }, "has a passphrase"],
    [{ tls: { serverName: "a", anyServerName: true } }, "exclude one another"],
    [{ queryCharacterSet: "UTF-8" }, '"UTF-8" is no Specific Character Set'],
    [{ associations: { most: 2, perUser: 3 } }, "perUser is 3, which is more than most (2)"],
    [{ userIdentity: { kind: "jwt" } }, "kind jwt needs a file with the token"],
    [{ userIdentity: { kind: "user" } }, "kind user needs a name"],
    [{ worklist: "RIS" }, 'pacs/0/worklist "RIS": write it as AET@HOST:PORT'],
    [{ aet: "SEVENTEENLETTERSX" }, "/pacs/0/aet: must NOT have more than 16 characters"],
    [{ quirks: ["nonsense"] }, "/pacs/0/quirks/0: must be equal to one of the allowed values"],
    [{ prot: 104 }, '"prot" is no setting'],
  ])("that cannot be are refused by place: %j", (change, sentence) => {
    const text = JSON.stringify({ pacs: [{ ...PACS, ...change }] });
    const attempt = () =>
      settle(parseCommandLine([]), parseConfigFile(text, "negato.json"), CONTEXT);
    expect(attempt).toThrow(sentence);
    expect(attempt).not.toThrow("secret");
  });
});

describe("our side of DIMSE", () => {
  it("is NEGATO on port 11112, which nobody asked for", () => {
    expect(settings([]).dicom).toEqual({
      aeTitle: "NEGATO",
      port: 11_112,
      isPortGiven: false,
      alsoFrom: [],
      maximumAssociations: 20,
    });
  });

  it("is what the command line says, then what the file says", () => {
    const config = {
      aet: "FILE",
      dicomPort: 104,
      dicomTls: { certificate: "own.pem", key: "own.key" },
    };
    expect(settings([], config).dicom).toMatchObject({
      aeTitle: "FILE",
      port: 104,
      isPortGiven: true,
      tls: { port: 2762, settings: { profile: "non-downgrading" } },
    });
    const { dicom, pacs: all } = settings(
      ["--aet", "LINE", "--dicom-port", "105", "--pacs", "P@h:1"],
      config,
    );
    expect(dicom).toMatchObject({ aeTitle: "LINE", port: 105 });
    expect(all[0]?.remote.callingAeTitle).toBe("LINE");
  });

  it("refuses what cannot be", () => {
    expect(() => settings(["--aet", "SEVENTEENLETTERSX"])).toThrow(
      '--aet "SEVENTEENLETTERSX": an AE title is longer than 16 characters',
    );
    const dicomTls = { certificate: "own.pem", key: "own.key", port: 11_112 };
    expect(() => settings([], { dicomTls })).toThrow("11112 is the port without TLS");
    const inbox = { from: ["CT1"] };
    expect(() => settings([], { inbox, cacheKey: "session" })).toThrow(/after a restart/);
  });

  it("has an inbox only for those who are named", () => {
    expect(
      settings([], { inbox: { from: ["CT1", "MR1"], forwardTo: ["WS@h:104"] } }).dicom.inbox,
    ).toMatchObject({
      name: "inbox",
      allowedAeTitles: ["CT1", "MR1"],
      forwardTo: [{ aeTitle: "WS", host: "h", port: 104, callingAeTitle: "NEGATO" }],
    });
    expect(() => settings([], { inbox: { from: [] } })).toThrow("/inbox/from");
  });
});

describe("limits, trace and key", () => {
  it("limit users where there are any", () => {
    const users = [
      { name: "ann", passwordHash: "scrypt$2$8$1$aa$bb", permissions: ["diagnose"] as const },
    ];
    expect(settings([]).limits).toBeUndefined();
    expect(settings([], { auth: { type: "basic", users } })).toMatchObject({
      limits: { requestsPerUser: 256, retrievalsPerUser: 16 },
      users: [{ permissions: ["diagnose"] }],
    });
    expect(settings([], { limits: { retrievalsPerUser: 2 } }).limits).toEqual({
      requestsPerUser: 256,
      retrievalsPerUser: 2,
    });
  });

  it("count files of the command line from where it was called, others from the configuration", () => {
    expect(settings(["--trace", "t.ndjson"]).trace).toEqual({
      file: "/home/ann/t.ndjson",
      maximumBytes: 10_000_000,
    });
    const config = { trace: { file: "t", maximumBytes: 70_000 }, cacheKey: { folder: "keys" } };
    expect(settings([], config)).toMatchObject({
      trace: { file: "/etc/negato/t", maximumBytes: 70_000 },
      key: { kind: "folder", folder: "/etc/negato/keys" },
    });
    expect(settings([]).key).toEqual({ kind: "folder", folder: "/home/ann/data" });
    expect(settings([], { cacheKey: "session" }).key).toEqual({ kind: "session" });
  });
});

describe("the published JSON Schema", () => {
  it("is one, and describes each setting of DIMSE", () => {
    expect(new Ajv({ allowUnionTypes: true }).validateSchema(CONFIG_SCHEMA)).toBe(true);
    const bare = Object.entries(CONFIG_SCHEMA.properties)
      .filter(([name]) => !["$schema", "port", "auth", "dicomweb"].includes(name))
      .filter(([, property]) => !("description" in property));
    expect(bare).toEqual([]);
  });
});
