// Writes into docs/conformance.md what the last run of the tests found on the files of the conformance corpus.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const STATEMENT = fileURLToPath(new URL("../docs/conformance.md", import.meta.url));
const REPORTS = [".cache/corpus-report.json", ".cache/corpus-report-browser.json"].map((file) =>
  fileURLToPath(new URL(`../${file}`, import.meta.url)),
);
const BEGIN = "<!-- matrix of the corpus: written by scripts/conformance-matrix.mjs -->";
const END = "<!-- end of the matrix -->";

/**
 * @typedef {object} SyntaxSummary
 * @property {string} uid
 * @property {string} name
 * @property {number} files
 * @property {number} framesExact
 * @property {number} framesWithinTolerance
 * @property {readonly string[]} decoders
 * @property {readonly { file: string, message: string }[]} refused
 * @property {readonly { file: string, detail: string }[]} different
 */

/** @typedef {{ realm: string, transferSyntaxes: readonly SyntaxSummary[] }} Report */

/**
 * The statement with the matrix of these reports, that of the companion first.
 * @param {string} statement
 * @param {readonly Report[]} reports
 */
export function withMatrix(statement, [companion, browser]) {
  const [before, rest = ""] = statement.split(BEGIN);
  const [, after] = rest.split(END);
  if (after === undefined) throw new Error("The conformance statement has no place for the matrix");
  const rows = (companion?.transferSyntaxes ?? []).map((syntax) => {
    const other = browser?.transferSyntaxes.find(({ uid }) => uid === syntax.uid);
    const decoders = new Set([...syntax.decoders, ...(other?.decoders ?? [])]);
    return [
      syntax.name,
      String(syntax.files),
      [...decoders].sort().join(", "),
      framesOf(syntax),
      other === undefined ? "" : framesOf(other),
    ];
  });
  const head = ["transfer syntax", "files", "decoders", "frames in Node", "frames in Chromium"];
  const exceptions = exceptionsOf([companion, browser].filter((report) => report !== undefined));
  return `${before}${BEGIN}\n\n${table([head, ...rows])}\n\n${exceptions}\n\n${END}${after}`;
}

/** @param {SyntaxSummary} syntax */
function framesOf({ framesExact, framesWithinTolerance, refused, different }) {
  const parts = [
    [framesExact, "exact"],
    [framesWithinTolerance, "within tolerance"],
    [refused.length, refused.length === 1 ? "file refused" : "files refused"],
    [different.length, "different"],
  ];
  const named = parts.filter(([count]) => count !== 0).map(([count, what]) => `${count} ${what}`);
  return named.join(", ");
}

/**
 * Each file that is not exact everywhere, with the reason.
 * @param {readonly Report[]} reports
 */
function exceptionsOf(reports) {
  /** @type {Map<string, Set<string>>} */
  const realms = new Map();
  for (const { realm, transferSyntaxes } of reports)
    for (const { refused, different } of transferSyntaxes)
      for (const each of [...refused, ...different]) {
        const line = `${each.file}: ${"message" in each ? each.message : each.detail}`;
        realms.set(line, (realms.get(line) ?? new Set()).add(realm));
      }
  const lines = [...realms].map(([line, names]) =>
    names.size === reports.length ? `- ${line}` : `- ${line} (${[...names].join(", ")} only)`,
  );
  return lines.length === 0 ? "No exceptions." : lines.sort().join("\n");
}

/**
 * A Markdown table, columns aligned as the formatter of the project wants them.
 * @param {readonly (readonly string[])[]} rows
 */
function table([head = [], ...rows]) {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (REPORTS.every((file) => existsSync(file))) publish();
  else
    console.log("The tests have not run over the conformance corpus: the matrix stays as it is.");
}

function publish() {
  const statement = readFileSync(STATEMENT, "utf8");
  const reports = REPORTS.map((file) => JSON.parse(readFileSync(file, "utf8")));
  const renewed = withMatrix(statement, reports);
  if (renewed === statement) return;
  writeFileSync(STATEMENT, renewed);
  console.log("docs/conformance.md has a new matrix: look at it and commit it.");
}
