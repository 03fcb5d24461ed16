import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { keyOf } from "./store-keys.ts";

/*
 * A journal: a head (mark, 16 random bytes, 16 bytes that tell whether a key fits), and frames, each of which is
 * encrypted and authenticated by itself: mark, length of what follows the nonce, number, nonce, cipher text, tag. A
 * frame that was torn or damaged is recognised, and the ones after it are found by their mark.
 */
const HEAD_MARK = Buffer.from("NegatoJ1");
const FRAME_MARK = Buffer.from("NgFr");
const HEAD_BYTES = 40;
const FRAME_HEAD_BYTES = 24;
const TAG_BYTES = 16;

/** Key and head of one journal. */
export interface JournalSeal {
  readonly key: Uint8Array;
  readonly head: Uint8Array;
}

/** Of a new journal. */
export function newSeal(journalKey: Uint8Array): JournalSeal {
  const salt = randomBytes(16);
  const key = keyOf(journalKey, salt);
  return { key, head: Buffer.concat([HEAD_MARK, salt, checkOf(key)]) };
}

/** Of a journal that exists; undefined where the key does not fit, or it is no journal. */
export function sealOf(journalKey: Uint8Array, file: Uint8Array): JournalSeal | undefined {
  const head = Buffer.from(file.subarray(0, HEAD_BYTES));
  if (head.byteLength < HEAD_BYTES || !head.subarray(0, 8).equals(HEAD_MARK)) return undefined;
  const key = keyOf(journalKey, head.subarray(8, 24));
  return timingSafeEqual(checkOf(key), head.subarray(24)) ? { key, head } : undefined;
}

/** One frame, as it is written. `number`: those of a journal ascend. */
export function sealFrame(seal: JournalSeal, number: number, text: string): Uint8Array[] {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  // Random nonces: a torn frame is written again, with other entries, and its number may recur after a crash.
  randomBytes(12).copy(head, 12);
  const cipher = createCipheriv("aes-256-gcm", seal.key, head.subarray(12));
  FRAME_MARK.copy(head);
  const plain = Buffer.from(text);
  head.writeUInt32BE(plain.byteLength + TAG_BYTES, 4);
  head.writeUInt32BE(number, 8);
  cipher.setAAD(head.subarray(0, 12));
  const body = cipher.update(plain);
  cipher.final();
  return [head, body, cipher.getAuthTag()];
}

/** A frame that was found whole. */
export interface FoundFrame {
  readonly number: number;
  readonly text: string;
  /** Where it ends in the file. */
  readonly end: number;
  /** Something that is not a frame, or not whole, lies before it. */
  readonly isAfterDamage: boolean;
}

/** Finds the whole frames of a journal, in order. */
export function* readFrames(seal: JournalSeal, file: Buffer): Generator<FoundFrame> {
  let isAfterDamage = false;
  let last = -1;
  for (let at = HEAD_BYTES; at < file.byteLength; ) {
    const found = openFrame(seal, file, at);
    if (found === undefined || found.number <= last) {
      isAfterDamage = true;
      const next = file.indexOf(FRAME_MARK, at + 1);
      if (next < 0) return;
      at = next;
    } else {
      yield { ...found, isAfterDamage };
      last = found.number;
      isAfterDamage = false;
      at = found.end;
    }
  }
}

function openFrame(
  seal: JournalSeal,
  file: Buffer,
  at: number,
): { readonly number: number; readonly text: string; readonly end: number } | undefined {
  const bodyAt = at + FRAME_HEAD_BYTES;
  if (bodyAt > file.byteLength || !file.subarray(at, at + 4).equals(FRAME_MARK)) return undefined;
  const end = bodyAt + file.readUInt32BE(at + 4);
  if (end > file.byteLength || end < bodyAt + TAG_BYTES) return undefined;
  const nonce = file.subarray(at + 12, bodyAt);
  const decipher = createDecipheriv("aes-256-gcm", seal.key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(file.subarray(at, at + 12));
  decipher.setAuthTag(file.subarray(end - TAG_BYTES, end));
  const text = decipher.update(file.subarray(bodyAt, end - TAG_BYTES));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return { number: file.readUInt32BE(at + 8), text: text.toString("utf8"), end };
}

function checkOf(key: Uint8Array): Buffer {
  return createHmac("sha256", key).update("fits").digest().subarray(0, 16);
}
