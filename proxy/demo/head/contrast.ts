/** How bright each tissue is in a sequence, in stored values. */
export interface Contrast {
  readonly air: number;
  readonly bone: number;
  readonly marrow: number;
  readonly fat: number;
  readonly muscle: number;
  readonly fluid: number;
  readonly gray: number;
  readonly white: number;
  /** Nuclei rich in iron. */
  readonly pallidum: number;
  readonly mucosa: number;
  readonly vitreous: number;
  readonly lens: number;
  /** Small lesions of the white matter. */
  readonly lesion: number;
  readonly vessel: number;
}

export const T2: Contrast = {
  air: 12,
  bone: 60,
  marrow: 620,
  fat: 900,
  muscle: 250,
  fluid: 1750,
  gray: 830,
  white: 560,
  pallidum: 430,
  mucosa: 1350,
  vitreous: 1800,
  lens: 300,
  lesion: 1250,
  vessel: 60,
};

export const T1: Contrast = {
  air: 10,
  bone: 70,
  marrow: 980,
  fat: 1650,
  muscle: 520,
  fluid: 190,
  gray: 620,
  white: 880,
  pallidum: 820,
  mucosa: 600,
  vitreous: 230,
  lens: 560,
  lesion: 560,
  vessel: 130,
};

export const FLAIR: Contrast = {
  air: 10,
  bone: 70,
  marrow: 520,
  fat: 820,
  muscle: 300,
  fluid: 90,
  gray: 760,
  white: 600,
  pallidum: 500,
  mucosa: 1150,
  vitreous: 120,
  lens: 320,
  lesion: 1350,
  vessel: 70,
};
