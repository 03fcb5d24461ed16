import { createHash } from "node:crypto";

import { DataSet } from "#core/dicom/data-set.ts";
import type { Tag } from "#core/dicom/tag.ts";
import { dataSetFromJson } from "#core/dicom-json/from-json.ts";
import { dataSetToJson } from "#core/dicom-json/to-json.ts";
import type { AttributeGroup } from "./file-record.ts";

/** Patient and study attributes that are held of each study. */
const STUDY_TAGS: readonly Tag[] = [
  0x00080020, 0x00080030, 0x00080050, 0x00080090, 0x00080201, 0x00081030, 0x00100010, 0x00100020,
  0x00100021, 0x00100030, 0x00100040, 0x00101010, 0x0020000d, 0x00200010,
];

const REQUEST_ATTRIBUTES: Tag = 0x00400275;

/** Series attributes that are held of each series. */
const SERIES_TAGS: readonly Tag[] = [
  0x00080021,
  0x00080031,
  0x00080060,
  0x00080070,
  0x00080201,
  0x0008103e,
  0x00180015,
  0x00181030,
  0x0020000e,
  0x00200011,
  0x00200060,
  0x00400244,
  0x00400245,
  REQUEST_ATTRIBUTES,
];

/** Tags that the index knows the values of, at each level. */
export const HELD_STUDY_TAGS: ReadonlySet<Tag> = new Set(STUDY_TAGS);
export const HELD_SERIES_TAGS: ReadonlySet<Tag> = new Set(SERIES_TAGS);

/** Longer texts are not held: they are no search keys. */
const LONGEST_VALUE = 1024;

/** Holds groups of equal attributes once. */
export class AttributePool {
  readonly #groups = new Map<string, WeakRef<AttributeGroup>>();
  readonly #texts = new Map<string, string>();

  study(dataSet: DataSet): AttributeGroup {
    return this.#group(dataSet, STUDY_TAGS);
  }

  series(dataSet: DataSet): AttributeGroup {
    return this.#group(dataSet, SERIES_TAGS);
  }

  /** The same string for equal texts: for UIDs that occur in every file. */
  intern(text: string): string {
    const known = this.#texts.get(text);
    if (known === undefined) this.#texts.set(text, text);
    return known ?? text;
  }

  /** A group by its DICOM JSON. @throws DicomError `bad-message` */
  fromJson(json: unknown): AttributeGroup {
    const id = createHash("sha1").update(JSON.stringify(json)).digest("base64");
    const known = this.#groups.get(id)?.deref();
    if (known !== undefined) return known;
    // Values must not be views of the block of the file that they were read from: JSON has copies.
    const group = { id, json, dataSet: dataSetFromJson(json) };
    this.#groups.set(id, new WeakRef(group));
    return group;
  }

  #group(dataSet: DataSet, tags: readonly Tag[]): AttributeGroup {
    const elements = tags.flatMap((tag) => {
      const element = dataSet.element(tag);
      const isLong =
        element?.value.kind === "range" ||
        (element?.value.kind === "bytes" && element.value.bytes.byteLength > LONGEST_VALUE);
      return element === undefined || isLong ? [] : [element];
    });
    return this.fromJson(dataSetToJson(new DataSet(elements, dataSet.encoding)));
  }
}
