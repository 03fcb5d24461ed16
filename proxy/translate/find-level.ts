import type { DataSet } from "#core/dicom/data-set.ts";
import type { Tag } from "#core/dicom/tag.ts";
import { textElement } from "#core/dicom/text-element.ts";
import { DimseError } from "../dimse/dimse-error.ts";
import type { FindMatch } from "../dimse/services/find.ts";
import { SourceError } from "../sources/source.ts";
import { findIdentifier } from "./find-identifier.ts";
import {
  type EntityLevel,
  INSTANCE_AVAILABILITY,
  ISSUER_OF_PATIENT_ID,
  LEVELS,
  MODALITIES_IN_STUDY,
  MUST_BE_TOLD,
  PATIENT_ID,
  TIMEZONE_OFFSET,
} from "./level-attributes.ts";
import { plainDataSet, withElements } from "./plain-data-set.ts";
import { combinations, type SearchKey, shown } from "./search-keys.ts";
import type { RunFind, SearchAbilities } from "./search-plan.ts";

/** Matches in a row that are not what was asked for, and the time that they may take. */
const MOST_USELESS = 50_000;
const LONGEST_USELESS_MS = 10_000;

/** What the finds of one search share. */
export interface FindContext {
  readonly abilities: SearchAbilities;
  readonly run: RunFind;
  /** Texts for Warning headers, in order. */
  readonly warnings: Set<string>;
  /** Timezone Offset From UTC of the keys, where the PACS takes it into account. */
  readonly timeZone: string | undefined;
}

/** A search at one level, below what the levels above are. */
export interface LevelSearch {
  readonly level: EntityLevel;
  /** Unique keys of the levels above, and of this one where it is named. */
  readonly above: ReadonlyMap<Tag, string>;
  readonly keys: readonly SearchKey[];
  /** Attributes that are asked for. */
  readonly returns: readonly (readonly Tag[])[];
}

/**
 * The matches of one level, each once, with decoded text, and only those whose attributes agree with the keys; as many
 * C-FINDs as the lists of the keys need.
 * @throws DimseError of the C-FINDs; `protocol-violation` when there are matches, and none says what it is
 */
export async function* findLevel(
  context: FindContext,
  search: LevelSearch,
  signal: AbortSignal,
): AsyncGenerator<DataSet> {
  const seen = new Map<string, string | undefined>();
  const patience = new Patience();
  for (const values of combinations(search.keys)) {
    signal.throwIfAborted();
    const identifier = identifierOf(context, search, values);
    const { model, fallbackCharacterSet } = context.abilities;
    for await (const found of context.run({ model, identifier, fallbackCharacterSet })) {
      signal.throwIfAborted();
      const match = accepted(context, search, found);
      if (
        match === undefined ||
        match === "nameless" ||
        !isNew(context, match, search.level, seen)
      ) {
        patience.lose(match === "nameless");
        continue;
      }
      patience.regain();
      yield match;
    }
  }
  // An empty list would say that there is nothing.
  if (seen.size === 0 && patience.hasNameless) throw nameless(search.level);
}

/** Whether the entity is not among those that were seen, which come with the IDs of their patients. */
function isNew(
  { warnings }: FindContext,
  match: DataSet,
  level: EntityLevel,
  seen: Map<string, string | undefined>,
): boolean {
  // The same ID of two issuers is two patients.
  const issuer = level === "patient" ? match.string(ISSUER_OF_PATIENT_ID) : undefined;
  const identity = `${match.string(LEVELS[level].uniqueKey)} ${issuer}`;
  const patientId = match.string(PATIENT_ID);
  if (!seen.has(identity)) {
    seen.set(identity, patientId);
    return true;
  }
  if (seen.get(identity) !== patientId) {
    const key = shown([LEVELS[level].uniqueKey]);
    warnings.add(`The PACS has one ${key} under several patients: the first of them is given`);
  }
  return false;
}

function nameless(level: EntityLevel): DimseError {
  const key = shown([LEVELS[level].uniqueKey]);
  return new DimseError(
    "protocol-violation",
    `The PACS gave matches, and none of them has a ${key}`,
  );
}

