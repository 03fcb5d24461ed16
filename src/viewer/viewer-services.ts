import type { LocalFile, LocalProblem, LocalProgress } from "../frames/local-services.ts";
import type { StudyLoader } from "../frames/study-loader.ts";
import type { CompanionRequests } from "./companion/companion-requests.ts";
import type { ViewportFrames } from "./shown-frame.ts";
import type { StudyListSource } from "./study-list-state.ts";

export type { LocalFile, LocalProblem } from "../frames/local-services.ts";
export type { MetadataOrigin } from "../frames/study-loader.ts";

/** What a viewer reads an archive with; the services of `src/frames` are one. */
export interface ArchiveServices {
  readonly source: ArchiveSource;
  readonly frames: ViewportFrames;
  readonly studies: Pick<StudyLoader, "loadStudy">;
  /** Requests to the companion before the archive, if its address is one of a companion's; absent where there is none. */
  readonly openCompanion?: OpenCompanion;
  close(): void;
}

/** Gives the requests to a companion; whether one answers is seen when it is asked. */
export type OpenCompanion = () => Promise<CompanionRequests | undefined>;

/** The part of a source of studies that the viewer asks itself. */
interface ArchiveSource extends StudyListSource {
  /** A value that metadata gave by URI. */
  retrieveBulkData(uri: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** Files of this computer, as an archive of their own. */
export interface LocalArchiveServices extends ArchiveServices {
  /** Reads more files. What cannot be read is a problem, never an error; rejects after an abort only. */
  open(
    files: Iterable<LocalFile>,
    signal: AbortSignal,
    onProgress?: (progress: LocalProgress) => void,
  ): Promise<{
    readonly problems: readonly LocalProblem[];
    readonly studyInstanceUids: readonly string[];
  }>;
}

/** What a viewer element is given by the page's composition: it makes archives when it needs them. */
export interface ViewerServices {
  /** Version of the application, for people. */
  readonly version: string;
  /** Services over a DICOMweb service at this address, absolute or relative to the page. */
  openArchive(dicomwebUrl: string): ArchiveServices;
  /** Services over files that a person opens; nothing of them leaves the page. */
  openLocal(): Promise<LocalArchiveServices>;
  /** Deletes everything that this browser keeps of any patient, of every archive. */
  wipeEverything(): Promise<void>;
}
