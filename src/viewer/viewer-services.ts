import type { FrameServices } from "../frames/frame-services.ts";
import type { LocalServices } from "../frames/local-services.ts";

export type { Failure } from "../frames/failure.ts";
export type { FrameProvider } from "../frames/frame-provider.ts";
export type { FrameServices } from "../frames/frame-services.ts";
export type { LocalFile, LocalProblem } from "../frames/local-services.ts";
export type { MetadataOrigin } from "../frames/study-loader.ts";

/** What a viewer element is given by the page's composition: it makes archives when it needs them. */
export interface ViewerServices {
  /** Version of the application, for people. */
  readonly version: string;
  /** Services over a DICOMweb service at this address, absolute or relative to the page. */
  openArchive(dicomwebUrl: string): FrameServices;
  /** Services over files that a person opens; nothing of them leaves the page. */
  openLocal(): LocalServices | Promise<LocalServices>;
  /** Deletes everything that this browser keeps of any patient, of every archive. */
  wipeEverything(): Promise<void>;
}
