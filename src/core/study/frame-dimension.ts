import type { FrameReference } from "./display-set.ts";

export type DimensionValue = string | number;

/** Something other than the place that tells frames from one another. */
export interface FrameDimension {
  /**
   * `stack`: frames of different values do not belong together (stacks, segments, detectors). `weighting`: one place
   * imaged in several ways (b-values, echoes). `moment`: one place imaged at several times. `cycle`: the same, of a
   * motion that repeats (cardiac phases), to be seen as a film. `note`: worth saying only. `name`: the same, without counting values.
   */
  readonly role: "stack" | "weighting" | "moment" | "cycle" | "note" | "name";
  value(reference: FrameReference): DimensionValue | undefined;
  /** For people; `rank` is the place of the value among the `count` values there are, from 1; a `name` has none. */
  text(value: DimensionValue, rank: number, count: number): string;
}
