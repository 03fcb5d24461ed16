/** What a stored video stream is wrapped in, or what it is where it is bare (PS3.5 8.2.5 to 8.2.12). */
export type VideoContainer =
  | "mp4"
  | "webm"
  /** MPEG-2 transport stream. */
  | "transport-stream"
  /** MPEG program stream. */
  | "program-stream"
  /** Bare MPEG-1 or MPEG-2 video. */
  | "mpeg-video"
  /** Bare H.264 with start codes. */
  | "h264"
  /** Bare H.265 with start codes. */
  | "h265"
  | "unknown";

const TRANSPORT_PACKET = 188;

/** Tells by its first bytes what a stream is; what the transfer syntax says is not needed and not believed. */
export function videoContainerOf(bytes: Uint8Array): VideoContainer {
  const start = word(bytes, 0);
  if (word(bytes, 4) === 0x66747970) return "mp4"; // ftyp
  if (start === 0x1a45dfa3) return "webm";
  if (start === 0x000001ba) return "program-stream";
  if (start === 0x000001b3) return "mpeg-video";
  if (isTransportStream(bytes)) return "transport-stream";
  const unit = firstUnit(bytes);
  return unit === undefined ? "unknown" : codecOfUnit(bytes, unit);
}

function word(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

function isTransportStream(bytes: Uint8Array): boolean {
  const packets = Math.min(Math.floor(bytes.length / TRANSPORT_PACKET), 5);
  if (packets === 0) return false;
  for (let at = 0; at < packets; at++) if (bytes[at * TRANSPORT_PACKET] !== 0x47) return false;
  return true;
}

/** Where the first NAL unit begins, after a start code that only zeros may precede. */
function firstUnit(bytes: Uint8Array): number | undefined {
  let at = 0;
  while (at < bytes.length && bytes[at] === 0) at++;
  return at >= 2 && bytes[at] === 1 ? at + 1 : undefined;
}

/**
 * H.264 begins with an access unit delimiter (9), parameter sets (7, 8) or SEI (6), H.265 with a delimiter (35), VPS,
 * SPS, PPS (32 to 34) or SEI (39) under layer 0.
 */
function codecOfUnit(bytes: Uint8Array, at: number): VideoContainer {
  const [first = 0xff, second = 0] = bytes.subarray(at, at + 2);
  const isForbidden = (first & 0x80) !== 0;
  const h265Type = (first >> 1) & 0x3f;
  const isH265 = [32, 33, 34, 35, 39].includes(h265Type) && (first & 1) === 0 && second === 1;
  if (!isForbidden && isH265) return "h265";
  if (!isForbidden && [6, 7, 8, 9].includes(first & 0x1f)) return "h264";
  return "unknown";
}

/** Usual ending of a file that holds the stream. */
export function fileEndingOf(container: VideoContainer): string {
  switch (container) {
    case "mp4":
    case "webm":
    case "h264":
    case "h265":
      return container;
    case "transport-stream":
      return "ts";
    case "program-stream":
    case "mpeg-video":
      return "mpg";
    case "unknown":
      return "bin";
  }
}
