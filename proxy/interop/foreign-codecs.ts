import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Two independent makers of DICOM tools. */
export type Maker = "DCMTK" | "GDCM";

/** A way in which a tool of another maker encodes a native file again. */
export interface ForeignEncoder {
  readonly name: string;
  readonly maker: Maker;
  readonly command: readonly [program: string, ...options: string[]];
  /** Whether the decoded values must be those of the native file. */
  readonly isLossless: boolean;
  /** Largest bits stored that it takes. */
  readonly mostBits: number;
  readonly takesColour: boolean;
  readonly takesSigned: boolean;
  /** Which of the two decode it; each is asked for its opinion. */
  readonly decodedBy: readonly Maker[];
}

const BOTH: readonly Maker[] = ["DCMTK", "GDCM"];

function dcmtk(
  name: string,
  command: ForeignEncoder["command"],
  facts: Partial<ForeignEncoder> = {},
): ForeignEncoder {
  return {
    name,
    maker: "DCMTK",
    command,
    isLossless: true,
    mostBits: 16,
    takesColour: true,
    takesSigned: true,
    decodedBy: BOTH,
    ...facts,
  };
}

/** Colour of lossy JPEG is left as it is by GDCM, and converted by DCMTK and by us. */
const LOSSY_8 = { isLossless: false, mostBits: 8, decodedBy: ["DCMTK"] } as const;
const LOSSY_12 = { isLossless: false, mostBits: 12, takesColour: false } as const;

/** Every encoder of DCMTK and GDCM that makes what the viewer decodes. */
export const FOREIGN_ENCODERS: readonly ForeignEncoder[] = [
  dcmtk("RLE by DCMTK", ["dcmcrle"]),
  dcmtk("JPEG baseline by DCMTK", ["dcmcjpeg", "+eb"], LOSSY_8),
  dcmtk("JPEG baseline, 4:4:4, by DCMTK", ["dcmcjpeg", "+eb", "+s4"], LOSSY_8),
  dcmtk("JPEG extended, 8 bits, by DCMTK", ["dcmcjpeg", "+ee"], LOSSY_8),
  dcmtk("JPEG spectral selection, 8 bits, by DCMTK", ["dcmcjpeg", "+es"], LOSSY_8),
  dcmtk("JPEG full progression, 8 bits, by DCMTK", ["dcmcjpeg", "+ep"], LOSSY_8),
  dcmtk("JPEG full progression, 4:1:1, by DCMTK", ["dcmcjpeg", "+ep", "+n1"], LOSSY_8),
  dcmtk("JPEG extended, 12 bits, by DCMTK", ["dcmcjpeg", "+ee", "+bt"], LOSSY_12),
  dcmtk("JPEG spectral selection, 12 bits, by DCMTK", ["dcmcjpeg", "+es", "+bt"], LOSSY_12),
  dcmtk("JPEG full progression, 12 bits, by DCMTK", ["dcmcjpeg", "+ep", "+bt"], LOSSY_12),
  ...[1, 2, 3, 4, 5, 6, 7].map((selection) =>
    dcmtk(`JPEG lossless, selection value ${selection}, by DCMTK`, [
      "dcmcjpeg",
      "+el",
      "+sv",
      String(selection),
    ]),
  ),
  dcmtk("JPEG lossless SV1 by DCMTK", ["dcmcjpeg", "+e1"]),
  dcmtk(
    "JPEG lossless with point transform 2 by DCMTK",
    ["dcmcjpeg", "+el", "+sv", "4", "+pt", "2"],
    {
      isLossless: false,
      decodedBy: ["DCMTK"],
    },
  ),
  dcmtk("JPEG-LS by DCMTK", ["dcmcjpls"]),
  dcmtk("JPEG-LS, interleaved by line, by DCMTK", ["dcmcjpls", "+il"]),
  dcmtk("JPEG-LS, one component after another, by DCMTK", ["dcmcjpls", "+in"]),
  dcmtk("JPEG-LS near-lossless by DCMTK", ["dcmcjpls", "+en", "+md", "3"], {
    isLossless: false,
    takesSigned: false,
  }),
  gdcm("RLE by GDCM", ["--rle"]),
  gdcm("JPEG lossless by GDCM", ["--jpeg"]),
  gdcm("JPEG-LS by GDCM", ["--jpegls"]),
  gdcm("JPEG 2000 by GDCM", ["--j2k"], { decodedBy: ["GDCM"] }),
  gdcm("JPEG 2000 with loss by GDCM", ["--j2k", "--lossy", "-r", "12"], {
    isLossless: false,
    decodedBy: ["GDCM"],
  }),
  gdcm("JPEG 2000 in tiles by GDCM", ["--j2k", "-t", "64,64"], { decodedBy: ["GDCM"] }),
];

