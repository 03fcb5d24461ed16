import type { LaunchRefusal } from "../../viewer/launch-resolution.ts";

/** A stable code of why nothing is opened. */
export function refusalCode(reason: LaunchRefusal): string {
  switch (reason.kind) {
    case "invalid":
      return reason.problem;
    case "mismatch":
      return `mismatch-${reason.attribute}`;
    case "failed":
      return reason.failure.code;
    case "nothing-found":
      return reason.kind;
  }
}
