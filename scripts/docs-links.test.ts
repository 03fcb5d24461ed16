import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const project = fileURLToPath(new URL("../", import.meta.url));

/** Folders of the house that a newcomer opens by name. */
const ROOMS = [
  ...["bench", "e2e", "scripts", "wasm", "workers", "proxy", "src"],
  ...["config", "decode", "demo", "http", "sources"].map((room) => `proxy/${room}`),
  ...["cache", "components", "decode", "frames", "render", "retrieve", "viewer"].map(
    (room) => `src/${room}`,
  ),
  ...["dicom", "dicom-json", "dicomweb", "geometry", "jobs", "pixels", "study"].map(
    (room) => `src/core/${room}`,
  ),
];

test("every link of the documentation leads to a file", () => {
  const broken = documents().flatMap((document) =>
    linksOf(document)
      .filter((link) => !existsSync(path.resolve(project, path.dirname(document), link)))
      .map((link) => `${document}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test("every room has a README of at most 60 lines", () => {
  const long = documents()
    .filter((document) => path.basename(document) === "README.md" && document.includes("/"))
    .filter((document) => readFileSync(project + document, "utf8").split("\n").length > 61);
  expect(long).toEqual([]);
  expect(ROOMS.filter((room) => !existsSync(`${project}${room}/README.md`))).toEqual([]);
});

function documents(): string[] {
  return execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.md"], {
    cwd: project,
    encoding: "utf8",
  })
    .split("\n")
    .filter((file) => file !== "" && existsSync(project + file));
}

/** Addresses of Markdown links and pictures within the project. */
function linksOf(document: string): string[] {
  const text = readFileSync(project + document, "utf8");
  return [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}
