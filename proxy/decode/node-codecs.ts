import type { CodecSource } from "../../wasm/codec-source.ts";
import { compileKernels, compilePackageWasm } from "./node-binary.ts";

/** The decoders of the codec packages, compiled from files. */
export const nodeCodecs: CodecSource = {
  load: (codec) => {
    switch (codec) {
      case "openjpeg":
        return compilePackageWasm("@cornerstonejs/codec-openjpeg/decodewasm");
      case "charls":
        return compilePackageWasm("@cornerstonejs/codec-charls/decodewasm");
      case "openjph":
        return compilePackageWasm("@cornerstonejs/codec-openjph/wasm");
      case "kernels":
        return compileKernels();
    }
  },
};
