import { type DataElement, DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { readDataSet } from "#core/dicom/data-set-reader.ts";
import { writeDataSet } from "#core/dicom/data-set-writer.ts";
import type { Tag } from "#core/dicom/tag.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";
import type { Vr } from "#core/dicom/vr.ts";
import { DimseError } from "../../dimse/dimse-error.ts";
import type { FindMatch, FindRequest } from "../../dimse/services/find.ts";
import { type EntityLevel, LEVELS, levelOf, OF_ANY_LEVEL } from "../level-attributes.ts";
import type { RunFind, SearchAbilities } from "../search-plan.ts";

/** How a PACS in memory differs from one that can do everything. */
export interface FakePacsOptions {
  readonly relational?: boolean;
  readonly dateTimeMatching?: boolean;
  readonly takesUidLists?: boolean;
  readonly patientRootOnly?: boolean;
  /** Patient Root without a Patient ID: found all the same, nothing found, or refused. */
  readonly withoutPatientId?: "finds" | "nothing" | "refuses";
  /** Attributes that it neither matches nor returns, which it says by FF01H. */
  readonly unsupported?: readonly Tag[];
  /** Keys that it takes for empty, without a word. */
  readonly ignored?: readonly Tag[];
  readonly matchesNames?: (name: string, key: string) => boolean;
  /** Specific Character Set of its answers; UTF-8 by default. */
  readonly answersIn?: readonly string[];
  /** Does not say which character set that is. */
  readonly isSilentOfCharacterSet?: boolean;
}

const ORDER: readonly EntityLevel[] = ["patient", "study", "series", "instance"];
const STUDY_DATE: Tag = 0x00080020;
const STUDY_TIME: Tag = 0x00080030;
const MODALITIES: Tag = 0x00080061;
const COUNTS: ReadonlySet<Tag> = new Set([0x00201206, 0x00201208, 0x00201209]);

const known = new WeakMap<MadeDataSet, DataSet>();

/** Instances are the same in many tests, and are built once. */
function built(instance: MadeDataSet): DataSet {
  const dataSet = known.get(instance) ?? buildDataSet(instance);
  known.set(instance, dataSet);
  return dataSet;
}

/** A PACS in memory that answers C-FIND by PS3.4 C.4.1, written apart from what it is to test. */
export class FakePacs {
  #instances: readonly DataSet[];
  readonly #options: FakePacsOptions;
  /** Identifiers that it was asked with, as read from the bytes of their messages. */
  readonly asked: DataSet[] = [];
  /** C-FINDs that were left before their end. */
  cancelled = 0;
  open = 0;
  mostOpen = 0;

  constructor(instances: readonly MadeDataSet[], options: FakePacsOptions = {}) {
    this.#instances = instances.map(built);
    this.#options = options;
  }

  readonly run: RunFind = (request) => this.#find(request);

  /** Gives its matches in the opposite order from now on. */
  turnAround(): void {
    this.#instances = this.#instances.toReversed();
  }

  /** What has been agreed upon with it. */
  abilities(others: Partial<SearchAbilities> = {}): SearchAbilities {
    const { relational, dateTimeMatching, takesUidLists, patientRootOnly } = this.#options;
    return {
      model: patientRootOnly === true ? "patient-root" : "study-root",
      relational: relational ?? false,
      dateTimeMatching: dateTimeMatching ?? false,
      fuzzyMatching: false,
      timeZone: false,
      hasImageLevel: true,
      takesUidLists: takesUidLists ?? true,
      queryCharacterSet: ["ISO_IR 192"],
      fallbackCharacterSet: [],
      ...others,
    };
  }

  async *#find(request: FindRequest): AsyncGenerator<FindMatch> {
    const identifier = readDataSet(writeDataSet(request.identifier), {
      transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
    });
    this.asked.push(identifier);
    const level = ORDER.find((one) => LEVELS[one].name === identifier.string(0x00080052));
    if (level === undefined) throw failure(0xa900);
    this.open += 1;
    this.mostOpen = Math.max(this.open, this.mostOpen);
    let isEnded = false;
    try {
      await new Promise(setImmediate);
      for (const entity of this.#entities(level, identifier)) {
        if (this.#matches(entity, identifier)) yield this.#answer(entity, identifier, request);
      }
      isEnded = true;
    } finally {
      this.open -= 1;
      if (!isEnded) this.cancelled += 1;
    }
  }

  #entities(level: EntityLevel, identifier: DataSet): readonly DataSet[] {
    this.#checkHierarchy(level, identifier);
    if (level === "study" && this.#isWithoutPatient(identifier)) {
      if (this.#options.withoutPatientId === "refuses") throw failure(0xa900);
      if (this.#options.withoutPatientId === "nothing") return [];
    }
    const byUid = new Map<string, DataSet[]>();
    const named = ORDER.slice(1, ORDER.indexOf(level)).map((one) => LEVELS[one].uniqueKey);
    for (const instance of this.#instances) {
      const isElsewhere = named.some((tag) => {
        const uids = this.#isDeaf(tag) ? [] : identifier.strings(tag).filter(Boolean);
        return uids.length > 0 && !uids.includes(instance.string(tag) ?? "");
      });
      if (isElsewhere) continue;
      const uid = instance.string(LEVELS[level].uniqueKey) ?? "";
      byUid.set(uid, [...(byUid.get(uid) ?? []), instance]);
    }
    return [...byUid.values()].map((instances) => entityOf(level, instances, this.#options));
  }

  #isWithoutPatient(identifier: DataSet): boolean {
    return this.#options.patientRootOnly === true && identifier.string(0x00100020) === undefined;
  }

  /** PS3.4 C.4.1.2.1: the unique keys of all levels above, with one value each. */
  #checkHierarchy(level: EntityLevel, identifier: DataSet): void {
    if (this.#options.relational === true) return;
    const above = ORDER.slice(1, ORDER.indexOf(level)).map((one) => LEVELS[one].uniqueKey);
    if (above.some((tag) => identifier.strings(tag).filter(Boolean).length !== 1))
      throw failure(0xa900);
  }

  #matches(entity: DataSet, identifier: DataSet): boolean {
    const isCombined = this.#options.dateTimeMatching === true;
    if (isCombined && !isWithinMoments(entity, identifier)) return false;
    return [...identifier.elements.values()].every((key) => {
      const isMoment = isCombined && (key.tag === STUDY_DATE || key.tag === STUDY_TIME);
      if (OF_ANY_LEVEL.has(key.tag) || this.#isDeaf(key.tag) || isMoment) return true;
      return this.#matchesKey(entity, identifier, key);
    });
  }

  #matchesKey(entity: DataSet, identifier: DataSet, { tag, vr, value }: DataElement): boolean {
    if (value.kind === "items") {
      const items = entity.items(tag);
      return value.items.every(
        (key) => isEmptyItem(key) || items.some((item) => this.#matches(item, key)),
      );
    }
    const keys = identifier.strings(tag).filter((key) => key !== "");
    return keys.length === 0 || entity.strings(tag).some((one) => this.#hasValue(one, keys, vr));
  }

  #isDeaf(tag: Tag): boolean {
    const { unsupported, ignored } = this.#options;
    return unsupported?.includes(tag) === true || ignored?.includes(tag) === true;
  }

  #hasValue(value: string, keys: readonly string[], vr: Vr): boolean {
    const [key = ""] = keys;
    if (vr === "UI")
      return this.#options.takesUidLists === false
        ? keys.length === 1 && value === key
        : keys.includes(value);
    if ((vr === "DA" || vr === "TM") && key.includes("-")) {
      const [first = "", last = ""] = key.split("-");
      return value >= first && (last === "" || value <= last.padEnd(value.length, "9"));
    }
    if (vr === "PN" && this.#options.matchesNames !== undefined)
      return this.#options.matchesNames(value, key);
    const pattern = key
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    return new RegExp(`^${pattern}$`, "u").test(value);
  }

  /** The character set is the first element of an answer. */
  #withoutCharacterSet(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    return this.#options.isSilentOfCharacterSet === true
      ? bytes.slice(elementLength(bytes))
      : bytes;
  }

  #answer(entity: DataSet, identifier: DataSet, request: FindRequest): FindMatch {
    const { unsupported = [], answersIn = ["ISO_IR 192"] } = this.#options;
    const wanted = [...identifier.elements.keys()];
    const elements: DataElement[] = [];
    for (const tag of wanted) {
      if (unsupported.includes(tag)) continue;
      const element = entity.element(tag) ?? identifier.element(tag);
      if (element !== undefined && tag !== 0x00080005 && tag !== 0x00080056 && tag !== 0x00080201)
        elements.push(entity.has(tag) || tag === 0x00080052 ? element : emptied(element));
    }
    elements.push({ tag: 0x00080005, vr: "CS", value: { kind: "strings", strings: answersIn } });
    const bytes = writeDataSet(new DataSet(elements));
    const dataSet = readDataSet(this.#withoutCharacterSet(bytes), {
      transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
      fallbackCharacterSet: request.fallbackCharacterSet,
    });
    return { dataSet, isOptionalKeyUnsupported: wanted.some((tag) => unsupported.includes(tag)) };
  }
}

