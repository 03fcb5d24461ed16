import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

/** Joins a viewer and an archive of another maker to one origin, as a hospital's reverse proxy does. */
export async function startGateway(to: {
  readonly viewer: string;
  readonly dicomweb: string;
}): Promise<{ readonly address: string; stop(): Promise<void> }> {
  const server = createServer((incoming, answer) => {
    const isDicomweb = incoming.url?.startsWith("/dicom-web") === true;
    pass(incoming, answer, isDicomweb ? to.dicomweb : to.viewer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The gateway has no port.");
  return {
    address: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
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
  incoming.pipe(outgoing);
}
