import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A certificate with its key, as PEM texts and in files. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** A certification authority in a folder of its own, which it deletes. */
export interface Authority extends Identity {
  /** A certificate for a name; `localhost` and 127.0.0.1 are valid beside it only when it is asked for. */
  readonly issue: (name: string, isLocal: boolean) => Promise<Identity>;
  readonly remove: () => Promise<void>;
}

/** Whether certificates can be made here: by the program openssl. */
export async function hasOpenssl(): Promise<boolean> {
  try {
    await run("openssl", ["version"]);
    return true;
  } catch {
    return false;
  }
}

/** Makes an authority. */
export async function makeAuthority(): Promise<Authority> {
  const folder = await mkdtemp(path.join(tmpdir(), "negato-tls-"));
  await makeKey(folder, "ca");
  const subject = ["-subj", "/CN=Negato test authority", "-days", "2"];
  await openssl(folder, ["req", "-x509", "-new", "-key", "ca.key", "-out", "ca.pem", ...subject]);
  return {
    ...(await identityOf(folder, "ca")),
    issue: (name, isLocal) => issue(folder, name, isLocal),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function issue(folder: string, name: string, isLocal: boolean): Promise<Identity> {
  const names = [`DNS:${name}`, ...(isLocal ? ["DNS:localhost", "IP:127.0.0.1"] : [])];
  await writeFile(path.join(folder, `${name}.ext`), `subjectAltName=${names.join(",")}\n`);
  await makeKey(folder, name);
  const request = ["req", "-new", "-key", `${name}.key`, "-subj", `/CN=${name}`];
  await openssl(folder, [...request, "-out", `${name}.csr`]);
  const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"];
  const files = ["-in", `${name}.csr`, "-out", `${name}.pem`, "-extfile", `${name}.ext`];
  await openssl(folder, ["x509", "-req", ...files, ...signing]);
  return identityOf(folder, name);
}

async function makeKey(folder: string, name: string): Promise<void> {
  const options = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
  await openssl(folder, ["genpkey", ...options, "-out", `${name}.key`]);
}

async function identityOf(folder: string, name: string): Promise<Identity> {
  const certificateFile = path.join(folder, `${name}.pem`);
  const keyFile = path.join(folder, `${name}.key`);
  return {
    certificate: await readFile(certificateFile, "utf8"),
    key: await readFile(keyFile, "utf8"),
    certificateFile,
    keyFile,
  };
}

async function openssl(folder: string, args: readonly string[]): Promise<void> {
  await run("openssl", [...args], { cwd: folder });
}
