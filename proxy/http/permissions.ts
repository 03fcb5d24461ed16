import type { FastifyRequest } from "fastify";

/** What more than reading may be allowed to a user. */
export type Permission = "diagnose" | "forward" | "store";

/** Decides what the user of a request (`requestUser`) may do. */
export interface Permissions {
  /** @throws HttpProblem 403 `forbidden`, with the permission that is lacking */
  demand(request: FastifyRequest, permission: Permission): void;
}

/** Where nobody has to sign in, everyone may do what the configuration switches on. */
export const EVERYTHING_PERMITTED: Permissions = { demand: () => undefined };
