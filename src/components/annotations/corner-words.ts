import { msg } from "@lit/localize";
import { type CornerWords, ENGLISH_CORNER_WORDS } from "#core/study/corner-texts.ts";

/** The words of the annotations in the language of the page. Terms of the standard stay as they are. */
export function cornerWords(): CornerWords {
  return {
    ...ENGLISH_CORNER_WORDS,
    noName: msg("no name"),
    noId: msg("no patient ID"),
    noBirthDate: msg("no birth date"),
    noStudyDate: msg("no study date"),
    noSex: msg("sex not given"),
    conflict: msg("Identity differs between images of this study"),
    series: msg("Series"),
    accession: msg("Acc"),
    slice: msg("Loc"),
    thickness: msg("Thick"),
    laterality: msg("Laterality"),
    orientationUnknown: msg("orientation unknown"),
    burnedIn: msg("burned-in annotation"),
    qualityControl: msg("quality control image"),
    derived: msg("derived image"),
    forProcessing: msg("for processing, not for viewing"),
    subtraction: msg("mask subtraction not applied"),
    madeUpIdentifiers: msg("identifiers made up"),
  };
}
