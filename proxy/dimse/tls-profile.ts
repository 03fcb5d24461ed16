import type { SecureContextOptions } from "node:tls";
import type { TlsSettings } from "./remote-ae.ts";

/** Cipher suites of TLS 1.3, which both profiles take. */
const TLS_1_3 = [
  "TLS_AES_256_GCM_SHA384",
  "TLS_AES_128_GCM_SHA256",
  "TLS_CHACHA20_POLY1305_SHA256",
];

/** Forward secrecy and AES-GCM (PS3.15 B.13, from RFC 7525 section 4.2). */
const AES_GCM = [
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "DHE-RSA-AES256-GCM-SHA384",
  "DHE-RSA-AES128-GCM-SHA256",
];

/** What peers of the non-downgrading profile may offer besides (PS3.15 B.12). */
const OTHERS = ["ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"];

/**
 * Context of TLS by the BCP 195 profiles (PS3.15 B.12 and B.13), for either side: TLS 1.2 at least, 1.3 where the peer
 * has it, never below. Mutual where a certificate is given.
 */
export function secureContextOf(settings: TlsSettings): SecureContextOptions {
  const { ca, certificate, key, profile } = settings;
  const ciphers = [...TLS_1_3, ...AES_GCM, ...(profile === "extended" ? [] : OTHERS)];
  return {
    minVersion: "TLSv1.2",
    maxVersion: "TLSv1.3",
    ciphers: ciphers.join(":"),
    honorCipherOrder: true,
    dhparam: "auto",
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
  };
}
