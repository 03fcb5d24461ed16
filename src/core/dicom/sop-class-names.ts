import type { ObjectKind } from "./sop-class.ts";

/** What objects of a SOP class are, finer than what decides how they are shown. */
export type StorageKind =
  | ObjectKind
  | "image"
  | "segmentation"
  | "parametric-map"
  | "surface"
  | "registration"
  | "rt"
  | "measurements"
  | "raw-data";

/** Root of the storage SOP classes (PS3.4 table B.5-1). */
const STORAGE = "1.2.840.10008.5.1.4.1.1.";

/** Kind and name of the storage SOP classes, by the part of the UID after the root. */
const STORAGE_CLASSES: Readonly<Record<StorageKind, Readonly<Record<string, string>>>> = {
  image: {
    "1": "Computed Radiography",
    "1.1": "Digital X-Ray",
    "1.1.1": "Digital X-Ray (for processing)",
    "1.2": "Digital Mammography",
    "1.2.1": "Digital Mammography (for processing)",
    "1.3": "Digital Intra-Oral X-Ray",
    "1.3.1": "Digital Intra-Oral X-Ray (for processing)",
    "2": "CT",
    "2.1": "Enhanced CT",
    "2.2": "Legacy Converted Enhanced CT",
    "3": "Ultrasound Multi-frame (retired)",
    "3.1": "Ultrasound Multi-frame",
    "4": "MR",
    "4.1": "Enhanced MR",
    "4.3": "Enhanced MR Color",
    "4.4": "Legacy Converted Enhanced MR",
    "5": "Nuclear Medicine (retired)",
    "6": "Ultrasound (retired)",
    "6.1": "Ultrasound",
    "6.2": "Enhanced Ultrasound Volume",
    "6.3": "Photoacoustic",
    "7": "Secondary Capture",
    "7.1": "Secondary Capture, single bit",
    "7.2": "Secondary Capture, grayscale byte",
    "7.3": "Secondary Capture, grayscale word",
    "7.4": "Secondary Capture, true color",
    "12.1": "X-Ray Angiography",
    "12.1.1": "Enhanced X-Ray Angiography",
    "12.2": "X-Ray Radiofluoroscopy",
    "12.2.1": "Enhanced X-Ray Radiofluoroscopy",
    "12.3": "X-Ray Angiography Bi-plane (retired)",
    "13.1.1": "X-Ray 3D Angiography",
    "13.1.2": "X-Ray 3D Craniofacial",
    "13.1.3": "Breast Tomosynthesis",
    "13.1.4": "Breast Projection X-Ray",
    "13.1.5": "Breast Projection X-Ray (for processing)",
    "14.1": "Intravascular OCT",
    "14.2": "Intravascular OCT (for processing)",
    "20": "Nuclear Medicine",
    "77.1": "Visible Light (trial)",
    "77.1.1": "Endoscopy",
    "77.1.1.1": "Endoscopy Video",
    "77.1.2": "Microscopy",
    "77.1.2.1": "Microscopy Video",
    "77.1.3": "Slide-Coordinates Microscopy",
    "77.1.4": "Photography",
    "77.1.4.1": "Photography Video",
    "77.1.5.1": "Ophthalmic Photography 8 Bit",
    "77.1.5.2": "Ophthalmic Photography 16 Bit",
    "77.1.5.4": "Ophthalmic Tomography",
    "77.1.5.5": "Wide Field Ophthalmic, stereographic",
    "77.1.5.6": "Wide Field Ophthalmic, 3D coordinates",
    "77.1.5.7": "Ophthalmic OCT En Face",
    "77.1.5.8": "Ophthalmic OCT B-scan Volume",
    "77.1.6": "Whole Slide Microscopy",
    "77.1.7": "Dermoscopic Photography",
    "77.1.8": "Confocal Microscopy",
    "77.1.9": "Confocal Microscopy Tiled Pyramidal",
    "77.2": "Visible Light Multi-frame (trial)",
    "128": "PET",
    "128.1": "Legacy Converted Enhanced PET",
    "130": "Enhanced PET",
    "481.1": "RT Image",
    "481.23": "Enhanced RT Image",
    "481.24": "Enhanced Continuous RT Image",
    "501.1": "CT for Security Screening",
    "501.2.1": "Digital X-Ray for Security Screening",
    "501.2.2": "Digital X-Ray for Security Screening (for processing)",
    "601.1": "Eddy Current Image",
    "601.2": "Eddy Current Multi-frame Image",
    "501.4": "2D AIT for Security Screening",
    "501.5": "3D AIT for Security Screening",
  },
  document: {
    "104.1": "PDF Document",
    "104.2": "CDA Document",
    "104.3": "STL Model",
    "104.4": "OBJ Model",
    "104.5": "MTL Material",
  },
  report: {
    "88.1": "Text Report (trial)",
    "88.2": "Audio Report (trial)",
    "88.3": "Detail Report (trial)",
    "88.4": "Comprehensive Report (trial)",
    "88.11": "Basic Text Report",
    "88.22": "Enhanced Report",
    "88.33": "Comprehensive Report",
    "88.34": "Comprehensive 3D Report",
    "88.35": "Extensible Report",
    "88.40": "Procedure Log",
    "88.50": "Mammography CAD Report",
    "88.65": "Chest CAD Report",
    "88.67": "X-Ray Radiation Dose Report",
    "88.68": "Radiopharmaceutical Radiation Dose Report",
    "88.69": "Colon CAD Report",
    "88.70": "Implantation Plan Report",
    "88.71": "Acquisition Context Report",
    "88.72": "Simplified Adult Echo Report",
    "88.73": "Patient Radiation Dose Report",
    "88.74": "Planned Imaging Agent Administration Report",
    "88.75": "Performed Imaging Agent Administration Report",
    "88.76": "Enhanced X-Ray Radiation Dose Report",
    "88.77": "Waveform Annotation Report",
    "78.6": "Spectacle Prescription Report",
    "79.1": "Macular Grid Thickness and Volume Report",
  },
  "key-objects": { "88.59": "Key Object Selection" },
  "presentation-state": {
    "11.1": "Grayscale Presentation State",
    "11.2": "Color Presentation State",
    "11.3": "Pseudo-Color Presentation State",
    "11.4": "Blending Presentation State",
    "11.5": "XA/XRF Grayscale Presentation State",
    "11.6": "Planar MPR Presentation State",
    "11.7": "Compositing Planar MPR Presentation State",
    "11.8": "Advanced Blending Presentation State",
    "11.9": "Volume Rendering Presentation State",
    "11.10": "Segmented Volume Rendering Presentation State",
    "11.11": "Multiple Volume Rendering Presentation State",
    "11.12": "Variable Modality LUT Presentation State",
    "9.100.1": "Waveform Presentation State",
    "9.100.2": "Waveform Acquisition Presentation State",
  },
  waveform: {
    "9.1": "Waveform (trial)",
    "9.1.1": "12-lead ECG",
    "9.1.2": "General ECG",
    "9.1.3": "Ambulatory ECG",
    "9.1.4": "General 32-bit ECG",
    "9.2.1": "Hemodynamic Waveform",
    "9.3.1": "Cardiac Electrophysiology Waveform",
    "9.4.1": "Basic Voice Audio",
    "9.4.2": "General Audio",
    "9.5.1": "Arterial Pulse Waveform",
    "9.6.1": "Respiratory Waveform",
    "9.6.2": "Multi-channel Respiratory Waveform",
    "9.7.1": "Routine Scalp EEG",
    "9.7.2": "Electromyogram",
    "9.7.3": "Electrooculogram",
    "9.7.4": "Sleep EEG",
    "9.8.1": "Body Position Waveform",
  },
  segmentation: {
    "66.4": "Segmentation",
    "66.7": "Label Map Segmentation",
    "66.8": "Height Map Segmentation",
  },
  "parametric-map": { "30": "Parametric Map" },
  surface: {
    "66.5": "Surface Segmentation",
    "66.6": "Tractography Results",
    "68.1": "Surface Scan Mesh",
    "68.2": "Surface Scan Point Cloud",
  },
  registration: {
    "66.1": "Spatial Registration",
    "66.2": "Spatial Fiducials",
    "66.3": "Deformable Spatial Registration",
    "77.1.5.3": "Stereometric Relationship",
    "67": "Real World Value Mapping",
  },
  rt: {
    "481.2": "RT Dose",
    "481.3": "RT Structure Set",
    "481.4": "RT Beams Treatment Record",
    "481.5": "RT Plan",
    "481.6": "RT Brachy Treatment Record",
    "481.7": "RT Treatment Summary Record",
    "481.8": "RT Ion Plan",
    "481.9": "RT Ion Beams Treatment Record",
    "481.10": "RT Physician Intent",
    "481.11": "RT Segment Annotation",
    "481.12": "RT Radiation Set",
    "481.13": "C-Arm Photon-Electron Radiation",
    "481.14": "Tomotherapeutic Radiation",
    "481.15": "Robotic-Arm Radiation",
    "481.16": "RT Radiation Record Set",
    "481.17": "RT Radiation Salvage Record",
    "481.18": "Tomotherapeutic Radiation Record",
    "481.19": "C-Arm Photon-Electron Radiation Record",
    "481.20": "Robotic Radiation Record",
    "481.21": "RT Radiation Set Delivery Instruction",
    "481.22": "RT Treatment Preparation",
    "481.25": "RT Patient Position Acquisition Instruction",
  },
  measurements: {
    "78.1": "Lensometry Measurements",
    "78.2": "Autorefraction Measurements",
    "78.3": "Keratometry Measurements",
    "78.4": "Subjective Refraction Measurements",
    "78.5": "Visual Acuity Measurements",
    "78.7": "Ophthalmic Axial Measurements",
    "78.8": "Intraocular Lens Calculations",
    "80.1": "Ophthalmic Visual Field Measurements",
    "81.1": "Ophthalmic Thickness Map",
    "82.1": "Corneal Topography Map",
    "90.1": "Content Assessment Results",
    "91.1": "Microscopy Bulk Simple Annotations",
  },
  "raw-data": { "66": "Raw Data", "4.2": "MR Spectroscopy" },
  other: {
    "8": "Standalone Overlay (retired)",
    "9": "Standalone Curve (retired)",
    "10": "Standalone Modality LUT (retired)",
    "11": "Standalone VOI LUT (retired)",
    "129": "Standalone PET Curve (retired)",
    "131": "Basic Structured Display",
    "200.1": "CT Defined Procedure Protocol",
    "200.2": "CT Performed Procedure Protocol",
    "200.3": "Protocol Approval",
    "200.7": "XA Defined Procedure Protocol",
    "200.8": "XA Performed Procedure Protocol",
    "201.1": "Inventory",
    "501.3": "Threat Detection Report for Security Screening",
    "501.6": "Quadrupole Resonance for Security Screening",
  },
};

