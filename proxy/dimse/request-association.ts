import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Association } from "./association.ts";
import type { AssociationObserver } from "./association-event.ts";
import { AssociationReporter } from "./association-reporter.ts";
import type { AssociationRequest } from "./association-request.ts";
import { DimseError } from "./dimse-error.ts";
import { SHORTEST_PDU } from "./fragmenter.ts";
import { HandshakeUser } from "./handshake-user.ts";
import {
  type AssociationTimes,
  LiveAssociation,
  type Negotiated,
  unusablePduLength,
} from "./live-association.ts";
import { negotiatedBy, requestPdu } from "./negotiation.ts";
import { openConnection } from "./open-connection.ts";
import type { AssociateAcceptPdu, AssociateRequestPdu } from "./pdu.ts";
import { rejectedError } from "./rejection-texts.ts";
import type { RemoteAe } from "./remote-ae.ts";
import { UpperLayer } from "./upper-layer.ts";

const NO_TRAFFIC = { bytesSent: 0, bytesReceived: 0 };

/**
 * An association with the remote application entity.
 * @throws DimseError `unreachable`, `connect-timeout`, `tls-failure`, `rejected`, `aborted`, `connection-lost`,
 *   `protocol-violation`, `limit-exceeded`, `cancelled` when the signal aborts. That no context was accepted is not an
 *   error here.
 */
export async function requestAssociation(
  remote: RemoteAe,
  request: AssociationRequest,
  signal: AbortSignal,
  observe?: AssociationObserver,
): Promise<Association> {
  const { name, callingAeTitle, aeTitle: calledAeTitle } = remote;
  const reporter = new AssociationReporter(
    { remote: name, callingAeTitle, calledAeTitle },
    observe,
  );
  reporter.event({ kind: "requested", contexts: request.contexts.length });
  try {
    const pdu = requestPdu(remote, request);
    const socket = await openConnection(remote, signal);
    return await negotiate(socket, remote, pdu, signal, reporter);
  } catch (error) {
    if (error instanceof DimseError) reporter.ended("failed", error, NO_TRAFFIC);
    throw error;
  }
}

function negotiate(
  socket: Socket,
  remote: RemoteAe,
  request: AssociateRequestPdu,
  signal: AbortSignal,
  reporter: AssociationReporter,
): Promise<Association> {
  const user = new HandshakeUser<Association>({
    answered: (answer) => {
      if (answer.type === "A-ASSOCIATE-RJ") user.fail(rejectedError(remote, answer));
      else if (takesNoData(answer)) user.fail(unusablePduLength());
      else {
        const negotiated = negotiatedBy(request, answer);
        tellAccepted(reporter, negotiated, socket);
        user.succeed(new LiveAssociation(upper, negotiated, timesOf(remote), reporter));
      }
    },
  });
  const { maximumPduLength } = remote;
  const upper = new UpperLayer(
    socket,
    { role: "requestor", maximumPduLength, requestTimeoutMs: remote.connectTimeoutMs },
    user,
  );
  const timeoutMs = remote.associationTimeoutMs ?? remote.connectTimeoutMs;
  const timedOut = new DimseError(
    "connect-timeout",
    `${remote.aeTitle} did not answer the association request within ${timeoutMs / 1000} s.`,
  );
  user.limit(upper, timeoutMs, timedOut, signal);
  upper.request(request);
  return user.promise;
}

function timesOf({ silenceTimeoutMs, operationTimeoutMs }: RemoteAe): AssociationTimes {
  return { silenceTimeoutMs, messageTimeoutMs: operationTimeoutMs };
}

/** Whether the peer announces a PDU length that no data fit into. */
function takesNoData({ userInformation: { maximumPduLength } }: AssociateAcceptPdu): boolean {
  return maximumPduLength > 0 && maximumPduLength < SHORTEST_PDU;
}

/** The event of an association that was accepted, by either side. */
export function tellAccepted(
  reporter: AssociationReporter,
  { contexts, refused, peer }: Negotiated,
  socket: Socket,
): void {
  const implementation = [peer.implementationVersionName, peer.implementationClassUid];
  reporter.event({
    kind: "accepted",
    acceptedContexts: contexts.length,
    refusedContexts: refused.length,
    maximumPduLength: peer.maximumPduLength,
    implementation: implementation.filter((part) => part !== undefined).join(" "),
    ...(socket instanceof TLSSocket
      ? { tls: `${socket.getProtocol() ?? ""} ${socket.getCipher().standardName}` }
      : {}),
  });
}
