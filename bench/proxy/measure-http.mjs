import { Agent, get } from "node:http";

/** Frames as they are stored. */
export const STORED_FRAMES =
  'multipart/related; type="application/octet-stream"; transfer-syntax=*';

/**
 * A client that keeps its connections.
 * @param {number} connections
 */
export function createClient(connections) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    /**
     * @param {string} url
     * @param {string} accept
     * @returns {Promise<{ status: number, bytes: number, milliseconds: number }>}
     */
    fetch: (url, accept) =>
      new Promise((resolve, reject) => {
        const begin = performance.now();
        const request = get(url, { agent, headers: { accept } }, (response) => {
          let bytes = 0;
          response.on("data", (chunk) => {
            bytes += chunk.length;
          });
          response.once("error", reject);
          response.once("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              bytes,
              milliseconds: performance.now() - begin,
            }),
          );
        });
        request.once("error", reject);
      }),
    close: () => agent.destroy(),
  };
}

/**
 * Milliseconds until all addresses were answered, some at a time.
 * @param {ReturnType<typeof createClient>} client
 * @param {readonly string[]} urls
 * @param {{ accept: string, atOnce: number, leastBytes: number }} options
 */
export async function fetchAll(client, urls, { accept, atOnce, leastBytes }) {
  const begin = performance.now();
  const rest = urls.values();
  const worker = async () => {
    for (const url of rest) {
      const answer = await client.fetch(url, accept);
      if (answer.status !== 200 || answer.bytes < leastBytes)
        throw new Error(`HTTP ${answer.status} with ${answer.bytes} bytes for ${url}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return performance.now() - begin;
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] =
    sorted.length % 2 === 1
      ? [sorted[middle], sorted[middle]]
      : [sorted[middle - 1], sorted[middle]];
  return (low + high) / 2;
}
