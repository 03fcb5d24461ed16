import { msg } from "@lit/localize";
import type { LaunchProblem } from "../../viewer/launch-parameters.ts";
import type { LaunchRefusal } from "../../viewer/launch-resolution.ts";

/** Why nothing is opened, and what to do, in words. */
export function refusalWords(reason: LaunchRefusal): {
  readonly heading: string;
  readonly text: string;
  readonly code: string;
} {
  switch (reason.kind) {
    case "invalid":
      return {
        heading: msg("This link cannot be followed"),
        text: `${problemText(reason.problem)} ${msg("Nothing was opened in its stead. Ask whoever made the link to check it.")}`,
        code: reason.problem,
      };
    case "nothing-found":
      return {
        heading: msg("Nothing was found"),
        text: nothingText(reason.what),
        code: "nothing-found",
      };
    case "mismatch":
      return {
        heading: msg("The images do not belong to the patient or order that was asked for"),
        text: `${
          reason.attribute === "patient-id"
            ? msg("The archive has this study under another patient ID than the link says.")
            : msg("The archive has this study under another accession number than the link says.")
        } ${msg("It was not opened. Search for the patient by hand, and report the link.")}`,
        code: `mismatch-${reason.attribute}`,
      };
    case "failed":
      return {
        heading: msg("The archive did not answer"),
        text: reason.failure.message,
        code: reason.failure.code,
      };
  }
}

function nothingText(what: "study" | "accession" | "patient"): string {
  switch (what) {
    case "study":
      return msg("The archive does not have the study that the link names.");
    case "accession":
      return msg(
        "The archive has no study with the accession number that the link names. The images may not have arrived yet.",
      );
    case "patient":
      return msg("The archive has no study of the patient that the link names.");
  }
}

function problemText(problem: LaunchProblem): string {
  switch (problem) {
    case "bad-study-uid":
      return msg("Its StudyInstanceUIDs are not UIDs, or too many.");
    case "bad-series-uid":
      return msg("Its SeriesInstanceUID is not a UID.");
    case "bad-instance-uid":
      return msg("Its SOPInstanceUID is not a UID.");
    case "bad-frame":
      return msg("Its frame is not a number from 1 on.");
    case "bad-accession-number":
      return msg("Its accession number is not one exact value.");
    case "bad-patient-id":
      return msg("Its patient ID is not one exact value.");
    case "bad-request-type":
      return msg("Its requestType is neither STUDY nor PATIENT.");
    case "nothing-asked":
      return msg("It does not say which study to open.");
  }
}
