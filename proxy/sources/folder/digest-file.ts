import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** SHA-256 of the content of a file, in hexadecimal digits. */
export async function digestFile(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { signal })) hash.update(chunk);
  return hash.digest("hex");
}
