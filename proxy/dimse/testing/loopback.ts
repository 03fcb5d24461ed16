import { createServer, type Server, type Socket } from "node:net";
import { type AcceptorPolicy, acceptAssociation } from "../accept-association.ts";
import type { Association } from "../association.ts";
import type { AssociationObserver } from "../association-event.ts";
import type { AssociationRequest } from "../association-request.ts";
import type { RemoteAe } from "../remote-ae.ts";
import { requestAssociation } from "../request-association.ts";

/** A SOP class and a syntax that stand for any. */
export const CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";
export const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";

/** An acceptor that takes every context in its first syntax, with short times. */
export const TAKES_ALL: AcceptorPolicy = {
  decide: () => ({
    kind: "accept",
    context: ({ transferSyntaxUids, roles }) => ({
      transferSyntaxUid: transferSyntaxUids[0] ?? "",
      ...(roles === undefined ? {} : { roles }),
    }),
  }),
  maximumPduLength: 65_536,
  requestTimeoutMs: 500,
  silenceTimeoutMs: 2000,
  idleTimeoutMs: 5000,
};

/** One storage context with both roles. */
export const ONE_CONTEXT: AssociationRequest = {
  contexts: [
    {
      abstractSyntaxUid: CT_IMAGE_STORAGE,
      transferSyntaxUids: [EXPLICIT_LITTLE_ENDIAN],
      roles: { scu: true, scp: true },
    },
  ],
};

/** An AE on this machine, with short times. */
export function localAe(port: number, changes: Partial<RemoteAe> = {}): RemoteAe {
  return {
    name: "pacs",
    aeTitle: "PACS",
    host: "127.0.0.1",
    port,
    callingAeTitle: "NEGATO",
    connectTimeoutMs: 1000,
    silenceTimeoutMs: 2000,
    operationTimeoutMs: 10_000,
    maximumPduLength: 65_536,
    ...changes,
  };
}

/** Both ends of one association on loopback. */
export interface Loopback {
  readonly requestor: Association;
  readonly acceptor: Association;
  readonly close: () => Promise<void>;
}

/** Makes an association with ourselves. */
export async function openLoopback(
  options: {
    readonly policy?: Partial<AcceptorPolicy>;
    readonly request?: AssociationRequest;
    readonly remote?: Partial<RemoteAe>;
    readonly observe?: AssociationObserver;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Loopback> {
  const signal = options.signal ?? new AbortController().signal;
  const policy = { ...TAKES_ALL, ...options.policy };
  const sockets = new Set<Socket>();
  const { promise, server } = await listenOnce((socket) => {
    sockets.add(socket);
    return acceptAssociation(socket, policy, signal, options.observe);
  });
  const remote = localAe(portOf(server), options.remote);
  const requestor = await requestAssociation(
    remote,
    options.request ?? ONE_CONTEXT,
    signal,
    options.observe,
  );
  const acceptor = await promise;
  const close = async (): Promise<void> => {
    requestor.abort();
    acceptor.abort();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { requestor, acceptor, close };
}

/** The port that a server listens on. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It listens on no port");
  return address.port;
}

async function listenOnce(
  onSocket: (socket: Socket) => Promise<Association>,
): Promise<{ readonly promise: Promise<Association>; readonly server: Server }> {
  const server = createServer();
  const promise = new Promise<Association>((resolve, reject) => {
    server.on("connection", (socket) => onSocket(socket).then(resolve, reject));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { promise, server };
}