/** Combined matching of Study Date and Study Time, for ranges of both. */
function isWithinMoments(entity: DataSet, identifier: DataSet): boolean {
  const [firstDate = "", lastDate = firstDate] = (identifier.string(STUDY_DATE) ?? "-").split("-");
  const [firstTime = "", lastTime = firstTime] = (identifier.string(STUDY_TIME) ?? "-").split("-");
  const moment = `${entity.string(STUDY_DATE)}${entity.string(STUDY_TIME)}`;
  if (firstDate === "" && lastDate === "") {
    const time = entity.string(STUDY_TIME) ?? "";
    return time >= firstTime && time <= (lastTime || "99").padEnd(6, "9");
  }
  return (
    moment >= `${firstDate}${firstTime}` &&
    moment <= `${lastDate || "99999999"}${lastTime}`.padEnd(14, "9")
  );
}

/** Length of a CS element of short form, with its header. */
function elementLength(bytes: Uint8Array): number {
  return 8 + (bytes[6] ?? 0) + ((bytes[7] ?? 0) << 8);
}

function emptied({ tag, vr }: DataElement): DataElement {
  if (vr === "SQ") return { tag, vr, value: { kind: "items", items: [] } };
  return { tag, vr, value: { kind: "strings", strings: [] } };
}

function isEmptyItem(item: DataSet): boolean {
  return [...item.elements.keys()].every((tag) => item.strings(tag).every((text) => text === ""));
}

