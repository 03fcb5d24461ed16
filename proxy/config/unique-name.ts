/** Gives each source a name of its own; the second of a name gets a number. */
export class UniqueNames {
  readonly #taken = new Set<string>();

  take(name: string): string {
    const unique = this.#free(name);
    this.#taken.add(unique);
    return unique;
  }

  #free(name: string): string {
    if (!this.#taken.has(name)) return name;
    for (let number = 2; ; number += 1) {
      const candidate = `${name.slice(0, 36)}-${number}`;
      if (!this.#taken.has(candidate)) return candidate;
    }
  }
}

/** A name for addresses, made of any text: `My Scans` gives `my-scans`. */
export function nameFrom(text: string, otherwise: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");
  return name === "" ? otherwise : name;
}
