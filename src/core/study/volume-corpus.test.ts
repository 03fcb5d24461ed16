import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../dicom/byte-source.ts";
import { readDicom } from "../dicom/part10-reader.ts";
import { displaySetsOfStudy } from "./display-sets.ts";
import { StudyBuilder } from "./study-tree.ts";

const volumes = fileURLToPath(new URL("../../../../shared/corpus/volumes/", import.meta.url));
const isRequired = process.env["NEGATO_REQUIRE_CORPUS"] === "1";

/** The display sets of a volume whose files are named in geometric order, and were added in another one. */
async function shuffledVolume(name: string) {
  const files = (await readdir(volumes + name)).sort();
  const builder = new StudyBuilder();
  const uids = new Map<string, string>();
  for (const file of [...files].sort((a, b) => a.slice(2).localeCompare(b.slice(2)))) {
    const bytes = new Uint8Array(await readFile(`${volumes}${name}/${file}`));
    const { dataSet } = await readDicom(bytesSource(bytes), { stopAtPixelData: true });
    const instance = builder.add(dataSet);
    uids.set(instance?.sopInstanceUid ?? "", file);
  }
  const study = builder.study();
  const sets = study === undefined ? [] : displaySetsOfStudy(study);
  const order = sets.flatMap(({ instances }) =>
    instances.map(({ sopInstanceUid }) => uids.get(sopInstanceUid)),
  );
  return { files, sets, order };
}

describe.skipIf(!existsSync(volumes) && !isRequired)("real volumes", () => {
  it.each([
    ["ct-chest", 1, []],
    ["mr-t1", 0.667, []],
    ["ct-gantry-tilt", 4.85, ["gantry-tilt"]],
  ])("%s is one stack in geometric order", async (name, spacing, warnings) => {
    const { files, sets, order } = await shuffledVolume(name);
    expect(sets).toHaveLength(1);
    const isAscending = order[0] === files[0];
    expect(order).toEqual(isAscending ? files : [...files].reverse());
    expect(sets[0]?.spacingMm).toBeCloseTo(spacing, 2);
    expect(sets[0]?.warnings.map(({ code }) => code)).toEqual(warnings);
  });
});