/** The attributes of an entity, of its own level and those above, with what is counted below. */
function entityOf(
  level: EntityLevel,
  instances: readonly DataSet[],
  options: FakePacsOptions,
): DataSet {
  const [first] = instances;
  const depth = ORDER.indexOf(level);
  const elements = [...(first?.elements.values() ?? [])].filter(({ tag }) => {
    const own = ORDER.indexOf(levelOf(tag, "instance"));
    if (options.relational === true) return own <= depth;
    const isKey = ORDER.some((one) => LEVELS[one].uniqueKey === tag);
    return own === depth || (own === 0 && depth === 1) || (isKey && own < depth);
  });
  const distinct = (tag: Tag) => [...new Set(instances.map((one) => one.string(tag) ?? ""))];
  const add = (tag: Tag, strings: readonly string[]) =>
    elements.push({
      tag,
      vr: tag === MODALITIES ? "CS" : "IS",
      value: { kind: "strings", strings },
    });
  if (level === "study") {
    add(MODALITIES, distinct(0x00080060).sort());
    add(0x00201206, [String(distinct(0x0020000e).length)]);
    add(0x00201208, [String(instances.length)]);
  }
  if (level === "series") add(0x00201209, [String(instances.length)]);
  return new DataSet(elements);
}

function failure(status: number): DimseError {
  return new DimseError("failed-status", "The PACS failed", { status });
}

/** Attributes that a PACS may leave out of its answers. */
export const COUNTED_TAGS: readonly Tag[] = [MODALITIES, ...COUNTS];
