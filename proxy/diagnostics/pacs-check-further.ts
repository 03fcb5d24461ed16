import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { sopClassName } from "#core/dicom/sop-class-names.ts";
import { MOST_CONTEXTS } from "../dimse/presentation-context.ts";
import { find } from "../dimse/services/find.ts";
import {
  commitmentContexts,
  findContexts,
  likelyKinds,
  planStore,
} from "../dimse/services/plan-contexts.ts";
import { STORAGE_COMMITMENT_PUSH } from "../dimse/services/storage-commitment.ts";
import type { Finding, PacsVisit } from "./pacs-visit.ts";

/** Scheduled steps that are counted; then the query is cancelled. */
const MOST_STEPS = 50;
/** Modalities whose classes are proposed for storing. */
const MODALITIES = ["CT", "MR", "DX", "US", "SR"];

/** A query of Modality Worklist. */
export async function checkWorklist(visit: PacsVisit): Promise<Finding> {
  const { settings, signal } = visit;
  const { worklist, fallbackCharacterSet } = settings;
  if (worklist === undefined) return { outcome: "skipped", text: "No worklist is configured." };
  const identifier = buildDataSet({
    ScheduledProcedureStepSequence: [{ ScheduledProcedureStepID: null, Modality: null }],
  });
  const request = { model: "worklist", identifier, fallbackCharacterSet } as const;
  const count = await visit.withAssociation(
    { contexts: findContexts("worklist") },
    async (association) => {
      let steps = 0;
      for await (const _match of find(association, request, signal)) {
        steps += 1;
        if (steps >= MOST_STEPS) break;
      }
      return steps;
    },
    worklist,
  );
  const many = count >= MOST_STEPS ? `${MOST_STEPS} or more` : String(count);
  return {
    outcome: "ok",
    text: `The worklist of ${worklist.aeTitle} answers, with ${many} scheduled steps.`,
  };
}

/** Whether storing would be accepted; nothing is stored. */
export async function checkStore(visit: PacsVisit): Promise<Finding> {
  const { store, remote } = visit.settings;
  if (!store.isAllowed) return { outcome: "skipped", text: "Storing there is switched off." };
  const [plan] = planStore(likelyKinds(MODALITIES));
  const contexts = [...commitmentContexts(), ...(plan?.contexts ?? [])].slice(0, MOST_CONTEXTS);
  return await visit.withAssociation({ contexts }, async (association) => {
    const accepted = new Set(
      association.contexts.map(({ abstractSyntaxUid }) => abstractSyntaxUid),
    );
    const commits = accepted.delete(STORAGE_COMMITMENT_PUSH);
    if (accepted.size === 0) {
      return {
        outcome: "warning",
        text: "The PACS takes no objects of this AE title (C-STORE).",
        advice: `Allow AE title ${remote.callingAeTitle} to store there, or switch storing off for this PACS (store: false).`,
      };
    }
    const some = [...accepted].slice(0, 2).map((uid) => sopClassName(uid) ?? uid);
    const text = `The PACS would take objects of ${accepted.size} of the classes proposed, such as ${some.join(" and ")}; nothing was stored.`;
    if (!store.commitment || commits) return { outcome: "ok", text };
    return {
      outcome: "warning",
      text: `${text} It does not offer Storage Commitment.`,
      advice: "Allow Storage Commitment (Push Model) there, or leave out commitment for this PACS.",
    };
  });
}
