import type { PacsTask } from "../translate/dimse-sentences.ts";
import type { PacsCheck, PacsCheckStep } from "./pacs-check.ts";
import { checkAssociation, checkConnect } from "./pacs-check-contact.ts";
import { checkFind } from "./pacs-check-find.ts";
import { checkStore, checkWorklist } from "./pacs-check-further.ts";
import { checkGet, checkMove } from "./pacs-check-retrieve.ts";
import { type Finding, PacsVisit } from "./pacs-visit.ts";

type Step = PacsCheckStep["step"];

/** The steps on associations of their own, with what each of them is for sentences. */
const FURTHER_STEPS: readonly (readonly [
  step: Step,
  task: PacsTask,
  run: (visit: PacsVisit) => Promise<Finding>,
])[] = [
  ["find", "search", checkFind],
  ["get", "retrieve", checkGet],
  ["move", "retrieve", checkMove],
  ["worklist", "worklist", checkWorklist],
  ["store", "store", checkStore],
];

/**
 * Tries a PACS step by step, in the order in which one step needs another: without a connection there is no
 * association, and without an association nothing else. What is retrieved is counted and thrown away.
 */
export const checkPacs: PacsCheck = async function* (settings, listener, signal, observe) {
  const visit = new PacsVisit(settings, listener, signal, observe);
  const connect = await taken(visit, "connect", undefined, () => checkConnect(visit));
  yield connect;
  if (connect.outcome === "failed") return;
  const began = performance.now();
  const contact = await checkAssociation(visit).catch((error: unknown) => failed(visit, error));
  const milliseconds = since(began);
  if ("outcome" in contact) {
    yield { step: "associate", ...contact, milliseconds };
    return;
  }
  try {
    yield { step: "associate", ...contact.association, milliseconds };
    yield await taken(visit, "echo", "echo", contact.echo);
  } finally {
    await contact.close();
  }
  if (contact.association.outcome === "failed") return;
  for (const [step, task, run] of FURTHER_STEPS) {
    yield await taken(visit, step, task, () => run(visit));
  }
};

async function taken(
  visit: PacsVisit,
  step: Step,
  task: PacsTask | undefined,
  run: () => Promise<Finding>,
): Promise<PacsCheckStep> {
  const began = performance.now();
  const finding = await run().catch((error: unknown) => failed(visit, error, task));
  return { step, ...finding, milliseconds: since(began) };
}

/** @throws the error, where the check was given up, or it is none of DIMSE */
function failed(visit: PacsVisit, error: unknown, task?: PacsTask): Finding {
  if (visit.signal.aborted) throw error;
  return visit.failure(error, task);
}

function since(began: number): number {
  return Math.round(performance.now() - began);
}