/** With a PACS that gives no end of what was not asked for. */
class Patience {
  #useless = 0;
  #since = performance.now();
  /** Whether there was a match that does not say what it is. */
  hasNameless = false;

  /** @throws SourceError `upstream-failure` when that was too much */
  lose(isNameless: boolean): void {
    this.hasNameless ||= isNameless;
    this.#useless += 1;
    const isOver =
      this.#useless > MOST_USELESS || performance.now() - this.#since > LONGEST_USELESS_MS;
    if (!isOver) return;
    throw new SourceError(
      "upstream-failure",
      "The PACS gives matches without end that are not what was searched for: search by something that it can match",
    );
  }

  regain(): void {
    this.#useless = 0;
    this.#since = performance.now();
  }
}

function identifierOf(
  { abilities, timeZone }: FindContext,
  { level, above, keys, returns }: LevelSearch,
  values: readonly string[],
): DataSet {
  return findIdentifier(
    LEVELS[level].name,
    [
      { path: [INSTANCE_AVAILABILITY], value: "" },
      // Where it is agreed upon it is no key, but says how the times of the others are meant (PS3.4 C.4.1.1.3.1).
      ...(abilities.timeZone && timeZone === undefined
        ? []
        : [{ path: [TIMEZONE_OFFSET], value: timeZone ?? "" }]),
      ...returns.map((path) => ({ path, value: "" })),
      { path: [LEVELS[level].uniqueKey], value: "" },
      // It is the unique key of the level above all, and asked for to name the patient from then on.
      ...(abilities.model === "patient-root" ? [{ path: [PATIENT_ID], value: "" }] : []),
      ...[...above].map(([tag, value]) => ({ path: [tag], value })),
      ...keys.map(({ path }, index) => ({ path, value: values[index] ?? "" })),
    ],
    abilities.queryCharacterSet,
  );
}

/** The match with decoded text and the keys from above; undefined when it is not what was asked for, `nameless` when it does not say what it is. */
function accepted(
  context: FindContext,
  search: LevelSearch,
  found: FindMatch,
): DataSet | "nameless" | undefined {
  const plain = plainDataSet(found.dataSet);
  const missing: [Tag, string][] = [];
  for (const [tag, value] of search.above) {
    const told = plain.string(tag);
    if (told === undefined) missing.push([tag, value]);
    else if (told !== value) return undefined;
  }
  const { uniqueKey } = LEVELS[search.level];
  if (plain.string(uniqueKey) === undefined && !search.above.has(uniqueKey)) {
    context.warnings.add(`Matches without ${shown([uniqueKey])} were left out`);
    return "nameless";
  }
  for (const key of search.keys) {
    if (!agrees(context, key, plain, found)) return undefined;
  }
  return withElements(
    plain,
    missing.map(([tag, text]) => textElement(tag, text)),
  );
}

/**
 * Whether a match may stay. An attribute that the PACS does not give cannot be checked: that is believed for what does
 * not identify anybody, unless the PACS says itself that it did not match all keys.
 */
function agrees(
  { abilities, warnings }: FindContext,
  key: SearchKey,
  match: DataSet,
  { isOptionalKeyUnsupported }: FindMatch,
): boolean {
  const [tag] = key.path;
  // What a PACS does not say of the modalities of a study, its series say.
  if (tag === MODALITIES_IN_STUDY && match.string(tag) === undefined) return true;
  const verdict = key.check(match);
  if (verdict === "match") return true;
  if (verdict === "mismatch") {
    const isOtherId = tag === PATIENT_ID && match.string(PATIENT_ID) !== undefined;
    if (!isOtherId || abilities.strictPatientIds === true) return false;
    warnings.add("The PACS gave matches of another PatientID than the one that was searched for");
    return true;
  }
  const leaf = key.path[key.path.length - 1] ?? 0;
  const isNeeded = isOptionalKeyUnsupported || MUST_BE_TOLD.has(leaf) || key.vr === "UI";
  if (!isNeeded) return true;
  warnings.add(
    `The PACS does not tell ${shown(key.path)} of its matches: those that could not be confirmed were left out`,
  );
  return false;
}
