import path from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";

/** Addresses that open the viewer; what follows the `?` is read by the page. */
const PAGES = ["/", "/viewer", "/IHEInvokeImageDisplay"];
const ONE_YEAR = "public, max-age=31536000, immutable";

/** The built viewer: its page, and the files beside it. */
export async function registerViewerRoutes(
  app: FastifyInstance,
  viewerDirectory: string,
): Promise<void> {
  await app.register(fastifyStatic, {
    root: path.resolve(viewerDirectory),
    prefix: "/",
    index: false,
    preCompressed: true,
    dotfiles: "ignore",
    cacheControl: false,
    setHeaders: (reply, file) => labelFile(reply, file),
  });
  for (const page of PAGES) app.get(page, (_request, reply) => reply.sendFile("index.html"));
}

/** Files with a hash in their name never change; all others are asked for again. */
function labelFile(reply: FastifyReply, file: string): void {
  const name = path.basename(file).replace(/\.(br|gz)$/, "");
  const isHashed = /-[\w-]{8}\.\w+$/.test(name) && path.basename(path.dirname(file)) === "assets";
  reply.header("cache-control", isHashed ? ONE_YEAR : "no-cache");
  if (name === "service-worker.js") reply.header("service-worker-allowed", "/");
}
