import type { CachePolicy, CacheScope } from "../cache/cache-policy.ts";
import type { PatientCache } from "../cache/patient-cache.ts";
import { DicomwebSource } from "../retrieve/dicomweb-source.ts";
import type { StudySource } from "../retrieve/study-source.ts";
import type { FrameDecoder } from "./frame-decoder.ts";
import { FrameProvider } from "./frame-provider.ts";
import { markRecords, mayHoldRecords } from "./kept-mark.ts";
import { StudyLoader } from "./study-loader.ts";

const MEGABYTE = 1024 * 1024;
const REQUESTS_AT_ONCE = 6;
/** How long the network waits for a cache that may know the answer. */
const STORE_PATIENCE_MS = 1500;

/** What an archive is read with. */
export interface FrameServicesOptions {
  /** Address of the DICOMweb service, absolute or relative to the page. */
  readonly dicomwebUrl: string;
  readonly decode: FrameDecoder;
  readonly cachePolicy: CachePolicy;
  /** Identity of the signed-in person, empty where nobody signs in. */
  readonly subject?: string;
  readonly fetch?: typeof fetch;
  /** Limit of decoded frames in memory; by default 256 MB, 96 MB on small devices. */
  readonly memoryBudgetBytes?: number;
}

/** One archive, ready to be searched, loaded and looked at. */
export interface FrameServices {
  readonly source: StudySource;
  readonly frames: FrameProvider;
  readonly studies: StudyLoader;
  /** Deletes everything that this browser keeps of any patient. @throws when the browser refuses */
  wipeCache(): Promise<void>;
  close(): void;
}

/** Services over DICOMweb. The decode pool's `onKept` is to be handed to `frames.noteKept`. */
export function createFrameServices(options: FrameServicesOptions): FrameServices {
  const url = new URL(options.dicomwebUrl, globalThis.location?.href).href;
  // Asked before the cache opens, which leaves the mark.
  const storePatienceMs = mayHoldRecords() ? STORE_PATIENCE_MS : 0;
  const source = new DicomwebSource({
    url,
    fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
  });
  const cache = openCache(options.cachePolicy, {
    sourceId: source.id,
    subject: options.subject ?? "",
  });
  cache.then((opened) => markRecords(opened !== undefined)).catch(() => undefined);
  return assembleServices(source, { ...options, storePatienceMs }, cache);
}

/** The cache, whose code arrives beside the first requests: the first image of a first visit does not need it. */
async function openCache(
  policy: CachePolicy,
  scope: CacheScope,
): Promise<PatientCache | undefined> {
  // Where its code cannot be had there is no cache, and everything works without.
  const code = await import("../cache/patient-cache.ts").catch(() => undefined);
  return await code?.openPatientCache({ policy, scope });
}

/** Deletes everything that this browser keeps of any patient. @throws when the browser refuses */
export async function wipeKept(): Promise<void> {
  const { wipePatientCache } = await import("../cache/patient-cache.ts");
  await wipePatientCache();
}

/** Joins a source, a cache and a decoder to services. */
export function assembleServices(
  source: StudySource,
  options: Pick<FrameServicesOptions, "decode" | "memoryBudgetBytes"> & {
    readonly storePatienceMs?: number;
  },
  cache: Promise<PatientCache | undefined>,
): FrameServices {
  const storePatienceMs = options.storePatienceMs ?? 0;
  const frames = new FrameProvider({
    source,
    decode: options.decode,
    store: cache.then((opened) => opened?.frames),
    storePatienceMs,
    memoryBudgetBytes: options.memoryBudgetBytes ?? defaultMemoryBudget(),
    concurrency: REQUESTS_AT_ONCE,
  });
  const studies = new StudyLoader(
    source,
    cache.then((opened) => opened?.metadata),
    storePatienceMs,
    (transferSyntaxUid) => options.decode.warm?.(transferSyntaxUid),
  );
  return {
    source,
    frames,
    studies,
    async wipeCache() {
      const opened = await cache;
      await (opened === undefined ? wipeKept() : opened.wipe());
      markRecords(false);
    },
    close() {
      frames.close();
      cache.then((opened) => opened?.close()).catch(() => undefined);
    },
  };
}

/** Chromium says how much memory there is, in steps up to 8 GB; elsewhere a touch screen stands for a small device. */
function defaultMemoryBudget(): number {
  const isSmall =
    "deviceMemory" in navigator && typeof navigator.deviceMemory === "number"
      ? navigator.deviceMemory <= 4
      : globalThis.matchMedia?.("(pointer: coarse)").matches === true;
  return (isSmall ? 96 : 256) * MEGABYTE;
}
