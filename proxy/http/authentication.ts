import type { IncomingHttpHeaders } from "node:http";

/** Decides who a request comes from. */
export interface Authenticator {
  /** Value of `WWW-Authenticate` in a 401 response. */
  readonly challenge: string;
  /** Name of the user, or undefined when the request proves nothing. */
  authenticate(headers: IncomingHttpHeaders): Promise<string | undefined>;
}
