import { createHash } from "node:crypto";

/** What the policy depends on. */
export interface SecurityPolicy {
  /** `sha256-…` sources of the inline scripts of the page. */
  readonly scriptHashes: readonly string[];
  /** `sha256-…` sources of the inline style sheets of the page. */
  readonly styleHashes: readonly string[];
  readonly frameAncestors: readonly string[];
}

/** The header fields of every response. */
export function securityHeaders(policy: SecurityPolicy): Readonly<Record<string, string>> {
  const quoted = (hashes: readonly string[]) => hashes.map((hash) => ` '${hash}'`).join("");
  const directives = [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval'${quoted(policy.scriptHashes)}`,
    `style-src 'self'${quoted(policy.styleHashes)}`,
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "font-src 'self'",
    "media-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${policy.frameAncestors.join(" ")}`,
  ];
  return {
    "content-security-policy": directives.join("; "),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin-allow-popups",
  };
}

/** CSP sources of the inline scripts and style sheets of an HTML page. */
export function inlineHashes(html: string): Pick<SecurityPolicy, "scriptHashes" | "styleHashes"> {
  return {
    scriptHashes: hashesOf(html, /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi),
    styleHashes: hashesOf(html, /<style[^>]*>([\s\S]*?)<\/style>/gi),
  };
}

function hashesOf(html: string, pattern: RegExp): readonly string[] {
  return [...html.matchAll(pattern)].map(
    ([, text = ""]) => `sha256-${createHash("sha256").update(text, "utf8").digest("base64")}`,
  );
}
