import { readAnnexB } from "#core/video/annex-b.ts";
import { videoOfTransportStream } from "#core/video/transport-stream.ts";
import { type VideoContainer, videoContainerOf } from "#core/video/video-container.ts";
import { CodecPlayback, canDecode } from "./codec-playback.ts";
import { ElementPlayback } from "./element-playback.ts";
import type { Playback, PlaybackFailure, PlaybackListener } from "./playback.ts";

/** What is known of a film beside its bytes. */
export interface VideoFacts {
  readonly frameCount: number;
  readonly frameMs: number;
}

/** Finds out what a stream is, and what of this browser plays it. */
export async function openVideo(
  bytes: Uint8Array<ArrayBuffer>,
  facts: VideoFacts,
  listener: PlaybackListener,
): Promise<Playback | PlaybackFailure> {
  const container = videoContainerOf(bytes);
  switch (container) {
    case "mp4":
    case "webm":
      return new ElementPlayback(bytes, `video/${container}`, facts.frameCount, listener);
    case "h264":
    case "h265":
      return openBare(bytes, container, facts, listener);
    case "transport-stream": {
      const video = videoOfTransportStream(bytes);
      if (video === undefined) return "damaged";
      if (video.codec === "mpeg-video") return "not-supported";
      return openBare(video.bytes, video.codec, facts, listener);
    }
    default:
      return "not-supported";
  }
}

/** What the stream is called for people. */
export function containerName(container: VideoContainer): string {
  const names: Readonly<Record<VideoContainer, string>> = {
    mp4: "MP4",
    webm: "WebM",
    "transport-stream": "MPEG-TS",
    "program-stream": "MPEG-PS",
    "mpeg-video": "MPEG-2",
    h264: "H.264",
    h265: "H.265",
    unknown: "?",
  };
  return names[container];
}

async function openBare(
  bytes: Uint8Array,
  codec: "h264" | "h265",
  facts: VideoFacts,
  listener: PlaybackListener,
): Promise<Playback | PlaybackFailure> {
  const stream = readAnnexB(bytes, codec);
  if (stream === undefined) return "damaged";
  if (!(await canDecode(stream.codec))) return "not-supported";
  return new CodecPlayback(bytes, stream, facts.frameMs, listener);
}
