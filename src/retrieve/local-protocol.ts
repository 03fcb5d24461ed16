/** A file that the user gave, and its path below what was dropped or chosen. */
export interface LocalFile {
  /** Names joined by `/`, without a leading one. */
  readonly path: string;
  readonly file: Blob;
}

/** A file that could not be opened, and why; shown in a list, never fatal. */
export interface LocalProblem {
  /** Path of the file; below a zip as `disc.zip/IMG0001`. */
  readonly path: string;
  readonly code: "unreadable" | "not-dicom" | "broken" | "missing" | "too-large" | "encrypted";
  /** One sentence for people, without patient data. */
  readonly message: string;
}

/** How far the opening of files has come. */
export interface LocalProgress {
  readonly filesFound: number;
  readonly filesRead: number;
  readonly instances: number;
}

/** One instance found in the files: its address and its metadata. */
export interface LocalInstance {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  /** Text of one DICOM JSON object; large values by a `BulkDataURI` that the same worker resolves. */
  readonly json: string;
}

/** Bytes that the worker gives on demand. */
export interface LocalFrame {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly transferSyntaxUid: string;
}

/** Why a demand failed, as it crosses the thread. */
export interface LocalFailure {
  readonly code: "not-found" | "no-pixel-data" | "bad-response" | "aborted";
  readonly message: string;
}

/** The demands of the page and their answers: name -> [request, response]. */
export interface LocalDemands {
  /** Reads files; instances and problems arrive as events before the answer. */
  open: [{ readonly files: readonly LocalFile[] }, { readonly progress: LocalProgress }];
  frame: [{ readonly sopInstanceUid: string; readonly frameNumber: number }, LocalFrame];
  bulkData: [{ readonly uri: string }, { readonly bytes: Uint8Array<ArrayBuffer> }];
}

/** Messages from page to worker. */
export type ToLocalWorker =
  | {
      [Name in keyof LocalDemands]: {
        readonly type: Name;
        readonly id: number;
        readonly request: LocalDemands[Name][0];
      };
    }[keyof LocalDemands]
  | { readonly type: "abort"; readonly id: number };

/** Messages from worker to page. */
export type FromLocalWorker =
  | {
      [Name in keyof LocalDemands]: {
        readonly type: Name;
        readonly id: number;
        readonly ok: true;
        readonly response: LocalDemands[Name][1];
      };
    }[keyof LocalDemands]
  | {
      readonly type: "failed";
      readonly id: number;
      readonly ok: false;
      readonly error: LocalFailure;
    }
  | {
      readonly type: "found";
      readonly instances: readonly LocalInstance[];
      readonly problems: readonly LocalProblem[];
      readonly progress: LocalProgress;
    };
