import type { PersonName } from "../dicom/person-name.ts";

/** A coded concept (PS3.3 section 8): what it is called, and by which code of which scheme. */
export interface Code {
  readonly value: string;
  readonly scheme: string;
  /** Never empty: the code value where no meaning is recorded. */
  readonly meaning: string;
}

/** A reference to another object (PS3.3 C.18.3, C.18.4, C.18.5). */
export interface ObjectReference {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** From 1; empty where all frames are meant. */
  readonly frameNumbers: readonly number[];
  /** From 1; empty where no segment is named. */
  readonly segmentNumbers: readonly number[];
  /** Pairs of multiplex group and channel, both from 1; channel 0 means all of the group. */
  readonly waveformChannels: readonly number[];
  /** The presentation state by which the image is to be shown. */
  readonly presentationStateUid: string | undefined;
}

/** A number with its unit, as it is written: digits are not rounded. */
export interface Measurement {
  readonly number: string;
  readonly unit: Code | undefined;
}

/** What the values of a row or column of a table mean. */
export interface TableHead {
  /** From 1; undefined where it holds for all of them. */
  readonly number: number | undefined;
  readonly name: Code | undefined;
  readonly unit: Code | undefined;
}

/** A cell of a table; row and column from 1. */
export interface TableCell {
  readonly row: number;
  readonly column: number;
  /** Of the value; `SQ` for a code. */
  readonly vr: string;
  /** As recorded; several values of one cell are divided by backslashes. */
  readonly text: string;
}

/** What a content item holds, by its Value Type (PS3.3 C.17.3.2.1). */
export type ReportValue =
  | {
      readonly kind: "container";
      /** Whether its items are one running text rather than apart from one another (PS3.3 C.17.3.2.2). */
      readonly isContinuous: boolean;
    }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly code: Code | undefined }
  | {
      readonly kind: "number";
      /** Undefined where the value could not be obtained; the qualifier then says why. */
      readonly measurement: Measurement | undefined;
      readonly qualifier: Code | undefined;
    }
  | { readonly kind: "date" | "time" | "datetime"; readonly text: string }
  | { readonly kind: "person"; readonly name: PersonName | undefined }
  | { readonly kind: "uid"; readonly uid: string }
  | {
      readonly kind: "image" | "composite" | "waveform";
      readonly references: readonly ObjectReference[];
    }
  | {
      readonly kind: "coordinates";
      /** Pixels of the image that they were selected from, or mm in patient space. */
      readonly space: "image" | "patient";
      readonly graphicType: string;
      readonly pointCount: number;
    }
  | {
      readonly kind: "time-coordinates";
      readonly rangeType: string;
      /** Sample positions, offsets in seconds or moments, as recorded. */
      readonly positions: readonly string[];
      readonly unit: "samples" | "seconds" | "moments";
    }
  | {
      readonly kind: "table";
      readonly rows: number;
      readonly columns: number;
      readonly rowHeads: readonly TableHead[];
      readonly columnHeads: readonly TableHead[];
      readonly cells: readonly TableCell[];
    }
  /** Another item of the same report, by its position (PS3.3 C.17.3.2.5). */
  | { readonly kind: "link"; readonly position: string }
  /** Items that lie too deep to be read. */
  | { readonly kind: "cut" }
  | { readonly kind: "unknown"; readonly valueType: string };

/** A content item of a structured report with those below it (PS3.3 C.17.3). */
export interface ReportItem {
  /** `1.2.1`: the path of ordinals by which other items refer to it. */
  readonly position: string;
  /** `CONTAINS`, `HAS PROPERTIES` ...; empty for the root. */
  readonly relationship: string;
  readonly name: Code | undefined;
  readonly value: ReportValue;
  /** DICOM date and time at which it was observed, where that differs from the report's. */
  readonly observedAt: string | undefined;
  readonly children: readonly ReportItem[];
}
