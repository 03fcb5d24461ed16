/**
 * Writes src/core/dicom/{dictionary,tags,uids}.generated.ts from npm packages of the standard, which are fetched for
 * this and not installed. PS3.6 table 6-1 comes from @iwharris/dicom-data-dictionary, which states its edition. What
 * that package does not hold (groups 0000, 0002 and 0004, attributes of later editions, private attributes) comes
 * from dcmjs, which states none. UIDs: uid-registry.mjs.
 */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { fetchPackage } from "./npm-package.mjs";
import { readUidRegistry } from "./uid-registry.mjs";

const STANDARD = {
  name: "@iwharris/dicom-data-dictionary",
  version: "1.26.0",
  integrity:
    "sha512-+IGx8Wv7xUu6i4eHc7NGUNYSYFjAGoezZyfX8Qy++TxxdcqI/hVVclP/+rJwOEdwgClINEsiPX4sC72UimCkTw==",
};
const SUPPLEMENT = {
  name: "dcmjs",
  version: "0.52.2",
  integrity:
    "sha512-jt+kyCNcjCNcfQNDDph26NZUBh3alOEM36ao918aotkb2WxkUq3OVu84q3EOCsJcwkMfsEiojiCA8+RYaCR4Ag==",
};

const standard = createRequire(import.meta.url)(
  path.join(fetchPackage(STANDARD), "dist", "index.js"),
);
/** @type {{ dictionary: Record<string, { vr: string, vm: string, name: string, version?: string }> }} */
const { dictionary: supplement } = await import(
  pathToFileURL(path.join(fetchPackage(SUPPLEMENT), "generate", "dictionary.mjs")).href
);

/** Creators whose private attributes are named: those that change what is displayed or are often looked for. */
const CREATORS = [
  "GEMS_ACQU_01",
  "GEMS_PARM_01",
  "GEMS_IDEN_01",
  "Philips Imaging DD 001",
  "SIEMENS CSA HEADER",
  "SIEMENS MEDCOM HEADER",
  "SIEMENS MR HEADER",
];

/** VRs that depend on other attributes, by one name each. */
const VR_CODES = new Map([
  ["US or SS", "xs"],
  ["OB or OW", "ox"],
  ["US or OW", "lt"],
  ["US or SS or OW", "lt"],
  ["up", "UL"],
]);

/** What neither package holds (real-time video), or spells as editions did before it was corrected. */
const CORRECTIONS = [
  ["00020026", "UR", "1", "SourcePresentationAddress"],
  ["00020027", "UR", "1", "SendingPresentationAddress"],
  ["00020028", "UR", "1", "ReceivingPresentationAddress"],
  ["00020031", "OB", "1", "RTVMetaInformationVersion"],
  ["00020032", "UI", "1", "RTVCommunicationSOPClassUID"],
  ["00020033", "UI", "1", "RTVCommunicationSOPInstanceUID"],
  ["00020035", "OB", "1", "RTVSourceIdentifier"],
  ["00020036", "OB", "1", "RTVFlowIdentifier"],
  ["00020037", "UL", "1", "RTVFlowRTPSamplingRate"],
  ["00020038", "FD", "1", "RTVFlowActualFrameDuration"],
  ["00060001", "SQ", "1", "CurrentFrameFunctionalGroupsSequence"],
  ["00221642", "UL", "1", "NumberOfBscansPerFrame"],
  ["0040A803", "UL", "1", "NumberOfTableColumns"],
];

/** @typedef {{ pattern: string, vr: string, vm: string, keyword: string, name: string }} Entry */

/** @returns {Entry[]} in order of tag */
function collectEntries() {
  const entries = standardEntries();
  for (const entry of supplementEntries())
    if (!entries.has(entry.pattern)) entries.set(entry.pattern, entry);
  for (const [pattern = "", vr = "", vm = "", keyword = ""] of CORRECTIONS)
    entries.set(pattern, { pattern, vr, vm, keyword, name: spaced(keyword) });
  return [...entries.values()].sort((a, b) => (a.pattern < b.pattern ? -1 : 1));
}

/** @returns {Map<string, Entry>} by pattern: eight hexadecimal digits, lower-case x for any digit */
function standardEntries() {
  const entries = new Map();
  for (const { tag, keyword, name, vr, vm } of Object.values(standard.elements)) {
    const pattern = toPattern(tag);
    if (pattern.startsWith("FFFE") || keyword === "undefined") continue;
    const code = VR_CODES.get(vr) ?? vr;
    entries.set(pattern, { pattern, vr: code, vm, keyword, name: plainName(name) });
  }
  return entries;
}

