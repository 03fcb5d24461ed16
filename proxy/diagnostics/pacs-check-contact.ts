import { TLSSocket } from "node:tls";
import type { Association } from "../dimse/association.ts";
import { Deferred } from "../dimse/deferred.ts";
import { openConnection } from "../dimse/open-connection.ts";
import { echo, VERIFICATION } from "../dimse/services/echo.ts";
import {
  commitmentContexts,
  echoContexts,
  findContexts,
  moveContexts,
} from "../dimse/services/plan-contexts.ts";
import { MODEL_UIDS } from "../dimse/services/query-model.ts";
import { STORAGE_COMMITMENT_PUSH } from "../dimse/services/storage-commitment.ts";
import { UNCOMPRESSED } from "../dimse/services/storage-syntaxes.ts";
import type { Finding, PacsVisit } from "./pacs-visit.ts";

/** Services by the SOP class that stands for them, in the order in which they are told. */
const SERVICES: readonly (readonly [sopClassUid: string, name: string])[] = [
  [VERIFICATION, "C-ECHO"],
  [MODEL_UIDS["study-root"].find, "C-FIND (Study Root)"],
  [MODEL_UIDS["patient-root"].find, "C-FIND (Patient Root)"],
  [MODEL_UIDS["study-root"].get, "C-GET (Study Root)"],
  [MODEL_UIDS["patient-root"].get, "C-GET (Patient Root)"],
  [MODEL_UIDS["study-root"].move, "C-MOVE (Study Root)"],
  [MODEL_UIDS["patient-root"].move, "C-MOVE (Patient Root)"],
  [STORAGE_COMMITMENT_PUSH, "Storage Commitment"],
];

/** TCP, and TLS where it is configured. */
export async function checkConnect(visit: PacsVisit): Promise<Finding> {
  const { remote } = visit.settings;
  const socket = await openConnection(remote, visit.signal);
  visit.localAddress = socket.localAddress?.replace(/^::ffff:(?=\d+\.)/, "");
  const secured = socket instanceof TLSSocket ? `, ${socket.getProtocol() ?? "TLS"}` : "";
  const at = `${socket.remoteAddress ?? remote.host} port ${remote.port}`;
  socket.on("error", () => undefined);
  socket.destroy();
  return { outcome: "ok", text: `Something listens at ${at}${secured}.` };
}

/** An association with contexts for all services, and C-ECHO on it. Gives both findings. */
export async function checkAssociation(visit: PacsVisit): Promise<{
  readonly association: Finding;
  readonly echo: () => Promise<Finding>;
  close(): Promise<void>;
}> {
  const held = new Deferred<void>();
  const ready = new Deferred<Association>();
  const done = visit.withAssociation({ contexts: contactContexts() }, async (association) => {
    ready.resolve(association);
    await held.promise;
  });
  done.catch((error: unknown) => ready.reject(error));
  const association = await ready.promise;
  visit.offered = new Set(association.contexts.map(({ abstractSyntaxUid }) => abstractSyntaxUid));
  return {
    association: offerFinding(visit, association),
    echo: async () => {
      if (!visit.offered.has(VERIFICATION)) {
        return {
          outcome: "warning",
          text: "The PACS does not offer C-ECHO (Verification).",
          advice: "Every DICOM service has to; nothing here depends on it.",
        };
      }
      await echo(association, visit.signal);
      return { outcome: "ok", text: "The PACS answers C-ECHO." };
    },
    close: async () => {
      held.resolve();
      await done.catch(() => undefined);
    },
  };
}

function contactContexts() {
  const gets = (["study-root", "patient-root"] as const).map((model) => ({
    abstractSyntaxUid: MODEL_UIDS[model].get,
    transferSyntaxUids: UNCOMPRESSED,
  }));
  return [
    ...echoContexts(),
    ...findContexts("study-root"),
    ...findContexts("patient-root"),
    ...gets,
    ...moveContexts("study-root"),
    ...moveContexts("patient-root"),
    ...commitmentContexts(),
  ];
}

function offerFinding(visit: PacsVisit, { peer }: Association): Finding {
  const { remote } = visit.settings;
  const offered = SERVICES.filter(([uid]) => visit.offered.has(uid)).map(([, name]) => name);
  const implementation = [peer.implementationVersionName, peer.implementationClassUid]
    .filter((part) => part !== undefined)
    .join(", ");
  const who = implementation === "" ? "" : ` (${implementation})`;
  const accepted = `The PACS${who} accepts an association of AE title ${remote.callingAeTitle}`;
  const { find } = MODEL_UIDS[visit.model];
  if (offered.length === 0) {
    return {
      outcome: "failed",
      text: `${accepted}, and offers none of the services that are needed.`,
      advice: `Allow C-FIND and C-GET or C-MOVE for AE title ${remote.callingAeTitle} at the PACS.`,
    };
  }
  const text = `${accepted}, and offers ${offered.join(", ")}.`;
  if (visit.offered.has(find)) return { outcome: "ok", text };
  const isPatientRoot = visit.offered.has(MODEL_UIDS["patient-root"].find);
  return {
    outcome: isPatientRoot ? "warning" : "failed",
    text,
    advice: isPatientRoot
      ? "It offers queries in the Patient Root model only: add the switch patient-root."
      : `Allow C-FIND for AE title ${remote.callingAeTitle} at the PACS.`,
  };
}
