import type { PacsSettings } from "../config/pacs-settings.ts";
import { DimseError, type DimseErrorCode } from "../dimse/dimse-error.ts";
import { explain } from "../translate/dimse-sentences.ts";

/** What says nothing against the PACS: it need not offer C-ECHO, and we may be ending. */
const NO_MATTER: ReadonlySet<DimseErrorCode> = new Set(["no-context", "cancelled", "closed"]);

/**
 * What the first C-ECHO after the start found out, in lines for the person who started the companion; undefined where
 * there is nothing to say. `error` is how it failed, undefined when it did not.
 */
export function firstContactText(
  { name, remote }: PacsSettings,
  ourPort: number | undefined,
  error: unknown,
): string | undefined {
  if (error === undefined) return `  ${name}: the PACS answers`;
  if (!(error instanceof DimseError) || NO_MATTER.has(error.code)) return undefined;
  const { what, advice } = explain(error.code, error.facts, { ...remote, name, ourPort }, "echo");
  return `  ${name}: ${what}: ${advice}\n    negato pacs test, with the same options, tries it step by step`;
}
