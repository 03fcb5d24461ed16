// What the DICOM upper layer costs: CPU and time to receive objects that are thrown away, against a bare socket that
// takes the same bytes in the same steps. The sender is a process of its own and sends what was made beforehand.
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";

const OBJECTS = 500;
const OBJECT_BYTES = 526_000;
const ROUNDS = 5;
const CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";
const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";

const { acceptAssociation, requestAssociation } = await bundle(`
  export { acceptAssociation } from "./proxy/dimse/accept-association.ts";
  export { requestAssociation } from "./proxy/dimse/request-association.ts";
`);

if (process.argv[2] === "send-dimse") await sendByDimse(Number(process.argv[3]));
else if (process.argv[2] === "send-bytes") sendBytes(Number(process.argv[3]));
else await compare();

async function compare() {
  /** @type {Cost[]} */
  const layer = [];
  /** @type {Cost[]} */
  const bare = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await measured("send-bytes", takeBytes));
    layer.push(await measured("send-dimse", takeByDimse));
  }
  const megabytes = Math.round((OBJECTS * OBJECT_BYTES) / 1e6);
  for (const [name, runs] of Object.entries({ "bare socket": bare, "upper layer": layer })) {
    const { cpuMs, wallMs } = median(runs);
    console.log(`${name}: ${megabytes} MB in ${OBJECTS} objects: ${wallMs} ms, CPU ${cpuMs} ms`);
  }
  const ratio = median(layer).cpuMs / median(bare).cpuMs;
  console.log(`CPU, ratio to the bare socket: ${ratio.toFixed(2)}`);
}

/**
 * @typedef {{ readonly cpuMs: number, readonly wallMs: number }} Cost
 * @typedef {import("node:net").Socket} Socket
 */

/** @param {readonly Cost[]} runs */
function median(runs) {
  const middle = runs.toSorted((left, right) => left.cpuMs - right.cpuMs)[runs.length >> 1];
  if (middle === undefined) throw new Error("There were no runs");
  return middle;
}

/**
 * CPU of this process, and time, from the first byte to the last.
 * @param {"send-dimse" | "send-bytes"} sender
 * @param {(socket: Socket) => Promise<void>} take
 * @returns {Promise<Cost>}
 */
async function measured(sender, take) {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It listens on no port");
  /** @type {Promise<Cost>} */
  const taken = new Promise((resolve, reject) => {
    server.once("connection", (socket) => {
      const cpu = process.cpuUsage();
      const begin = performance.now();
      take(socket).then(() => {
        const { user, system } = process.cpuUsage(cpu);
        const wallMs = Math.round(performance.now() - begin);
        resolve({ cpuMs: Math.round((user + system) / 1000), wallMs });
      }, reject);
    });
  });
  const child = fork(fileURLToPath(import.meta.url), [sender, String(address.port)]);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const result = await taken;
  await ended;
  await new Promise((resolve) => server.close(resolve));
  return result;
}

/** @param {Socket} socket */
async function takeBytes(socket) {
  socket.setNoDelay(true);
  const answer = Buffer.alloc(150);
  let left = OBJECT_BYTES;
  socket.on("data", (chunk) => {
    left -= chunk.byteLength;
    if (left > 0) return;
    left = OBJECT_BYTES;
    socket.write(answer);
  });
  await once(socket, "end");
}

/** @param {Socket} socket */
async function takeByDimse(socket) {
  /** @type {import("../proxy/dimse/accept-association.ts").AcceptorPolicy} */
  const policy = {
    decide: () => ({
      kind: "accept",
      context: ({ transferSyntaxUids: [transferSyntaxUid = ""] }) => ({ transferSyntaxUid }),
    }),
    maximumPduLength: 65_536,
    requestTimeoutMs: 5000,
    silenceTimeoutMs: 5000,
    idleTimeoutMs: 5000,
  };
  /** @type {import("../proxy/dimse/association.ts").Association} */
  const association = await acceptAssociation(socket, policy, new AbortController().signal);
  await new Promise((resolve) => {
    association.receive({
      message: (contextId, { messageId = 0 }) => ({
        write: () => {},
        end: () => {
          const command = {
            commandField: 0x8001,
            hasDataSet: false,
            messageIdBeingRespondedTo: messageId,
            affectedSopClassUid: CT_IMAGE_STORAGE,
            affectedSopInstanceUid: "1.2.3",
            status: 0,
          };
          association.send({ contextId, command }).catch(resolve);
        },
        abort: resolve,
      }),
      closed: resolve,
    });
  });
}

/** @param {number} port */
function sendBytes(port) {
  const bytes = Buffer.alloc(OBJECT_BYTES, 1);
  let left = OBJECTS;
  const socket = connect({ port, noDelay: true }, () => socket.write(bytes));
  socket.on("data", () => {
    left -= 1;
    if (left === 0) socket.end();
    else socket.write(bytes);
  });
}

/** @param {number} port */
async function sendByDimse(port) {
  const remote = {
    name: "bench",
    aeTitle: "BENCH",
    host: "127.0.0.1",
    port,
    callingAeTitle: "BENCH",
    connectTimeoutMs: 5000,
    silenceTimeoutMs: 5000,
    operationTimeoutMs: 60_000,
    maximumPduLength: 65_536,
  };
  const context = {
    abstractSyntaxUid: CT_IMAGE_STORAGE,
    transferSyntaxUids: [EXPLICIT_LITTLE_ENDIAN],
  };
  const { signal } = new AbortController();
  const association = await requestAssociation(remote, { contexts: [context] }, signal);
  const dataSet = Buffer.alloc(OBJECT_BYTES, 1);
  for (let at = 0; at < OBJECTS; at += 1) {
    const answered = new Promise((resolve) => {
      association.receive({ message: () => resolve(undefined), closed: resolve });
    });
    const command = {
      commandField: 0x0001,
      hasDataSet: true,
      messageId: association.nextMessageId(),
      affectedSopClassUid: CT_IMAGE_STORAGE,
      affectedSopInstanceUid: "1.2.3",
      priority: 0,
    };
    await association.send({ contextId: 1, command, dataSet });
    await answered;
  }
  await association.release();
}
