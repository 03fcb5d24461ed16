/** The member of a JSON object, or undefined where it is no object or has none of this name. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

/** A text that is not empty. */
export function textOf(value: unknown, name: string): string | undefined {
  const text = memberOf(value, name);
  return typeof text === "string" && text !== "" ? text : undefined;
}

export function numberOf(value: unknown, name: string): number | undefined {
  const number = memberOf(value, name);
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** A number that counts something; 0 where it is missing. */
export function countOf(value: unknown, name: string): number {
  return Math.max(0, numberOf(value, name) ?? 0);
}

/** The items of a JSON array; none where it is something else. */
export function listOf(value: unknown, name: string): readonly unknown[] {
  const list: unknown = memberOf(value, name);
  return Array.isArray(list) ? list : [];
}

export function textsOf(value: unknown, name: string): readonly string[] {
  return listOf(value, name).filter((item) => typeof item === "string");
}