function gdcm(
  name: string,
  options: readonly string[],
  facts: Partial<ForeignEncoder> = {},
): ForeignEncoder {
  return { ...dcmtk(name, ["gdcmconv", ...options], facts), maker: "GDCM" };
}

/** Encodes a file; gives the new one. */
export async function encode(encoder: ForeignEncoder, file: string): Promise<string> {
  const [program, ...options] = encoder.command;
  const encoded = `${file}.${encoder.name.replaceAll(/[^a-z0-9]+/gi, "-")}`;
  await run(program, [...options, file, encoded]);
  return encoded;
}

/** Decoders of DCMTK, by the program that encodes. */
const DCMTK_DECODERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  dcmcrle: ["dcmdrle"],
  dcmcjpeg: ["dcmdjpeg", "+px"],
  dcmcjpls: ["dcmdjpls", "+px"],
};
const DCMTK_DECODERS_OF_GDCM: Readonly<Record<string, readonly [string, ...string[]]>> = {
  "--rle": ["dcmdrle"],
  "--jpeg": ["dcmdjpeg", "+px"],
  "--jpegls": ["dcmdjpls", "+px"],
};

/** Decodes what an encoder made by the tools of a maker; gives the native file. */
export async function decodeBy(
  maker: Maker,
  encoder: ForeignEncoder,
  file: string,
): Promise<string> {
  const decoded = `${file}.${maker}`;
  const [program, ...options] = decoderOf(maker, encoder);
  await run(program, [...options, file, decoded]);
  return decoded;
}

function decoderOf(maker: Maker, { command }: ForeignEncoder): readonly [string, ...string[]] {
  if (maker === "GDCM") return ["gdcmconv", "--raw", "--planar-configuration", "0"];
  const decoder = DCMTK_DECODERS[command[0]] ?? DCMTK_DECODERS_OF_GDCM[command[1] ?? ""];
  if (decoder === undefined) throw new Error(`DCMTK does not decode ${command.join(" ")}`);
  return decoder;
}

/** The value of Pixel Data of a native file, as GDCM extracts it. */
export async function rawPixels(file: string): Promise<string> {
  const raw = path.format({ dir: path.dirname(file), base: `${path.basename(file)}.raw` });
  await run("gdcmraw", ["-i", file, "-o", raw]);
  return raw;
}

/** A picture of 8-bit grey by DCMTK, through the first window of the file; PGM. */
export async function pictureOf(file: string, options: readonly string[]): Promise<string> {
  const picture = `${file}.pgm`;
  await run("dcm2pnm", [...options, "+op", file, picture]);
  return picture;
}

/** The greys of a binary PGM with one byte each: its header is three numbers after P5. */
export function greysOf(pgm: Uint8Array): Uint8Array {
  const header = /^P5\s(?:#[^\n]*\n)?\s*\d+\s+\d+\s+255\s/.exec(
    new TextDecoder("latin1").decode(pgm.subarray(0, 200)),
  );
  if (header === null) throw new Error("No picture of 8-bit grey");
  return pgm.subarray(header[0].length);
}