/** @returns {Entry[]} */
function supplementEntries() {
  return Object.entries(supplement)
    .filter(([key, { vr }]) => /^\([0-9A-Fa-f]{4},[0-9A-Fa-f]{4}\)$/.test(key) && vr !== "na")
    .filter(([, { version }]) => version === "DICOM" || version === "DICOM/retired")
    .map(([key, { vr, vm, name }]) => {
      const keyword = name.replace(/^RETIRED_/, "");
      const code = VR_CODES.get(vr) ?? vr;
      return { pattern: toPattern(key), vr: code, vm, keyword, name: spaced(keyword) };
    })
    .filter(({ pattern, keyword }) => isStandardGroup(pattern) && /^[A-Z]\w*$/.test(keyword));
}

function isStandardGroup(/** @type {string} */ pattern) {
  return Number.parseInt(pattern.slice(0, 4), 16) % 2 === 0;
}

/** `(60xx,0010)` as `60xx0010`. */
function toPattern(/** @type {string} */ tag) {
  return tag
    .replace(/[(),\s]/g, "")
    .toUpperCase()
    .replace(/X/g, "x");
}

function plainName(/** @type {string} */ name) {
  return name
    .replace(/&#x27;/g, "'")
    .replace(/&amp;/g, "&")
    .replace(/[\u200B\u00AD]/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** The name that a keyword implies; dictionary.ts derives it in the same way. */
function spaced(/** @type {string} */ keyword) {
  return keyword.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2");
}

/** `pattern VR VM keyword`, and `|name` where the keyword does not imply it. */
function toLine(/** @type {Entry} */ entry) {
  const name = entry.name === spaced(entry.keyword) ? "" : `|${entry.name}`;
  return `${entry.pattern} ${entry.vr} ${entry.vm.replace(/ or /g, "/")} ${entry.keyword}${name}`;
}

function privateLines() {
  const lines = [];
  for (const [key, element] of Object.entries(supplement)) {
    const [, group, creator, low] =
      /^\(([0-9A-Fa-f]{4}),"([^"]+)",([0-9A-Fa-f]{2})\)$/.exec(key) ?? [];
    if (group === undefined || creator === undefined || low === undefined) continue;
    if (!CREATORS.includes(creator) || !/^[A-Z]{2}$|^ox$|^xs$/.test(element.vr)) continue;
    const name = element.name === "Unknown" ? "" : element.name;
    lines.push(`${group.toUpperCase()}${low.toUpperCase()} ${creator}|${element.vr}|${name}`);
  }
  return [...new Set(lines)].sort();
}

const entries = collectEntries();
const edition = standard.revision;
const supplementName = `${SUPPLEMENT.name} ${SUPPLEMENT.version}`;
const header = `// Generated by scripts/generate-dictionary.mjs; not to be edited.
// PS3.6 ${edition} by ${STANDARD.name} ${STANDARD.version};
// what that lacks (groups 0000, 0002, 0004, later editions, private attributes) by ${supplementName}, edition not stated;
// a few by scripts/generate-dictionary.mjs itself.
`;

writeFileSync(
  new URL("../src/core/dicom/dictionary.generated.ts", import.meta.url),
  `${header}
/** Edition of PS3.6 that the dictionary is made from. */
export const DICTIONARY_EDITION = ${JSON.stringify(edition)};

/** Where later attributes were taken from; it states no edition. */
export const DICTIONARY_SUPPLEMENT = ${JSON.stringify(supplementName)};

/**
 * One attribute per line: tag (x for any digit), VR (xs: US or SS, ox: OB or OW, lt: US or OW), VM, keyword, and the
 * name after a bar where the keyword does not imply it.
 */
export const ATTRIBUTES = \`
${entries.map(toLine).join("\n")}
\`;

/** One private attribute per line: group and low byte of the element, creator, VR, keyword. */
export const PRIVATE_ATTRIBUTES = \`
${privateLines().join("\n")}
\`;
`,
);

const constants = entries
  .filter((entry) => /^[0-9A-F]{8}$/.test(entry.pattern))
  .map((entry) => `export const ${entry.keyword} = 0x${entry.pattern.toLowerCase()};`);
writeFileSync(
  new URL("../src/core/dicom/tags.generated.ts", import.meta.url),
  `${header}\n${constants.join("\n")}\n`,
);

const registry = readUidRegistry();
const uids = registry.uids.map(
  ([uid, keyword]) => `export const ${keyword} = ${JSON.stringify(uid)};`,
);
writeFileSync(
  new URL("../src/core/dicom/uids.generated.ts", import.meta.url),
  `// Generated by scripts/generate-dictionary.mjs; not to be edited.
// UIDs of PS3.6 table A-1 under their keywords, by ${registry.source};
// UIDs of later editions by scripts/uid-registry.mjs.

/** Where the UIDs were taken from; it names no edition, but the day on which it was made from the then latest one. */
export const UID_REGISTRY_SOURCE = ${JSON.stringify(registry.source)};

${uids.join("\n")}
`,
);
console.log(
  `${entries.length} attributes of ${edition} and ${supplementName}, ${uids.length} UIDs of ${registry.source}`,
);
