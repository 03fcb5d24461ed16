import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { sampleHash } from "#core/pixels/sample-hash.ts";
import { imagePixel } from "#core/pixels/test-image-pixel.ts";
import { nodeCodecs } from "../../proxy/decode/node-codecs.ts";
import { CodecLoader } from "../codec-loader.ts";
import type { CodestreamHeader } from "../codestream-header.ts";
import { decodeFrame } from "../decode-frame.ts";
import { readJpeg2000Header } from "../jpeg-2000-header.ts";
import { readJpegLsHeader } from "../jpeg-ls-header.ts";
import { type CorpusEntry, readManifest } from "./corpus-entry.ts";

const corpus = fileURLToPath(new URL("../../../shared/corpus/", import.meta.url));
const isThere = existsSync(`${corpus}manifest.json`);
const codecs = new CodecLoader(nodeCodecs);
const entries: readonly CorpusEntry[] = isThere
  ? readManifest(JSON.parse(await readFile(`${corpus}manifest.json`, "utf8")), "codestreams")
  : [];

/** What a stream without a DICOM header would have in one. */
function factsOf(header: CodestreamHeader) {
  const bitsAllocated = header.bitDepth > 8 ? 16 : 8;
  return imagePixel({
    rows: header.rows,
    columns: header.columns,
    ...(header.components === 3 && { samplesPerPixel: 3, photometricInterpretation: "RGB" }),
    bitsAllocated,
    bitsStored: header.bitDepth,
    highBit: header.bitDepth - 1,
    pixelRepresentation: header.isSigned ? 1 : 0,
  });
}

describe.skipIf(!isThere)("the codestreams of the corpus", () => {
  it.each(entries.map((entry) => [entry.file, entry] as const))(
    "%s gives the samples of its reference",
    async (file, { frames }) => {
      const encoded = new Uint8Array(await readFile(corpus + file));
      const isJpegLs = file.endsWith(".jls");
      const header = isJpegLs ? readJpegLsHeader(encoded) : readJpeg2000Header(encoded);
      const facts = factsOf(header);
      const transferSyntaxUid = isJpegLs ? "1.2.840.10008.1.2.4.81" : "1.2.840.10008.1.2.4.203";
      const frame = await decodeFrame({ encoded, imagePixel: facts, transferSyntaxUid }, codecs);
      const hash = await sampleHash(frame, facts.bitsAllocated, (bytes) =>
        crypto.subtle.digest("SHA-256", bytes),
      );
      expect(hash).toBe(frames[0]?.sha256);
      expect(frame.deviations).toEqual([]);
    },
  );
});
