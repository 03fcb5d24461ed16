import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Modules of the companion as Node can load them, by the text of an entry that exports them.
 * @param {string} entry
 * @returns {Promise<any>}
 */
export async function bundle(entry) {
  const folder = path.join(root, ".cache", "bench");
  await mkdir(folder, { recursive: true });
  const input = path.join(root, ".cache", "bench", `entry-${process.pid}.ts`);
  await writeFile(input, entry.replaceAll('"./', `"${root}`));
  const built = await rolldown({
    cwd: root,
    input,
    platform: "node",
    external: (id) => /^[@a-z]/i.test(id) && !path.isAbsolute(id),
  });
  const file = path.join(folder, `bundle-${process.pid}.js`);
  await built.write({ file, format: "esm" });
  await built.close();
  return await import(pathToFileURL(file).href);
}
