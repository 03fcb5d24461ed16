import { BlobReader, configure, type FileEntry, ZipReader } from "@zip.js/zip.js/lib/zip-core.js";
import { bytesSource } from "#core/dicom/byte-source.ts";
import { FileError, type FoundFile } from "./found-file.ts";
import { RecentBytes } from "./recent-bytes.ts";

// This is a worker already, and the Content-Security-Policy allows no worker from a blob.
configure({ useWebWorkers: false, useCompressionStream: true });

/** What a zip may not exceed. Images inflate by a factor of 2 to 10, empty ones by a few hundred. */
const MOST_ENTRIES = 200_000;
const LARGEST_ENTRY_BYTES = 2 * 1024 ** 3 - 1;
const LARGEST_RATIO = 2000;
const RATIO_MATTERS_FROM_BYTES = 16 * 1024 ** 2;

/** Inflated entries that were read last; one frame after another of the same entry is read from here. */
const recent = new RecentBytes(256 * 1024 ** 2);

/** Whether the first bytes are those of a zip with entries (APPNOTE 4.3.7). */
export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04;
}

/**
 * The files in a zip. Their content is inflated when they are opened, never to the disk, and forgotten again.
 * @throws FileError `broken`, `too-large`
 */
export async function* zipEntries(path: string, blob: Blob): AsyncGenerator<FoundFile> {
  const reader = new ZipReader(new BlobReader(blob), { useWebWorkers: false });
  let count = 0;
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (++count > MOST_ENTRIES)
        throw new FileError("too-large", "The zip holds more files than are accepted.");
      if (!entry.directory) yield entryFile(`${path}/${entry.filename}`, entry);
    }
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw new FileError("broken", "The zip is damaged or incomplete.", cause);
  } finally {
    await reader.close().catch(() => undefined);
  }
}

function entryFile(path: string, entry: FileEntry): FoundFile {
  const key = {};
  return {
    path,
    async open(signal) {
      const held = recent.get(key);
      if (held !== undefined) return bytesSource(held);
      const bytes = await inflate(entry, signal);
      recent.put(key, bytes);
      return bytesSource(bytes);
    },
  };
}

async function inflate(entry: FileEntry, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  refuseBomb(entry);
  if (entry.encrypted) throw new FileError("encrypted", "The file in the zip is encrypted.");
  const bytes = new Uint8Array(entry.uncompressedSize);
  let received = 0;
  const writable = new WritableStream<Uint8Array>({
    write(chunk) {
      // The size that the zip states is a promise; what comes beyond it is not taken.
      if (received + chunk.length > bytes.length)
        throw new FileError("broken", "The file in the zip is larger than the zip says.");
      bytes.set(chunk, received);
      received += chunk.length;
    },
  });
  try {
    await entry.getData(writable, { signal, checkSignature: true, useWebWorkers: false });
  } catch (cause) {
    signal.throwIfAborted();
    throw new FileError("broken", "The file in the zip is damaged.", cause);
  }
  if (received !== bytes.length)
    throw new FileError("broken", "The file in the zip is incomplete.");
  return bytes;
}

function refuseBomb({ uncompressedSize, compressedSize }: FileEntry): void {
  const isBomb =
    uncompressedSize > RATIO_MATTERS_FROM_BYTES &&
    uncompressedSize > compressedSize * LARGEST_RATIO;
  if (isBomb || uncompressedSize > LARGEST_ENTRY_BYTES)
    throw new FileError("too-large", "The file in the zip is too large to be opened here.");
}
