import { describe, expect, test } from "vitest";
import { objectKindOf } from "./sop-class.ts";
import { namedSopClassUids, sopClassName, storageKindOf } from "./sop-class-names.ts";
import * as registry from "./uids.generated.ts";

const STORAGE = "1.2.840.10008.5.1.4.1.1.";

const keywords = new Map(Object.entries(registry).map(([keyword, uid]) => [uid, keyword]));

/** What the keywords say for words of ours. */
const WORDS: Readonly<Record<string, string>> = {
  angiography: "angiographic",
  document: "encapsulated",
  eeg: "electroencephalogram",
  endoscopy: "endoscopic",
  microscopy: "microscop",
  material: "encapsulated",
  model: "encapsulated",
  oct: "opticalcoherencetomography",
  photography: "photograph",
  radiofluoroscopy: "radiofluoroscopic",
  report: "sr",
};

/** Names whose keywords say the same in other words altogether. */
const NAMES: Readonly<Record<string, string>> = {
  "CT for Security Screening": "DICOS CT",
  "Digital X-Ray for Security Screening": "DICOS Digital XRay Presentation",
  "Digital X-Ray for Security Screening (for processing)": "DICOS Digital XRay Processing",
  "Enhanced Ultrasound Volume": "Enhanced US Volume",
  "Enhanced X-Ray Angiography": "Enhanced XA",
  "Enhanced X-Ray Radiofluoroscopy": "Enhanced XRF",
  PET: "Positron Emission Tomography",
  "12-lead ECG": "Twelve Lead ECG",
  "2D AIT for Security Screening": "DICOS 2D AIT",
  "3D AIT for Security Screening": "DICOS 3D AIT",
  "Quadrupole Resonance for Security Screening": "DICOS Quadrupole Resonance",
  "Threat Detection Report for Security Screening": "DICOS Threat Detection Report",
  "Visible Light (trial)": "VL Image Trial",
  "Visible Light Multi-frame (trial)": "VL MultiFrame Trial",
};

/** In the registry below the root of storage classes, but none that a viewer meets, or none at all. */
const WITHOUT_NAME = ["StorageManagementInstance"];

/** Newer than the registry here, or of a vendor: nothing to compare them with. */
const BEYOND_REGISTRY: ReadonlySet<string> = new Set([
  `${STORAGE}9.100.1`,
  `${STORAGE}9.100.2`,
  "1.3.12.2.1107.5.9.1",
]);

describe("SOP classes and the registry of UIDs", () => {
  test("each name says what the keyword of its UID says", () => {
    const known = namedSopClassUids().filter((uid) => !BEYOND_REGISTRY.has(uid));
    const strangers = known.flatMap((uid) => {
      const keyword = keywords.get(uid) ?? "";
      return foreignWords(sopClassName(uid) ?? "", keyword).map((word) => `${word}: ${keyword}`);
    });
    expect(strangers).toEqual([]);
  });

  test("each name stands for one class, and each class has one", () => {
    const names = namedSopClassUids().map(sopClassName);
    expect(new Set(names).size).toBe(names.length);
    const nameless = [...keywords]
      .filter(([, keyword]) => keyword.includes("Storage") && !/^Storage(Comm|$)/.test(keyword))
      .filter(([uid]) => sopClassName(uid) === undefined)
      .map(([, keyword]) => keyword);
    expect(nameless.sort()).toEqual(WITHOUT_NAME.toSorted());
  });

  test("classes whose keyword says image are of the kind image", () => {
    const others = [...keywords]
      .filter(([uid, keyword]) => uid.startsWith(STORAGE) && keyword.includes("ImageStorage"))
      .filter(([uid]) => storageKindOf(uid) !== "image");
    expect(others).toEqual([]);
  });

  test("the ranges that decide who shows an object agree with the table of names", () => {
    const shown = ["document", "report", "key-objects", "presentation-state", "waveform"];
    const strangers = namedSopClassUids().filter((uid) => {
      const kind = storageKindOf(uid);
      return objectKindOf(uid) !== (shown.includes(kind) ? kind : "other");
    });
    expect(strangers).toEqual([]);
  });

  test("a report of a number that is not known yet is a report", () => {
    expect(objectKindOf(`${STORAGE}88.99`)).toBe("report");
    expect(objectKindOf("1.2.3.88.99")).toBe("other");
  });
});

/** The words of a name that a keyword does not have; retirement is not part of keywords. */
function foreignWords(name: string, keyword: string): string[] {
  const text = keyword.toLowerCase();
  return (NAMES[name] ?? name)
    .replace(" (retired)", "")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => !text.includes(word) && !text.includes(WORDS[word] ?? word));
}
