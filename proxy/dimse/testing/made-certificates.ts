import { createSign, generateKeyPairSync, type KeyObject, randomInt } from "node:crypto";

/** A certificate with its key, as PEM. */
interface MadeCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** An authority, and certificates that it signed. */
export interface MadeAuthority {
  readonly ca: string;
  /** A certificate of `localhost` and the loopback addresses, whatever its common name. */
  issue(commonName: string): MadeCertificate;
  /** A certificate of one DNS name, which is not that of this machine. */
  issueElsewhere(name: string): MadeCertificate;
}

const ECDSA_WITH_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));

/** An authority of elliptic curves that is valid for a day. */
export function makeAuthority(commonName: string): MadeAuthority {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const isAuthority = extension("2.5.29.19", sequence(boolean(true)));
  const sign = (subject: string, key: KeyObject, extensions: Buffer) =>
    certificate({ issuer: commonName, subject, key, extensions, signer: keys.privateKey });
  const issue = (subject: string, names: Buffer): MadeCertificate => {
    const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
    return {
      certificate: sign(subject, own.publicKey, names),
      key: own.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    };
  };
  return {
    ca: sign(commonName, keys.publicKey, isAuthority),
    issue: (subject) => issue(subject, localNames()),
    issueElsewhere: (name) => issue(name, alternativeNames(dnsName(name))),
  };
}

/** What is in a certificate (RFC 5280 section 4.1). */
interface CertificateParts {
  readonly issuer: string;
  readonly subject: string;
  readonly key: KeyObject;
  readonly extensions: Buffer;
  readonly signer: KeyObject;
}

function certificate({ issuer, subject, key, extensions, signer }: CertificateParts): string {
  const now = Date.now();
  const day = 24 * 60 * 60 * 1000;
  const content = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    serialNumber(),
    ECDSA_WITH_SHA256,
    name(issuer),
    sequence(time(now - day), time(now + day)),
    name(subject),
    key.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(extensions)),
  );
  const signature = createSign("sha256").update(content).sign(signer);
  const whole = sequence(content, ECDSA_WITH_SHA256, tagged(0x03, Buffer.from([0]), signature));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function serialNumber(): Buffer {
  const number = Buffer.alloc(4);
  number.writeInt32BE(randomInt(1, 2 ** 31));
  return tagged(0x02, number);
}

function localNames(): Buffer {
  return alternativeNames(
    dnsName("localhost"),
    tagged(0x87, Buffer.from([127, 0, 0, 1])),
    tagged(0x87, Buffer.from([...Array.from({ length: 15 }, () => 0), 1])),
  );
}

function dnsName(text: string): Buffer {
  return tagged(0x82, Buffer.from(text));
}

function alternativeNames(...names: readonly Buffer[]): Buffer {
  return extension("2.5.29.17", sequence(...names));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), boolean(true), tagged(0x04, value));
}

function name(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid("2.5.4.3"), tagged(0x0c, Buffer.from(commonName)))));
}

function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return tagged(0x17, Buffer.from(`${digits}Z`));
}

function boolean(value: boolean): Buffer {
  return tagged(0x01, Buffer.from([value ? 0xff : 0]));
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest.flatMap(base128)];
  return tagged(0x06, Buffer.from(bytes));
}

function base128(value: number): readonly number[] {
  const bytes = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) bytes.unshift((left & 0x7f) | 0x80);
  return bytes;
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

/** A value of ASN.1 in DER, of less than 64 kilobytes. */
function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), value]);
  if (length < 0x100) return Buffer.concat([Buffer.from([tag, 0x81, length]), value]);
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), value]);
}
