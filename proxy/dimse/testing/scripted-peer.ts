import { connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import type { CommandSet } from "../command-set.ts";
import { readCommandSet, writeCommandSet } from "../command-set-codec.ts";
import { Fragmenter } from "../fragmenter.ts";
import {
  APPLICATION_CONTEXT_UID,
  type AssociateAcceptPdu,
  type AssociateRequestPdu,
  type ControlPdu,
  PDU_HEADER_LENGTH,
  PDU_TYPES,
} from "../pdu.ts";
import { readPdu } from "../read-pdu.ts";
import { writePdu } from "../write-pdu.ts";
import { portOf } from "./loopback.ts";

/** A PDU as it came. */
export interface HeardPdu {
  readonly type: number;
  readonly body: Uint8Array;
}

/** What one connection of a scripted peer does: it says and waits for what a script tells, and nothing by itself. */
export class ScriptedConnection {
  readonly socket: Socket;
  #heard: Uint8Array = new Uint8Array(0);
  #isEnded = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      this.#heard = Buffer.concat([this.#heard, chunk]);
      this.#wake();
    });
    for (const event of ["end", "close"]) {
      socket.on(event, () => {
        this.#isEnded = true;
        this.#wake();
      });
    }
  }

  /** Bytes that came and were not taken by `pdu`. */
  get pendingBytes(): number {
    return this.#heard.byteLength;
  }

  /** Says exactly these bytes, or this PDU. */
  say(what: Uint8Array | ControlPdu): void {
    this.socket.write(what instanceof Uint8Array ? what : writePdu(what));
  }

  /** Says bytes a few at a time. */
  async dribble(bytes: Uint8Array, { count = 1, everyMs = 0 } = {}): Promise<void> {
    for (let at = 0; at < bytes.byteLength && !this.#isEnded; at += count) {
      this.socket.write(bytes.subarray(at, at + count));
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  /** The next PDU that comes. @throws Error when the connection ends before, or nothing comes in time */
  async pdu(timeoutMs = 5000): Promise<HeardPdu> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const pdu = firstPdu(this.#heard);
      if (pdu !== undefined) {
        this.#heard = this.#heard.subarray(PDU_HEADER_LENGTH + pdu.body.byteLength);
        return pdu;
      }
      if (this.#isEnded) throw new Error("The connection ended where a PDU was expected");
      await this.#change(deadline);
    }
  }

  /** The next PDU, read; not for P-DATA-TF. */
  async control(timeoutMs?: number): Promise<ControlPdu> {
    const { type, body } = await this.pdu(timeoutMs);
    return readPdu(type, body);
  }

  /** Waits for an association request and accepts it: every context in its first syntax, and every role. */
  async acceptAssociation(changes: Partial<AssociateAcceptPdu> = {}): Promise<AssociateRequestPdu> {
    const request = await this.control();
    if (request.type !== "A-ASSOCIATE-RQ") throw new Error(`${request.type} came`);
    this.say({ ...acceptPdu(request), ...changes });
    return request;
  }

  /** The next message: its command set, and its data set where it has one. */
  async message(timeoutMs?: number): Promise<{
    readonly contextId: number;
    readonly command: CommandSet;
    readonly dataSet: Uint8Array | undefined;
  }> {
    const { contextId, bytes } = await this.#fragments(timeoutMs);
    const command = readCommandSet(bytes);
    const dataSet = command.hasDataSet ? (await this.#fragments(timeoutMs)).bytes : undefined;
    return { contextId, command, dataSet };
  }

  /** Says a message, in PDUs of at most this length. */
  sayMessage(contextId: number, command: CommandSet, dataSet?: Uint8Array, longest = 16_384): void {
    this.say(messageBytes(contextId, command, dataSet, longest));
  }

  /** Reads nothing more, as a peer that hangs. */
  stall(): void {
    this.socket.pause();
  }

  /** Ends the connection without a word (FIN). */
  hangUp(): void {
    this.socket.destroy();
  }

  /** Ends the connection by RST. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  /** Settles when the other side has ended the connection. @throws Error when it does not in time */
  async ended(timeoutMs = 5000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!this.#isEnded) await this.#change(deadline);
  }

  async #fragments(
    timeoutMs?: number,
  ): Promise<{ readonly contextId: number; readonly bytes: Uint8Array }> {
    const parts: Uint8Array[] = [];
    for (;;) {
      const { type, body } = await this.pdu(timeoutMs);
      if (type !== PDU_TYPES.data) throw new Error(`A PDU of type ${type} came`);
      // One PDV in each PDU, as we write them.
      parts.push(body.subarray(6));
      if (((body[5] ?? 0) & 2) !== 0) {
        return { contextId: body[4] ?? 0, bytes: Buffer.concat(parts) };
      }
    }
  }

  #change(deadline: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error("Nothing came in time")),
        Math.max(0, deadline - Date.now()),
      );
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** A peer that follows a script on each connection; what a script throws is thrown by `close`. */
export interface ScriptedPeer {
  readonly port: number;
  /** Connections so far. */
  readonly connections: readonly ScriptedConnection[];
  /** Settles when all scripts have ended. */
  readonly done: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export type Script = (connection: ScriptedConnection, index: number) => void | Promise<void>;

/** Listens on a free port of loopback, with TLS where there are options for it. */
export async function openScriptedPeer(
  script: Script,
  options: { readonly host?: string; readonly tls?: TlsOptions } = {},
): Promise<ScriptedPeer> {
  const connections: ScriptedConnection[] = [];
  const scripts: Promise<void>[] = [];
  const onSocket = (socket: Socket): void => {
    const connection = new ScriptedConnection(socket);
    connections.push(connection);
    const running = Promise.resolve(script(connection, connections.length - 1));
    // Thrown by `done`, and not before.
    running.catch(() => {});
    scripts.push(running);
  };
  const server = options.tls === undefined ? createServer() : createTlsServer(options.tls);
  server.on(options.tls === undefined ? "connection" : "secureConnection", onSocket);
  server.on("tlsClientError", () => {});
  await listening(server, options.host ?? "127.0.0.1");
  return {
    port: portOf(server),
    connections,
    done: async () => {
      await Promise.all(scripts);
    },
    close: () => {
      for (const { socket } of connections) socket.destroy();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

/** A scripted peer that connects to someone who listens. */
export function connectScripted(port: number, host = "127.0.0.1"): Promise<ScriptedConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host }, () => resolve(new ScriptedConnection(socket)));
    socket.once("error", reject);
  });
}

