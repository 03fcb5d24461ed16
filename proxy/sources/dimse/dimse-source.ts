import type { PacsSettings } from "../../config/pacs-settings.ts";
import type { AssociationObserver } from "../../dimse/association-event.ts";
import type { AssociationPool, PoolStatus } from "../../dimse/association-pool.ts";
import type { DicomListener } from "../../dimse/dicom-listener.ts";
import type { ObjectStore, ObjectStoreStatus } from "../../object-store/object-store.ts";
import type { Source } from "../source.ts";
import type { LosslessDecoder } from "./store-lossless.ts";

/** What a source for a PACS is made of. */
export interface DimseSourceOptions {
  readonly settings: PacsSettings;
  readonly pool: AssociationPool;
  readonly store: ObjectStore;
  /** Undefined where nothing listens: then there is no C-MOVE, and the reason is told when it would be needed. */
  readonly listener: DicomListener | undefined;
  readonly observe: AssociationObserver;
  /** Decodes what is losslessly compressed for a PACS that takes nothing compressed; without it, it is not stored there. */
  readonly decoder?: LosslessDecoder;
}

/** How a PACS source does, for metrics and diagnostics; no patient data. */
export interface DimseSourceStatus {
  readonly associations: PoolStatus;
  readonly cache: ObjectStoreStatus;
  /** Instances that requests wait for, and that background retrieval still has to fetch. */
  readonly queue: { readonly wanted: number; readonly ahead: number };
  readonly retrieved: { readonly instances: number; readonly bytes: number };
  /** Since the start, by `DimseErrorCode`. */
  readonly failures: Readonly<Record<string, number>>;
  /** How instances are retrieved, once that is known. */
  readonly retrieveBy: "get" | "move" | "unknown";
}

/** A PACS by DIMSE as a source of DICOMweb, and what only its owner does with it. */
export interface DimseSource extends Source {
  readonly kind: "dimse";
  dimseStatus(): DimseSourceStatus;
}
