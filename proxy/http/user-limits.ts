import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { HttpProblem } from "./problem.ts";
import { requestUser } from "./request-user.ts";

/** What each user may have under way at a time. */
export interface UserLimits {
  readonly requestsPerUser: number;
  /** Of whole studies and series. */
  readonly retrievalsPerUser: number;
}

/** Routes that retrieve a whole study or series. */
const RETRIEVAL = /\/studies\/:study(?:\/series\/:series)?$/;
const DICOMWEB = /\/dicom-web\//;
const RETRY_AFTER_SECONDS = "1";

/** Counts what is under way by a name, up to a limit. */
class Slots {
  readonly #most: number;
  readonly #taken = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether there was room; then `leave` has to follow. */
  enter(name: string): boolean {
    const taken = this.#taken.get(name) ?? 0;
    if (taken >= this.#most) return false;
    this.#taken.set(name, taken + 1);
    return true;
  }

  leave(name: string): void {
    const left = (this.#taken.get(name) ?? 1) - 1;
    if (left === 0) this.#taken.delete(name);
    else this.#taken.set(name, left);
  }
}

/** Refuses what a user asks beyond the limits with 429 (Too Many Requests); those without a name count as one user. */
export function registerUserLimits(app: FastifyInstance, limits: UserLimits): void {
  const requests = new Slots(limits.requestsPerUser);
  const retrievals = new Slots(limits.retrievalsPerUser);
  app.addHook("onRequest", async (request, reply) => {
    const { url = "" } = request.routeOptions;
    if (!DICOMWEB.test(url)) return;
    occupy(request, reply, requests, "requests");
    if (request.method === "GET" && RETRIEVAL.test(url)) {
      occupy(request, reply, retrievals, "retrievals of studies and series");
    }
  });
}

function occupy(request: FastifyRequest, reply: FastifyReply, slots: Slots, what: string): void {
  const user = requestUser(request) ?? "";
  if (slots.enter(user)) {
    reply.raw.once("close", () => slots.leave(user));
    return;
  }
  reply.header("retry-after", RETRY_AFTER_SECONDS);
  throw new HttpProblem(
    429,
    "too-many-requests",
    `This user has too many ${what} under way; they are limited by the configuration`,
  );
}
