import type { TlsOptions } from "node:tls";
import type { TlsSettings } from "./remote-ae.ts";

/** Cipher suites of TLS 1.2 with forward secrecy and AES-GCM (RFC 7525 section 4.2, PS3.15 B.12 and B.13). */
const RECOMMENDED = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "DHE-RSA-AES128-GCM-SHA256",
  "DHE-RSA-AES256-GCM-SHA384",
];

/** What the non-downgrading profile takes from older peers beside: BCP 195 recommends nothing weaker than this. */
const TOLERATED = ["ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-ECDSA-CHACHA20-POLY1305"];

const TLS_1_3 = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
];

/** Options of a TLS server. With `ca` the certificate of whoever connects is demanded and checked. */
export function listenerTlsOptions(settings: TlsSettings): TlsOptions {
  const { ca, certificate, key, profile } = settings;
  const ciphers = [...TLS_1_3, ...RECOMMENDED, ...(profile === "non-downgrading" ? TOLERATED : [])];
  return {
    minVersion: "TLSv1.2",
    ciphers: ciphers.join(":"),
    honorCipherOrder: true,
    // Groups of Diffie-Hellman that are long enough are chosen by the length of the key.
    dhparam: "auto",
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    ...(ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true }),
  };
}
