/** What both reports on the current chest CT say. */

export const INDICATION = "Follow-up of a pulmonary nodule seen on 2 December 2025.";

export const TECHNIQUE =
  "Helical CT of the chest in deep inspiration after 80 ml of iodinated contrast; 2.25 mm slices with soft tissue and lung kernels. Compared with the examination of 2 December 2025.";

export const FINDINGS: readonly string[] = [
  "Solid nodule in the right upper lobe, 9 mm in diameter; it measured 5 mm a year ago.",
  "No further nodules. Lungs otherwise clear, central airways open, no pleural effusion.",
  "No enlarged lymph nodes in the mediastinum or at the hila. Heart of normal size, thoracic aorta of normal width.",
  "Liver, spleen and stomach unremarkable as far as included. No destructive bone lesion.",
];

export const CONCLUSION =
  "Growing solid nodule of the right upper lobe, now 9 mm. Further work-up is suggested. This is an invented report on a computed phantom.";
