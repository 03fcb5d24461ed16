/** A patient as a CDA document names him (CDA R2 4.2.2.11). Dates as in HL7: `YYYYMMDD…`. */
export interface CdaPatient {
  readonly names: readonly string[];
  readonly ids: readonly string[];
  readonly birthDate: string | undefined;
  /** HL7 code: `M`, `F`, `UN`. */
  readonly sex: string | undefined;
}

/** A picture inside a document (observationMedia), by the ID that the text uses. */
export type CdaMedia =
  | { readonly kind: "image"; readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> }
  /** It lies elsewhere, or is nothing that is shown. */
  | { readonly kind: "not-shown"; readonly type: string };

/** A section with its narrative as it stands in the document, which is not trusted. */
export interface CdaSection {
  readonly title: string;
  readonly text: Element | undefined;
  readonly sections: readonly CdaSection[];
}

export type CdaBody =
  | { readonly kind: "sections"; readonly sections: readonly CdaSection[] }
  /** The document wraps another one. */
  | { readonly kind: "wrapped"; readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> }
  /** It wraps one that lies elsewhere. */
  | { readonly kind: "elsewhere"; readonly type: string }
  | { readonly kind: "none" };

/** A clinical document (HL7 CDA Release 2): header facts and content. */
export interface CdaDocument {
  readonly title: string;
  /** One, but for documents about several; none where it does not say. */
  readonly patients: readonly CdaPatient[];
  readonly date: string | undefined;
  readonly authors: readonly string[];
  readonly custodian: string;
  readonly legalAuthenticator: string;
  readonly body: CdaBody;
  readonly media: ReadonlyMap<string, CdaMedia>;
}

/** Why a document is refused. */
export type CdaFailure =
  /** It is no XML, or no clinical document. */
  | "broken"
  /** It declares a document type or entities, which a clinical document never does and attacks do. */
  | "declares-type"
  | "too-large";
