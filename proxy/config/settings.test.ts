import { describe, expect, it } from "vitest";
import { parseCommandLine } from "./command-line.ts";
import { parseConfigFile } from "./config-file.ts";
import { defaultDataFolder } from "./data-folder.ts";
import { settle } from "./settings.ts";

const CONTEXT = {
  workingDirectory: "/home/ann",
  configDirectory: "/etc/negato",
  defaultDataFolder: "/home/ann/.local/share/negato",
  readFile: () => "",
};
const AUTH = {
  type: "basic",
  users: [{ name: "ann", passwordHash: "scrypt$2$8$1$aa$bb" }],
} as const;

function settings(args: readonly string[], config = {}) {
  return settle(parseCommandLine(args), config, CONTEXT);
}

describe("settings of the companion", () => {
  it("are the loopback address, the first free port and the demo archive when nothing is asked for", () => {
    expect(settings([])).toMatchObject({
      folders: [],
      host: "127.0.0.1",
      port: 8104,
      isPortGiven: false,
      dataFolder: "/home/ann/.local/share/negato",
      opensBrowser: true,
    });
  });

  it("name folders after their last part, each once", () => {
    const { folders } = settings(["--dicom", "a/My Scans", "--dicom", "/b/my_scans"]);
    expect(folders).toEqual([
      { name: "my-scans", path: "/home/ann/a/My Scans" },
      { name: "my-scans-2", path: "/b/my_scans" },
    ]);
  });

  it("prefer the command line, and count paths of the file from the file", () => {
    const config = { dicom: ["scans"], port: 9000, data: "data", open: false };
    expect(settings([], config)).toMatchObject({
      folders: [{ name: "scans", path: "/etc/negato/scans" }],
      port: 9000,
      dataFolder: "/etc/negato/data",
      opensBrowser: false,
    });
    expect(settings(["--port", "9001", "--dicom", "x"], config)).toMatchObject({
      folders: [{ name: "x", path: "/home/ann/x" }],
      port: 9001,
    });
  });

  it.each(["0.0.0.0", "::", "192.168.1.5", "pacs.example.org"])(
    "refuse to listen on %s without authentication, and say why",
    (host) => {
      expect(() => settings(["--host", host])).toThrow(/patient data.*hash-password/);
      expect(settings(["--host", host], { auth: AUTH }).host).toBe(host);
    },
  );

  it.each(["127.0.0.1", "127.1.2.3", "localhost", "::1", "[::1]"])("let %s listen", (host) => {
    expect(settings(["--host", host]).host).toBe(host);
  });

  it.each([
    [["--dicomweb", "http://localhost/dicom-web"], "--dicomweb is not available in this version"],
    [["--nonsense"], "Unknown option '--nonsense'"],
    [["--port", "99999"], "--port must be a number"],
    [["--dicom"], "argument missing"],
    [["scans"], 'negato --dicom "scans"'],
  ])("refuse %j with a sentence", (args, sentence) => {
    expect(() => settings(args)).toThrow(sentence);
  });
});

describe("the configuration file", () => {
  it("is refused with each place and what is expected there", () => {
    const text = JSON.stringify({ port: "8104", prot: 1, auth: { type: "digest", users: [] } });
    for (const fault of [
      "/port: must be integer",
      '"prot" is no setting (negato config-schema lists them)',
      '/auth/type: must be "basic"',
      "/auth/users: must NOT have fewer than 1 items",
    ]) {
      expect(() => parseConfigFile(text, "negato.json")).toThrow(fault);
    }
  });

  it("is refused when it is not JSON", () => {
    expect(() => parseConfigFile("{", "negato.json")).toThrow("negato.json is not JSON");
  });
});

describe("the data folder", () => {
  it.each([
    ["linux", {}, "/home/ann/.local/share/negato"],
    ["linux", { XDG_DATA_HOME: "/data" }, "/data/negato"],
    ["linux", { XDG_DATA_HOME: "relative" }, "/home/ann/.local/share/negato"],
    ["darwin", {}, "/home/ann/Library/Application Support/Negato"],
    [
      "win32",
      { LOCALAPPDATA: "C:\\Users\\ann\\AppData\\Local" },
      "C:\\Users\\ann\\AppData\\Local\\Negato",
    ],
  ] as const)("is that of %s", (platform, environment, folder) => {
    expect(defaultDataFolder({ platform, home: "/home/ann", environment })).toBe(folder);
  });
});
