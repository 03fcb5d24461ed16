import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { writePart10 } from "#core/dicom/part10-writer.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";
import { type FolderSource, openFolderSource } from "../sources/folder/folder-source.ts";

/** An instance of a made archive; what is not given is a CT slice of 4 x 4 pixels. */
export function madeInstance(values: MadeDataSet = {}): Uint8Array<ArrayBuffer> {
  const dataSet = buildDataSet(valuesOf(values));
  return writePart10({ dataSet, transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN });
}

/** The same as an MPEG-2 video: one stream in one fragment. */
export function madeVideo(stream: Uint8Array, values: MadeDataSet = {}): Uint8Array<ArrayBuffer> {
  return writePart10({
    dataSet: buildDataSet(valuesOf({ ...values, PixelData: undefined })),
    transferSyntaxUid: "1.2.840.10008.1.2.4.100",
    frames: [stream],
  });
}

function valuesOf(values: MadeDataSet): MadeDataSet {
  return {
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
    SOPInstanceUID: "1.2.3.1.1",
    StudyInstanceUID: "1.2.3",
    SeriesInstanceUID: "1.2.3.1",
    StudyDate: "20240501",
    StudyTime: "093000",
    AccessionNumber: "A1",
    PatientName: "Doe^Jane",
    PatientID: "P1",
    StudyDescription: "CT Thorax",
    Modality: "CT",
    SeriesNumber: 1,
    InstanceNumber: 1,
    Rows: 4,
    Columns: 4,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    PixelData: Uint16Array.from({ length: 16 }, (_, index) => index * 100),
    ...values,
  };
}

/** A folder of made files in a temporary place. */
export interface MadeFolder {
  readonly folder: string;
  /** Where index and received objects go. */
  readonly data: string;
  write(file: string, bytes: Uint8Array | string): Promise<void>;
  /** Opens the folder as an archive and waits until it is indexed. */
  open(): Promise<FolderSource>;
  remove(): Promise<void>;
}

export async function madeFolder(
  files: Readonly<Record<string, Uint8Array | string>> = {},
): Promise<MadeFolder> {
  const base = await mkdtemp(path.join(tmpdir(), "negato-test-"));
  const folder = path.join(base, "dicom");
  const data = path.join(base, "data");
  await mkdir(folder);
  const opened: FolderSource[] = [];
  const made: MadeFolder = {
    folder,
    data,
    write: async (file, bytes) => {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), bytes);
    },
    open: async () => {
      const source = await openFolderSource({
        name: "made",
        folder,
        indexFolder: path.join(data, "index"),
        receivedFolder: path.join(data, "received"),
        watches: false,
      });
      await source.rescan();
      opened.push(source);
      return source;
    },
    remove: async () => {
      await Promise.all(opened.map((source) => source.close()));
      await rm(base, { recursive: true, force: true });
    },
  };
  for (const [file, bytes] of Object.entries(files)) await made.write(file, bytes);
  return made;
}
