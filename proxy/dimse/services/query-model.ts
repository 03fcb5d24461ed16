/** An information model for queries and retrievals (PS3.4 C.6, K.6). */
export type QueryModel = "study-root" | "patient-root" | "worklist";

/** SOP classes of the models (PS3.4 tables C.6.1-1, C.6.2-1 and K.6.1-1). */
export const MODEL_UIDS = {
  "study-root": {
    find: "1.2.840.10008.5.1.4.1.2.2.1",
    move: "1.2.840.10008.5.1.4.1.2.2.2",
    get: "1.2.840.10008.5.1.4.1.2.2.3",
  },
  "patient-root": {
    find: "1.2.840.10008.5.1.4.1.2.1.1",
    move: "1.2.840.10008.5.1.4.1.2.1.2",
    get: "1.2.840.10008.5.1.4.1.2.1.3",
  },
  worklist: { find: "1.2.840.10008.5.1.4.31" },
} as const;
