import { HttpProblem } from "./problem.ts";

/**
 * Refuses a request whose Host header names neither this machine nor a configured name: a stranger's page
 * whose name was made to resolve here (DNS rebinding) would otherwise read what the companion serves.
 */
export function checkHost(host: string | undefined, allowedHosts: readonly string[] | "any"): void {
  if (allowedHosts === "any") return;
  const name = hostName(host ?? "");
  if (allowedHosts.some((allowed) => allowed.toLowerCase() === name)) return;
  throw new HttpProblem(
    421,
    "unknown-host",
    "The companion is not known by this name; add it to allowedHosts of the configuration.",
  );
}

/** Refuses changes that a page of another origin asks for. */
export function checkOrigin(origin: string | undefined, host: string | undefined): void {
  if (origin === undefined) return;
  const originHost = URL.canParse(origin) ? new URL(origin).host : undefined;
  if (originHost !== undefined && originHost === (host ?? "").toLowerCase()) return;
  throw new HttpProblem(
    403,
    "foreign-origin",
    "Pages of another origin may not store objects here.",
  );
}

/** `localhost:8104` gives `localhost`, `[::1]:8104` gives `::1`. */
function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(host)?.[1];
  return (bracketed ?? host.replace(/:\d+$/, "")).toLowerCase();
}
