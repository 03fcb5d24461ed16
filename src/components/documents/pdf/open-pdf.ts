import { getDocument, type PDFDocumentProxy, PDFWorker } from "pdfjs-dist";
import PdfWorker from "pdfjs-dist/build/pdf.worker.min.mjs?worker";

/** Why a document cannot be shown. */
export type PdfFailure = "broken" | "encrypted" | "empty" | "unexpected";

/** A document that is open, until `close`. */
export interface OpenPdf {
  readonly document: PDFDocumentProxy;
  close(): void;
}

/**
 * Where fonts, character maps and image codecs lie that a document may name without bringing them: beside the scripts
 * of the application. The development server has them at its root.
 */
function partsAddress(): string {
  const here = import.meta.url;
  return new URL(import.meta.env.DEV ? "/pdf/" : "../pdf/", here).href;
}

/** Opens a document in a worker of its own. It runs no script of the document and fetches nothing for it from elsewhere. */
export async function openPdf(
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<OpenPdf | { readonly failure: PdfFailure }> {
  if (bytes.length === 0) return { failure: "empty" };
  const port = new PdfWorker();
  const worker = PDFWorker.create({ port, verbosity: 0 });
  const parts = partsAddress();
  const task = getDocument({
    // The worker takes the bytes over, so it gets a copy.
    data: bytes.slice(),
    worker,
    verbosity: 0,
    isEvalSupported: false,
    enableXfa: false,
    useSystemFonts: false,
    useWorkerFetch: true,
    cMapUrl: `${parts}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${parts}fonts/`,
    wasmUrl: `${parts}wasm/`,
    iccUrl: `${parts}iccs/`,
  });
  const close = (): void => {
    // What was under way fails then, and nobody waits for it any more.
    task.destroy().catch(() => undefined);
    worker.destroy();
    port.terminate();
  };
  signal.addEventListener("abort", close, { once: true });
  try {
    const document = await died(task.promise, port);
    if (document.numPages === 0) {
      close();
      return { failure: "empty" };
    }
    return { document, close };
  } catch (error) {
    close();
    return { failure: failureOf(error) };
  }
}

/** The result, or a failure when the worker cannot be started. */
function died<Result>(result: Promise<Result>, port: Worker): Promise<Result> {
  return new Promise((resolve, reject) => {
    port.addEventListener("error", () => reject(new Error("The worker failed")), { once: true });
    result.then(resolve, reject);
  });
}

function failureOf(error: unknown): PdfFailure {
  const name = error instanceof Error ? error.name : "";
  if (name === "PasswordException") return "encrypted";
  return name === "InvalidPDFException" || name === "FormatError" ? "broken" : "unexpected";
}
