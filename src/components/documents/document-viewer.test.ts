import { describe, expect, it } from "vitest";
import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { readInstance } from "#core/study/instance.ts";
import { documentViewerOf } from "./document-viewer.ts";

const STORAGE = "1.2.840.10008.5.1.4.1.1.";

function viewerOf(sopClass: string, attributes: MadeDataSet = {}) {
  const instance = readInstance(
    buildDataSet({
      SOPClassUID: STORAGE + sopClass,
      StudyInstanceUID: "1.2",
      SeriesInstanceUID: "1.2.3",
      SOPInstanceUID: "1.2.3.4",
      ...attributes,
    }),
  );
  if (instance === undefined) throw new Error("no instance");
  return documentViewerOf(instance);
}

describe("an object that is not a frame image", () => {
  it.each([
    ["104.1", { MIMETypeOfEncapsulatedDocument: "application/pdf" }, "pdf"],
    ["104.1", {}, "pdf"],
    ["104.2", { MIMETypeOfEncapsulatedDocument: "text/XML" }, "cda"],
    ["104.2", { MIMETypeOfEncapsulatedDocument: "application/hl7-cda+xml" }, "cda"],
    ["104.3", {}, "file"],
    ["104.1", { MIMETypeOfEncapsulatedDocument: "text/html" }, "file"],
    ["88.33", {}, "report"],
    ["88.59", {}, "report"],
    ["9.1.1", { WaveformSequence: { NumberOfWaveformChannels: 1 } }, "waveform"],
    ["9.1.1", {}, "facts"],
    ["77.1.1.1", { AvailableTransferSyntaxUID: "1.2.840.10008.1.2.4.102" }, "video"],
    ["66", {}, "facts"],
  ])("of class %s with %o is for the viewer %s", (sopClass, attributes, viewer) => {
    expect(viewerOf(sopClass, attributes)).toBe(viewer);
  });
});
