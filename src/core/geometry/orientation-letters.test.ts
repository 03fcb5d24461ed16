import { describe, expect, it } from "vitest";
import {
  directionLetters,
  lettersOfOrientation,
  lettersOfPatientOrientation,
  posedLetters,
} from "./orientation-letters.ts";

const UPRIGHT = { quarterTurns: 0, flipHorizontal: false, flipVertical: false } as const;
const AXIAL = { left: "R", right: "L", top: "A", bottom: "P" };

describe("orientation letters", () => {
  it.each([
    ["axial", [1, 0, 0, 0, 1, 0], AXIAL],
    ["coronal", [1, 0, 0, 0, 0, -1], { left: "R", right: "L", top: "H", bottom: "F" }],
    ["sagittal", [0, 1, 0, 0, 0, -1], { left: "A", right: "P", top: "H", bottom: "F" }],
    ["prone axial", [-1, 0, 0, 0, -1, 0], { left: "L", right: "R", top: "P", bottom: "A" }],
    ["oblique", [0.866, 0.5, 0, 0, 0, -1], { left: "RA", right: "LP", top: "H", bottom: "F" }],
  ])("of an %s image", (_, orientation, letters) => {
    expect(lettersOfOrientation(orientation)).toEqual(letters);
  });

  it("name the stronger axis first, at most two, and no axis that hardly counts", () => {
    expect(directionLetters([0.3, -0.9, 0.05])).toBe("AL");
    expect(directionLetters([0.6, 0.6, 0.53])).toBe("LP");
  });

  it("are unknown without an orientation", () => {
    expect(lettersOfOrientation([])).toBeUndefined();
    expect(lettersOfPatientOrientation(["L"])).toBeUndefined();
    expect(lettersOfPatientOrientation(["", ""])).toBeUndefined();
    expect(lettersOfPatientOrientation(["L", "X"])).toBeUndefined();
  });

  it("come from Patient Orientation where there is no position", () => {
    expect(lettersOfPatientOrientation(["A", "FR"])).toEqual({
      left: "P",
      right: "A",
      top: "HL",
      bottom: "FR",
    });
  });

  it.each([
    ["a quarter turn", { quarterTurns: 1 }, { left: "P", right: "A", top: "R", bottom: "L" }],
    ["a half turn", { quarterTurns: 2 }, { left: "L", right: "R", top: "P", bottom: "A" }],
    ["three quarter turns", { quarterTurns: 3 }, { left: "A", right: "P", top: "L", bottom: "R" }],
    ["a horizontal flip", { flipHorizontal: true }, { ...AXIAL, left: "L", right: "R" }],
    ["a vertical flip", { flipVertical: true }, { ...AXIAL, top: "P", bottom: "A" }],
    [
      "a flip and then a turn",
      { flipHorizontal: true, quarterTurns: 1 },
      { left: "P", right: "A", top: "L", bottom: "R" },
    ],
  ] as const)("follow %s", (_, pose, letters) => {
    expect(posedLetters(AXIAL, { ...UPRIGHT, ...pose })).toEqual(letters);
  });
});
