import type { PacsSettings } from "../config/pacs-settings.ts";
import type { Settings } from "../config/settings.ts";
import { SettingsError } from "../config/settings-error.ts";
import { type DicomListener, openDicomListener } from "../dimse/dicom-listener.ts";
import { KnownPeers } from "../known-peers.ts";
import type { PacsCheckStep } from "./pacs-check.ts";
import { checkPacs } from "./pacs-check-run.ts";

const WIDTH = 100;
const OUTCOMES: Readonly<Record<PacsCheckStep["outcome"], string>> = {
  ok: "ok",
  warning: "warning",
  failed: "FAILED",
  skipped: "skipped",
};
const LISTENER_SILENCE_MS = 30_000;

/** The command `negato pacs test`; gives the exit code: 1 when a step of one PACS failed. @throws SettingsError */
export async function runPacsTest(settings: Settings, isJson: boolean): Promise<number> {
  const { pacs } = settings;
  if (pacs.length === 0) {
    throw new SettingsError(
      "Which PACS? Write: negato pacs test AET@HOST:PORT, or give a configuration with PACS by --config FILE",
    );
  }
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const listener = await listenerOf(settings);
  let hasFailed = false;
  try {
    for (const one of pacs) {
      if (!isJson) process.stdout.write(`${headOf(one, listener)}\n`);
      for await (const step of checkPacs(one, listener, interrupted.signal)) {
        hasFailed ||= step.outcome === "failed";
        process.stdout.write(
          isJson ? `${JSON.stringify({ pacs: one.name, ...step })}\n` : textOf(step),
        );
      }
    }
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    return 1;
  } finally {
    await listener?.close();
  }
  return hasFailed ? 1 : 0;
}

/** The listener, or undefined where its port is in use: C-MOVE is then skipped, with the reason. */
async function listenerOf({ pacs, dicom }: Settings): Promise<DicomListener | undefined> {
  if (pacs.every(({ retrieve }) => retrieve === "get")) return undefined;
  const peers = new KnownPeers(pacs, dicom);
  await peers.lookUp();
  const titles = [dicom.aeTitle, ...pacs.map(({ remote }) => remote.callingAeTitle)];
  return await openDicomListener({
    aeTitles: [...new Set(titles)],
    port: dicom.port,
    allows: peers.allows,
    maximumAssociations: dicom.maximumAssociations,
    maximumPduLength: 65_536,
    silenceTimeoutMs: LISTENER_SILENCE_MS,
    ...(dicom.host === undefined ? {} : { host: dicom.host }),
    ...(dicom.tls === undefined ? {} : { tls: dicom.tls }),
  }).catch(() => undefined);
}

function headOf({ remote }: PacsSettings, listener: DicomListener | undefined): string {
  const { aeTitle, host, port, callingAeTitle, tls } = remote;
  const at = `${host.includes(":") ? `[${host}]` : host} port ${port}`;
  const how = tls === undefined ? "" : " by TLS";
  const listening = listener === undefined ? "" : `, which others reach on port ${listener.port}`;
  return `${aeTitle} at ${at}${how}, as ${callingAeTitle}${listening}`;
}

/** A step in lines of at most 100 signs. */
export function textOf({ step, outcome, text, advice, milliseconds }: PacsCheckStep): string {
  const head = `  ${OUTCOMES[outcome].padEnd(8)}${step.padEnd(10)}`;
  const duration = outcome === "skipped" ? "" : ` (${milliseconds} ms)`;
  const lines = [
    ...wrapped(`${text}${duration}`),
    ...(advice === undefined ? [] : wrapped(`-> ${advice}`)),
  ];
  return lines
    .map((line, index) => `${index === 0 ? head : " ".repeat(head.length)}${line}\n`)
    .join("");
}

function wrapped(text: string): readonly string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last.length + word.length + 1 > WIDTH - 20 && last !== "") lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}
