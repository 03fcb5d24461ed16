import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the package, from the sources as well as from the built companion. */
const root = findRoot(path.dirname(fileURLToPath(import.meta.url)));

/** Version of the package. */
export function packageVersion(): string {
  const content: unknown = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const version: unknown =
    typeof content === "object" && content !== null ? Reflect.get(content, "version") : undefined;
  return typeof version === "string" ? version : "unknown";
}

/** Folder of the built viewer, or undefined when it was not built. */
export function viewerDirectory(): string | undefined {
  const folder = path.join(root, "dist", "viewer");
  return existsSync(path.join(folder, "index.html")) ? folder : undefined;
}

function findRoot(folder: string): string {
  if (existsSync(path.join(folder, "package.json"))) return folder;
  const parent = path.dirname(folder);
  return parent === folder ? folder : findRoot(parent);
}
