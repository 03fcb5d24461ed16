import { readFileSync } from "node:fs";
import path from "node:path";
import { fetchPackage } from "./npm-package.mjs";

/**
 * PS3.6 table A-1 as UIDs with their keywords: from DCMTK's registry, which this package carries as source
 * (BSD-3-Clause within MIT).
 */
const PACKAGE = {
  name: "dicom-dimse-native",
  version: "2.6.1",
  integrity:
    "sha512-/OAYvnb113MYa8EKmY2UsELmPN7Urh3GUYFbEGsumDd0l4Gkj/0TrBBPLRRgHYHzZ8ygZfLKAP3krk+8XpIpHg==",
};

/**
 * What later editions added and DCMTK 3.6.8 does not hold yet, as far as the project knows of it.
 * @type {readonly (readonly [uid: string, keyword: string])[]}
 */
const LATER = [
  ["1.2.840.10008.1.2.1.98", "EncapsulatedUncompressedExplicitVRLittleEndian"],
  ["1.2.840.10008.1.2.4.110", "JPEGXLLossless"],
  ["1.2.840.10008.1.2.4.111", "JPEGXLJPEGRecompression"],
  ["1.2.840.10008.1.2.4.112", "JPEGXL"],
  ["1.2.840.10008.1.2.4.201", "HTJ2KLossless"],
  ["1.2.840.10008.1.2.4.202", "HTJ2KLosslessRPCL"],
  ["1.2.840.10008.1.2.4.203", "HTJ2K"],
  ["1.2.840.10008.1.2.4.204", "JPIPHTJ2KReferenced"],
  ["1.2.840.10008.1.2.4.205", "JPIPHTJ2KReferencedDeflate"],
  ["1.2.840.10008.1.2.8.1", "DeflatedImageFrameCompression"],
  ["1.2.840.10008.5.1.4.1.1.66.7", "LabelMapSegmentationStorage"],
  ["1.2.840.10008.5.1.4.1.1.66.8", "HeightMapSegmentationStorage"],
  ["1.2.840.10008.5.1.4.1.1.77.1.8", "ConfocalMicroscopyImageStorage"],
  ["1.2.840.10008.5.1.4.1.1.77.1.9", "ConfocalMicroscopyTiledPyramidalImageStorage"],
  ["1.2.840.10008.5.1.4.1.1.88.77", "WaveformAnnotationSRStorage"],
];

/** Root of the standard's UIDs, and of its LDAP object identifiers, which no DICOM data name. */
const STANDARD = "1.2.840.10008.";
const LDAP = "1.2.840.10008.15.";

/**
 * @returns {{ source: string, uids: readonly (readonly [uid: string, keyword: string])[] }} in order of UID
 */
export function readUidRegistry() {
  const folder = fetchPackage(PACKAGE);
  const read = (/** @type {string} */ file) => readFileSync(path.join(folder, file), "utf8");
  const values = new Map(
    [
      ...read("dcmdata/include/dcmtk/dcmdata/dcuid.h").matchAll(/#define (UID_\w+)\s+"([\d.]+)"/g),
    ].map(([, symbol = "", uid = ""]) => [symbol, uid]),
  );
  const rows = [
    ...read("dcmdata/libsrc/dcuid.cc").matchAll(/\{ *(UID_\w+), *"(\w+)", *"[^"]*" *\}/g),
  ];
  const uids = new Map(
    rows.map(([, symbol = "", keyword = ""]) => [values.get(symbol) ?? "", keyword]),
  );
  for (const [uid, keyword] of LATER) {
    if (uids.has(uid)) throw new Error(`${keyword} is in the registry by now: drop it here`);
    uids.set(uid, keyword);
  }
  const [, version] = /PACKAGE_VERSION='([\d.]+)'/.exec(read("config/configure")) ?? [];
  const [, made] =
    /Date: (\d{4}-\d\d-\d\d)/.exec(read("dcmdata/include/dcmtk/dcmdata/dcdeftag.h")) ?? [];
  return {
    source: `DCMTK ${version}, whose dictionary was made on ${made} (by ${PACKAGE.name} ${PACKAGE.version})`,
    uids: [...uids]
      .filter(([uid]) => uid.startsWith(STANDARD) && !uid.startsWith(LDAP))
      .sort(([a], [b]) => compareUids(a, b)),
  };
}

/** @type {(a: string, b: string) => number} */
function compareUids(a, b) {
  return a.localeCompare(b, "en", { numeric: true });
}
