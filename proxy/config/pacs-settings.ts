import type { RemoteAe } from "../dimse/remote-ae.ts";
import type { UserIdentity } from "../dimse/user-identity.ts";

/** Deviations of one PACS, as its team knows them; each also has a name on the command line: `AET@host:port?patient-root`. */
export interface PacsQuirks {
  /** Offers the Patient Root model only. */
  readonly patientRootOnly: boolean;
  /** Answers no C-FIND at the IMAGE level. */
  readonly noImageLevelFind: boolean;
  /** Takes no lists of UIDs as keys. */
  readonly noUidLists: boolean;
  /** One association at a time. */
  readonly oneAssociation: boolean;
  /** Fetches from slow media before it answers: minutes of silence are no failure. */
  readonly slowStart: boolean;
}

/** A PACS that DICOMweb is translated for. */
export interface PacsSettings {
  /** Name in addresses: `/sources/{name}/dicom-web`. */
  readonly name: string;
  readonly remote: RemoteAe;
  /** C-GET or C-MOVE; `auto`: C-GET where it is offered and works, else C-MOVE, remembered. */
  readonly retrieve: "auto" | "get" | "move";
  readonly quirks: PacsQuirks;
  /** Associations at a time: all of them, those of one retrieval, those of one user. */
  readonly associations: {
    readonly most: number;
    readonly perRetrieval: number;
    readonly perUser: number;
  };
  /** Specific Character Set that queries are written in; `ISO_IR 192` by default, ASCII alone is always sent as such. */
  readonly queryCharacterSet: readonly string[];
  /** Specific Character Set of answers and objects that declare none. */
  readonly fallbackCharacterSet: readonly string[];
  /** AE title of its worklist, where UPS-RS searches are answered from Modality Worklist. */
  readonly worklist?: RemoteAe;
  /** Whether STOW-RS may store there, and whether Storage Commitment confirms it. */
  readonly store: { readonly isAllowed: boolean; readonly commitment: boolean };
  /** AE titles, known to the PACS, that studies may be forwarded to (C-MOVE destinations); empty: forwarding is off. */
  readonly forwardTo: readonly string[];
  /** Who we say we are beside the AE title (PS3.7 D.3.3.7), where the PACS asks for it; secret. */
  readonly userIdentity?: UserIdentity;
  /** Own limits of the cache of received objects. */
  readonly cache: { readonly maximumBytes: number; readonly maximumAgeMs: number };
}

/** The listening side of the companion. */
export interface DicomSettings {
  readonly aeTitle: string;
  readonly port: number;
  readonly host?: string;
  readonly tls?: { readonly port: number; readonly settings: NonNullable<RemoteAe["tls"]> };
  /** Whether the port was asked for; otherwise the companion does without it when it is in use. */
  readonly isPortGiven: boolean;
  /** Calling AE titles that may store here unasked; undefined: the inbox is off. */
  readonly inbox?: {
    readonly name: string;
    readonly allowedAeTitles: readonly string[];
    /** Where its objects may be sent to. */
    readonly forwardTo: readonly RemoteAe[];
    readonly cache: PacsSettings["cache"];
  };
  /** Further AE titles that may associate: those from which a PACS sends what it is asked to move. */
  readonly alsoFrom: readonly string[];
  /** Associations that others may have open here at a time. */
  readonly maximumAssociations: number;
}
