import type { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import type { StudyPart } from "../../frames/study-loader.ts";
import type { StudySearchKeys } from "../study-list-filter.ts";
import type { ArchiveServices, ViewerServices } from "../viewer-services.ts";
import { FakeFrameProvider } from "./fake-frame-provider.ts";
import { madeInstance } from "./made-study.ts";

/** A row of a made study list. */
export function madeMatch(
  index: number,
  attributes: Record<string, string | number> = {},
): DataSet {
  return buildDataSet({
    StudyInstanceUID: `1.2.${index}`,
    PatientName: `DEMO^Chest ${index}`,
    PatientID: `4471-${index}`,
    PatientBirthDate: "19680312",
    PatientSex: "F",
    StudyDate: "20261114",
    StudyTime: "094100",
    StudyDescription: "CT chest with contrast",
    AccessionNumber: `26CT${index}`,
    ModalitiesInStudy: "CT",
    NumberOfStudyRelatedSeries: 2,
    NumberOfStudyRelatedInstances: 312,
    ...attributes,
  });
}

/** An archive in memory: it answers searches from its matches, and loads made studies of three images. */
export class FakeArchive implements ArchiveServices {
  readonly frames = new FakeFrameProvider();
  readonly searches: StudySearchKeys[] = [];
  matches: readonly DataSet[];
  /** What every search and loading fails with, when set. */
  failure: Error | undefined;
  isClosed = false;
  /** What its studies hold beside their images. */
  readonly others: MadeDataSet[] = [];

  constructor(matches: readonly DataSet[] = [madeMatch(1), madeMatch(2), madeMatch(3)]) {
    this.matches = matches;
  }

  readonly source: ArchiveServices["source"] = {
    searchForStudies: async (search) => {
      this.searches.push(search);
      if (this.failure !== undefined) throw this.failure;
      const { offset, limit } = search;
      const found = this.matches.filter((match) => isMatch(match, search));
      const end = offset + limit;
      return { studies: found.slice(offset, end), hasMore: end < found.length };
    },
    retrieveBulkData: () => Promise.reject(new Error("There is no bulk data here.")),
  };

  readonly studies: ArchiveServices["studies"] = {
    loadStudy: (studyInstanceUid) => this.#load(studyInstanceUid),
  };

  close(): void {
    this.isClosed = true;
  }

  async *#load(studyInstanceUid: string): AsyncGenerator<StudyPart> {
    if (this.failure !== undefined) throw this.failure;
    const origin = { kind: "archive", fetchedAt: new Date() } as const;
    const images = [1, 2, 3].map((number) =>
      madeInstance(number, { StudyInstanceUID: studyInstanceUid }),
    );
    const others = this.others.map((values) =>
      buildDataSet({ ...values, StudyInstanceUID: studyInstanceUid }),
    );
    yield { instances: [...images, ...others], origin };
  }
}

/** What a viewer element is given in a test. */
export function fakeServices(archives: (url: string) => ArchiveServices): ViewerServices {
  return {
    version: "0.0.0",
    openArchive: archives,
    openLocal: () => Promise.reject(new Error("There are no files here.")),
    wipeEverything: () => Promise.resolve(),
  };
}

function isMatch(match: DataSet, search: StudySearchKeys): boolean {
  const parts = (search.patientName ?? "").toUpperCase().split("*");
  const text = match.string(0x00100010)?.toUpperCase() ?? "";
  const id = search.patientId?.replace(/[*?]/g, "") ?? "";
  return (
    parts.every((part) => text.includes(part)) && (match.string(0x00100020) ?? "").startsWith(id)
  );
}
