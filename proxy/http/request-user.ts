import type { FastifyRequest } from "fastify";

const users = new WeakMap<FastifyRequest, string>();

/** Remembers who a request comes from, once that is proven. */
export function setRequestUser(request: FastifyRequest, user: string): void {
  users.set(request, user);
}

/** The signed-in user of a request, or undefined where nobody has to sign in. */
export function requestUser(request: FastifyRequest): string | undefined {
  return users.get(request);
}
