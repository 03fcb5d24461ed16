import charlsUrl from "@cornerstonejs/codec-charls/decodewasm?url";
import openJpegUrl from "@cornerstonejs/codec-openjpeg/decodewasm?url";
import openJphUrl from "@cornerstonejs/codec-openjph/wasm?url";
import type { CodecSource, WasmCodec } from "../wasm/codec-source.ts";
import kernelsUrl from "../wasm/kernels/build/kernels.wasm?url";
import { decodePlatformImage } from "./platform-image.ts";

const ADDRESSES: Readonly<Record<WasmCodec, string>> = {
  openjpeg: openJpegUrl,
  charls: charlsUrl,
  openjph: openJphUrl,
  kernels: kernelsUrl,
};

/** The codecs of the application, fetched when they are needed and compiled while they arrive. */
export const fetchedCodecs: CodecSource = {
  load: async (codec) => {
    const module = await WebAssembly.compileStreaming(fetch(ADDRESSES[codec]));
    return { instantiate: (imports) => WebAssembly.instantiate(module, { ...imports }) };
  },
  decodeImage: decodePlatformImage,
};
