import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

/** What stands between the browser and the servers. */
export interface GatewayOptions {
  /** Address of the companion, which gives the viewer. */
  readonly viewer: string;
  /** Address below which `/dicom-web` is; the companion's unless given. */
  readonly dicomweb?: string;
  /** Pages of another maker, by path, under a strict policy for scripts. */
  readonly pages?: Readonly<Record<string, string>>;
}

/** What the gateway does with a request. */
type GatewayAnswer = "pass" | "refuse" | "cut";

/** A server in front of others, as a hospital's reverse proxy is: one origin, a memory, and faults on demand. */
export interface Gateway {
  readonly address: string;
  /** Every request so far: its path with query, and when it came, milliseconds since the epoch. */
  readonly requests: readonly { readonly path: string; readonly at: number }[];
  /** Decides about each request from now on: pass it, answer 503, or cut the connection. */
  decide(answer: (path: string) => GatewayAnswer): void;
  stop(): Promise<void>;
}

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const requests: { path: string; at: number }[] = [];
  let decision: (path: string) => GatewayAnswer = () => "pass";
  const server = createServer((incoming, answer) => {
    const path = incoming.url ?? "/";
    requests.push({ path, at: Date.now() });
    const decided = decision(path);
    if (decided === "cut") incoming.socket.destroy();
    else if (decided === "refuse") answer.writeHead(503).end();
    else serve(incoming, answer, options);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The gateway has no port.");
  return {
    address: `http://127.0.0.1:${address.port}`,
    requests,
    decide(answer) {
      decision = answer;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function serve(incoming: IncomingMessage, answer: ServerResponse, options: GatewayOptions): void {
  const path = incoming.url ?? "/";
  const page = options.pages?.[path];
  if (page !== undefined) sendPage(answer, page);
  else if (path.startsWith("/dicom-web"))
    pass(incoming, answer, options.dicomweb ?? options.viewer);
  else pass(incoming, answer, options.viewer);
}

function sendPage(answer: ServerResponse, html: string): void {
  answer.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "script-src 'self' 'wasm-unsafe-eval'",
  });
  answer.end(html);
}

function pass(incoming: IncomingMessage, answer: ServerResponse, target: string): void {
  const { host: _, ...headers } = incoming.headers;
  const outgoing = request(
    `${target}${incoming.url ?? "/"}`,
    { method: incoming.method ?? "GET", headers },
    (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    },
  );
  outgoing.on("error", () => answer.destroy());
  answer.on("close", () => outgoing.destroy());
  incoming.pipe(outgoing);
}
