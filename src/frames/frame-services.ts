import type { CachePolicy } from "../cache/cache-policy.ts";
import type { DecodeOutcome, DecodeRequest } from "../decode/protocol.ts";
import type { LocalFile, LocalProblem, LocalProgress } from "../retrieve/local-protocol.ts";
import type { StudySource } from "../retrieve/study-source.ts";
import type { FrameProvider } from "./frame-provider.ts";
import type { StudyLoader } from "./study-loader.ts";

export type { CachePolicy } from "../cache/cache-policy.ts";
export type { LocalFile, LocalProblem, LocalProgress } from "../retrieve/local-protocol.ts";
export type { StudyPage, StudySearch, StudySource } from "../retrieve/study-source.ts";

/** What decodes; the decode pool is one. */
export interface FrameDecoder {
  decode(request: DecodeRequest, signal: AbortSignal): Promise<DecodeOutcome>;
}

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
  /** Deletes everything that this browser keeps of any patient. */
  wipeCache(): Promise<void>;
  close(): void;
}

/** Files that the user opened, as an archive of their own. Nothing of them leaves the page. */
export interface LocalServices extends FrameServices {
  /** Reads more files. Settles when all are read; never rejects but for an abort. */
  open(
    files: readonly LocalFile[],
    signal: AbortSignal,
    onProgress?: (progress: LocalProgress) => void,
  ): Promise<{
    readonly problems: readonly LocalProblem[];
    readonly studyInstanceUids: readonly string[];
  }>;
}

/** `createFrameServices(options)`: services over DICOMweb. */
export type CreateFrameServices = (options: FrameServicesOptions) => FrameServices;
/** `createLocalServices({decode})`: services over files. */
export type CreateLocalServices = (
  options: Pick<FrameServicesOptions, "decode" | "memoryBudgetBytes">,
) => LocalServices;