/** Classes whose UIDs stand elsewhere: retired print and trial classes, and objects that are of no patient (PS3.4 GG.3). */
const ELSEWHERE: readonly (readonly [uid: string, kind: StorageKind, name: string])[] = [
  ["1.2.840.10008.1.3.10", "other", "Media Directory"],
  ["1.2.840.10008.5.1.1.27", "other", "Stored Print (retired)"],
  ["1.2.840.10008.5.1.1.29", "image", "Hardcopy Grayscale (retired)"],
  ["1.2.840.10008.5.1.1.30", "image", "Hardcopy Color (retired)"],
  ["1.2.840.10008.5.1.4.34.1", "rt", "RT Beams Delivery Instruction (trial)"],
  ["1.2.840.10008.5.1.4.34.7", "rt", "RT Beams Delivery Instruction"],
  ["1.2.840.10008.5.1.4.34.10", "rt", "RT Brachy Application Setup Delivery Instruction"],
  ["1.2.840.10008.5.1.4.38.1", "other", "Hanging Protocol"],
  ["1.2.840.10008.5.1.4.39.1", "other", "Color Palette"],
  ["1.2.840.10008.5.1.4.43.1", "other", "Generic Implant Template"],
  ["1.2.840.10008.5.1.4.44.1", "other", "Implant Assembly Template"],
  ["1.2.840.10008.5.1.4.45.1", "other", "Implant Template Group"],
  ["1.3.12.2.1107.5.9.1", "raw-data", "Siemens CSA Non-Image"],
];