/** An A-ASSOCIATE-RQ with contexts of one transfer syntax, identifiers 1, 3, 5, …. */
export function requestPduOf(
  contexts: readonly (readonly [abstractSyntaxUid: string, ...transferSyntaxUids: string[]])[],
  changes: Partial<AssociateRequestPdu> = {},
): AssociateRequestPdu {
  return {
    type: "A-ASSOCIATE-RQ",
    protocolVersion: 1,
    calledAeTitle: "NEGATO",
    callingAeTitle: "PEER",
    applicationContextUid: APPLICATION_CONTEXT_UID,
    contexts: contexts.map(([abstractSyntaxUid, ...transferSyntaxUids], at) => ({
      id: at * 2 + 1,
      abstractSyntaxUid,
      transferSyntaxUids,
    })),
    userInformation: {
      maximumPduLength: 16_384,
      implementationClassUid: "1.2.3.4",
      roles: [],
      extendedNegotiations: new Map(),
    },
    ...changes,
  };
}

/** An A-ASSOCIATE-AC that accepts all that was asked. */
export function acceptPdu(request: AssociateRequestPdu): AssociateAcceptPdu {
  return {
    ...request,
    type: "A-ASSOCIATE-AC",
    contexts: request.contexts.map(({ id, transferSyntaxUids }) => ({
      id,
      result: 0,
      transferSyntaxUid: transferSyntaxUids[0] ?? "",
    })),
    userInformation: {
      maximumPduLength: 16_384,
      implementationClassUid: "1.2.3.4",
      implementationVersionName: "SCRIPTED",
      roles: request.userInformation.roles,
      extendedNegotiations: new Map(),
    },
  };
}

/** The P-DATA-TF PDUs of a message. */
export function messageBytes(
  contextId: number,
  command: CommandSet,
  dataSet?: Uint8Array,
  longest = 16_384,
): Uint8Array {
  const pdus: Uint8Array[] = [];
  const commands = new Fragmenter(contextId, true, longest);
  commands.add(writeCommandSet(command), pdus);
  commands.finish(pdus);
  if (dataSet !== undefined) {
    const data = new Fragmenter(contextId, false, longest);
    data.add(dataSet, pdus);
    data.finish(pdus);
  }
  return Buffer.concat(pdus);
}

/** A P-DATA-TF PDU of these PDVs, whose lengths and flags may be wrong on purpose. */
export function dataPdu(
  ...values: readonly {
    readonly contextId: number;
    /** 1 command, 2 last. */
    readonly control: number;
    readonly bytes: Uint8Array;
    /** What it says, where that is not what it has. */
    readonly length?: number;
  }[]
): Uint8Array {
  const parts = values.flatMap(({ contextId, control, bytes, length }) => {
    const header = Buffer.alloc(6);
    header.writeUInt32BE(length ?? bytes.byteLength + 2);
    header[4] = contextId;
    header[5] = control;
    return [header, bytes];
  });
  return rawPdu(PDU_TYPES.data, Buffer.concat(parts));
}

/** A PDU of any type and content; `length` is what it says, where that is not what it has. */
export function rawPdu(type: number, body: Uint8Array, length = body.byteLength): Uint8Array {
  const header = Buffer.alloc(PDU_HEADER_LENGTH);
  header[0] = type;
  header.writeUInt32BE(length, 2);
  return Buffer.concat([header, body]);
}

function firstPdu(bytes: Uint8Array): HeardPdu | undefined {
  if (bytes.byteLength < PDU_HEADER_LENGTH) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = PDU_HEADER_LENGTH + view.getUint32(2);
  if (bytes.byteLength < end) return undefined;
  return { type: view.getUint8(0), body: bytes.slice(PDU_HEADER_LENGTH, end) };
}

function listening(server: Server, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, resolve);
  });
}
