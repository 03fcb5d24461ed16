const PACKET = 188;
const PROGRAM_TABLE = 0;
const STREAM_TYPES: ReadonlyMap<number, "h264" | "h265" | "mpeg-video"> = new Map([
  [0x01, "mpeg-video"],
  [0x02, "mpeg-video"],
  [0x1b, "h264"],
  [0x24, "h265"],
]);

/** The video of a transport stream as a bare stream. */
export interface TransportedVideo {
  readonly codec: "h264" | "h265" | "mpeg-video";
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The first video of an MPEG-2 transport stream (ITU-T H.222.0): payloads of its packets without the headers of
 * transport and PES packets. Undefined where no table names a video; damaged packets are left out.
 */
export function videoOfTransportStream(stream: Uint8Array): TransportedVideo | undefined {
  let programPid: number | undefined;
  let video: { readonly pid: number; readonly codec: TransportedVideo["codec"] } | undefined;
  const payloads: Uint8Array[] = [];
  for (let at = 0; at + PACKET <= stream.length; at += PACKET) {
    const packet = readPacket(stream.subarray(at, at + PACKET));
    if (packet === undefined) continue;
    const { pid, isStart, payload } = packet;
    if (pid === PROGRAM_TABLE && isStart) programPid ??= programPidOf(payload);
    else if (pid === programPid && isStart) video ??= videoOf(payload);
    else if (pid === video?.pid) payloads.push(isStart ? withoutPesHeader(payload) : payload);
  }
  return video === undefined ? undefined : { codec: video.codec, bytes: joined(payloads) };
}

interface Packet {
  readonly pid: number;
  readonly isStart: boolean;
  readonly payload: Uint8Array;
}

function readPacket(packet: Uint8Array): Packet | undefined {
  const [sync = 0, high = 0, low = 0, control = 0] = packet;
  if (sync !== 0x47 || (high & 0x80) !== 0 || (control & 0x10) === 0) return undefined;
  const adaptation = (control & 0x20) !== 0 ? 1 + (packet[4] ?? 0) : 0;
  return {
    pid: ((high & 0x1f) << 8) | low,
    isStart: (high & 0x40) !== 0,
    payload: packet.subarray(4 + adaptation),
  };
}

/** Packet identifier of the map of the first program (2.4.4.3). */
function programPidOf(payload: Uint8Array): number | undefined {
  const section = payload.subarray(1 + (payload[0] ?? 0));
  const end = 3 + sectionLength(section) - 4;
  for (let at = 8; at + 4 <= end; at += 4) {
    const program = (section[at] ?? 0) * 256 + (section[at + 1] ?? 0);
    if (program !== 0) return pidAt(section, at + 2);
  }
  return undefined;
}

/** The first video stream that a program map names (2.4.4.8). */
function videoOf(
  payload: Uint8Array,
): { readonly pid: number; readonly codec: TransportedVideo["codec"] } | undefined {
  const section = payload.subarray(1 + (payload[0] ?? 0));
  const end = Math.min(3 + sectionLength(section) - 4, section.length);
  let at = 12 + (pidAt(section, 10) & 0xfff);
  while (at + 5 <= end) {
    const codec = STREAM_TYPES.get(section[at] ?? 0);
    if (codec !== undefined) return { pid: pidAt(section, at + 1), codec };
    at += 5 + (pidAt(section, at + 3) & 0xfff);
  }
  return undefined;
}

function sectionLength(section: Uint8Array): number {
  return ((section[1] ?? 0) & 0x0f) * 256 + (section[2] ?? 0);
}

function pidAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) & 0x1f) * 256 + (bytes[at + 1] ?? 0);
}

function withoutPesHeader(payload: Uint8Array): Uint8Array {
  return payload.subarray(9 + (payload[8] ?? 0));
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
