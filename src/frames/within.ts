/** The result if it is there within the time, else undefined; a rejection passes through. */
export async function within<T>(result: Promise<T>, patienceMs: number): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  return Promise.race([result, late]).finally(() => clearTimeout(timer));
}