const CLASSES: ReadonlyMap<string, readonly [kind: StorageKind, name: string]> = new Map([
  ...kinds().flatMap((kind) =>
    Object.entries(STORAGE_CLASSES[kind]).map(
      ([suffix, name]) => [`${STORAGE}${suffix}`, [kind, name]] as const,
    ),
  ),
  ...ELSEWHERE.map(([uid, kind, name]) => [uid, [kind, name]] as const),
]);

/** UIDs of all storage SOP classes that have a name here. */
export function namedSopClassUids(): readonly string[] {
  return [...CLASSES.keys()];
}

/** Name of a SOP class for people (`CT`, `Basic Text Report`); undefined when it is not known. */
export function sopClassName(sopClassUid: string): string | undefined {
  return CLASSES.get(sopClassUid)?.[1];
}

/** What instances of the SOP class are; `other` when it is not known. */
export function storageKindOf(sopClassUid: string): StorageKind {
  return CLASSES.get(sopClassUid)?.[0] ?? "other";
}

function kinds(): readonly StorageKind[] {
  return [
    "image",
    "document",
    "report",
    "key-objects",
    "presentation-state",
    "waveform",
    "segmentation",
    "parametric-map",
    "surface",
    "registration",
    "rt",
    "measurements",
    "raw-data",
    "other",
  ];
}
