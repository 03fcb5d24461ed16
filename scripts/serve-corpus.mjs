import { createReadStream, existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const corpus = fileURLToPath(new URL("../../shared/corpus/", import.meta.url));

/**
 * Lets browser tests read the conformance corpus, which is no part of the project, at `/corpus/`.
 * @returns {import("vite").Plugin}
 */
export function serveCorpus() {
  return {
    name: "serve-corpus",
    configureServer: (server) => {
      server.middlewares.use("/corpus/", (request, response) => {
        const name = decodeURIComponent((request.url ?? "").split("?")[0] ?? "");
        const file = path.join(corpus, name);
        if (!file.startsWith(corpus) || !existsSync(file) || name.endsWith("/")) {
          response.statusCode = 404;
          response.end();
          return;
        }
        createReadStream(file).pipe(response);
      });
    },
  };
}
