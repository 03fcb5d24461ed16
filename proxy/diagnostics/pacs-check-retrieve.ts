import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { sopClassName } from "#core/dicom/sop-class-names.ts";
import { transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import { DimseError } from "../dimse/dimse-error.ts";
import { likelyKinds, moveContexts, planGet, requestOf } from "../dimse/services/plan-contexts.ts";
import { MODEL_UIDS } from "../dimse/services/query-model.ts";
import { get, move, type RetrieveOutcome } from "../dimse/services/retrieve.ts";
import type { StorageSink } from "../dimse/storage-sink.ts";
import type { Finding, PacsVisit, SampleInstance } from "./pacs-visit.ts";

/** How long is waited for an image that the PACS says it has sent. */
const LATE_MS = 1500;
/** Refused: Move Destination unknown (PS3.4 table C.4-2). */
const DESTINATION_UNKNOWN = 0xa801;

/** What came of a retrieval: counted, and kept nowhere. */
class Arrivals {
  instances = 0;
  bytes = 0;
  what = "";
  /** Called when one has come. */
  onArrival: () => void = () => undefined;

  readonly sink: StorageSink = {
    begin: ({ sopClassUid, transferSyntaxUid }) => {
      let bytes = 0;
      return {
        write: (chunk) => {
          bytes += chunk.byteLength;
        },
        end: () => {
          this.instances += 1;
          this.bytes += bytes;
          const syntax = transferSyntaxOf(transferSyntaxUid)?.name ?? transferSyntaxUid;
          this.what = `${sopClassName(sopClassUid) ?? sopClassUid}, ${syntax}`;
          this.onArrival();
          return 0;
        },
        abort: () => undefined,
      };
    },
  };

  told(service: string): Finding {
    const kilobytes = Math.max(1, Math.round(this.bytes / 1000));
    return { outcome: "ok", text: `An image came by ${service}: ${this.what}, ${kilobytes} kB.` };
  }
}

/** C-GET of one image. */
export async function checkGet(visit: PacsVisit): Promise<Finding> {
  const { sample, model, settings } = visit;
  if (settings.retrieve === "move") return skipped("The settings say C-MOVE; C-GET is not tried.");
  if (!visit.offered.has(MODEL_UIDS[model].get)) {
    const text = "The PACS does not offer C-GET.";
    if (settings.retrieve === "auto") return skipped(text, "C-MOVE is used instead.");
    return { outcome: "failed", text, advice: "Allow C-GET there, or leave out retrieve=get." };
  }
  if (sample === undefined) return skipped("No image was found to try C-GET with.");
  const kinds =
    sample.sopClassUid === undefined
      ? likelyKinds(sample.modality === undefined ? [] : [sample.modality])
      : [{ sopClassUid: sample.sopClassUid }];
  const [plan] = planGet(model, kinds);
  if (plan === undefined) return skipped("There is no storage class to try C-GET with.");
  const arrivals = new Arrivals();
  const outcome = await visit.withAssociation(requestOf(plan), (association) =>
    firstOnly(visit, sample, arrivals, (signal) =>
      get(association, { model, identifier: identifierOf(visit, sample) }, arrivals.sink, signal),
    ),
  );
  if (arrivals.instances > 0) {
    visit.hasGot = true;
    return arrivals.told("C-GET");
  }
  return {
    outcome: settings.retrieve === "get" ? "failed" : "warning",
    text: `C-GET ended with status ${statusOf(outcome)}, and no image came.`,
    advice:
      "The PACS may not be able to send the image as it was asked for; its log says why. C-MOVE can be used instead (retrieve=move).",
  };
}

/** C-MOVE of one image to ourselves. */
export async function checkMove(visit: PacsVisit): Promise<Finding> {
  const { sample, model, settings, listener } = visit;
  if (settings.retrieve === "get") return skipped("The settings say C-GET; C-MOVE is not tried.");
  if (!visit.offered.has(MODEL_UIDS[model].move)) {
    const text = "The PACS does not offer C-MOVE.";
    if (visit.hasGot) return skipped(text, "C-GET is used instead.");
    return { outcome: "failed", text, advice: "Allow C-GET or C-MOVE for our AE title there." };
  }
  if (listener === undefined) {
    return skipped(
      "Nothing listens here, so that the PACS has nowhere to send to.",
      "Another program, perhaps a companion that runs, has the DICOM port: try again in its diagnostics, or choose another port by --dicom-port N.",
    );
  }
  if (sample === undefined) return skipped("No image was found to try C-MOVE with.");
  const arrivals = new Arrivals();
  const { sopInstanceUid } = sample;
  const request = {
    model,
    identifier: identifierOf(visit, sample),
    expects: (uid: string) => sopInstanceUid === undefined || uid === sopInstanceUid,
  };
  const destination = listener.destination(settings.remote.callingAeTitle);
  try {
    const outcome = await visit.withAssociation({ contexts: moveContexts(model) }, (association) =>
      firstOnly(visit, sample, arrivals, (signal) =>
        move(association, request, destination, arrivals.sink, signal),
      ),
    );
    await arrived(arrivals);
    return arrivals.instances > 0 ? arrivals.told("C-MOVE") : nothingCame(visit, outcome);
  } catch (error) {
    if (visit.signal.aborted) throw error;
    return moveFailure(visit, error);
  }
}

/** Nothing came although the PACS did not refuse. */
function nothingCame(visit: PacsVisit, outcome: RetrieveOutcome | undefined): Finding {
  const { completed = 0, failed = 0 } = outcome?.suboperations ?? {};
  const elsewhere = completed > 0;
  return {
    outcome: visit.hasGot ? "warning" : "failed",
    text: elsewhere
      ? "The PACS says that it sent the image, and nothing came here: it went to another host or port."
      : `C-MOVE ended with status ${statusOf(outcome)}, ${failed} failed, and nothing came on port ${visit.listener?.port}.`,
    advice: elsewhere
      ? `Register ${visit.ourPlace()} at the PACS; it has another address on record.`
      : `Check at the PACS that ${visit.ourPlace()} is registered, and that no firewall keeps it from connecting to this port.`,
  };
}

function moveFailure(visit: PacsVisit, error: unknown): Finding {
  const finding = visit.failure(error, "retrieve");
  const outcome = visit.hasGot ? "warning" : "failed";
  const { code, facts } =
    error instanceof DimseError ? error : { code: undefined, facts: undefined };
  if (code === "failed-status" && facts?.status === DESTINATION_UNKNOWN) {
    const { callingAeTitle } = visit.settings.remote;
    return {
      outcome,
      text: `The PACS does not know AE title ${callingAeTitle} as a destination of C-MOVE.`,
      advice: `Add ${visit.ourPlace()} there.`,
    };
  }
  if (code === "silent" || (code === "failed-status" && facts?.status === 0xa702)) {
    return {
      outcome,
      text: `${finding.text} Nothing came on port ${visit.listener?.port}.`,
      advice: `Check at the PACS that ${visit.ourPlace()} is registered, and that no firewall keeps it from connecting to this port.`,
    };
  }
  if (code !== "failed-status") return { ...finding, outcome };
  return {
    outcome,
    text: finding.text,
    advice: `Check that ${visit.ourPlace()} is registered there: many a PACS answers so when it does not know the destination. Its log says more.`,
  };
}

/** Where a whole series had to be asked for, it is cancelled when one instance has come. */
async function firstOnly(
  visit: PacsVisit,
  sample: SampleInstance,
  arrivals: Arrivals,
  retrieve: (signal: AbortSignal) => Promise<RetrieveOutcome>,
): Promise<RetrieveOutcome | undefined> {
  if (sample.sopInstanceUid !== undefined) return await retrieve(visit.signal);
  const enough = new AbortController();
  arrivals.onArrival = () => enough.abort();
  try {
    return await retrieve(AbortSignal.any([visit.signal, enough.signal]));
  } catch (error) {
    if (enough.signal.aborted && !visit.signal.aborted) return undefined;
    throw error;
  }
}

/** Settles when an image has come, or it is too late: the answer to C-MOVE may overtake it. */
async function arrived(arrivals: Arrivals): Promise<void> {
  if (arrivals.instances > 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LATE_MS);
    arrivals.onArrival = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

function identifierOf({ model }: PacsVisit, sample: SampleInstance) {
  const { patientId = "", studyInstanceUid, seriesInstanceUid, sopInstanceUid } = sample;
  return buildDataSet({
    QueryRetrieveLevel: sopInstanceUid === undefined ? "SERIES" : "IMAGE",
    ...(model === "patient-root" ? { PatientID: patientId } : {}),
    StudyInstanceUID: studyInstanceUid,
    SeriesInstanceUID: seriesInstanceUid,
    ...(sopInstanceUid === undefined ? {} : { SOPInstanceUID: sopInstanceUid }),
  });
}

function statusOf(outcome: RetrieveOutcome | undefined): string {
  return `${(outcome?.status ?? 0).toString(16).toUpperCase().padStart(4, "0")}H`;
}

function skipped(text: string, advice?: string): Finding {
  return { outcome: "skipped", text, ...(advice === undefined ? {} : { advice }) };
}
