import { buildKernels } from "./build-kernels.mjs";

/**
 * Vite plugin that has the WebAssembly kernels compiled before anything asks for them: in a build, on the
 * development server and in tests, which read the file without Vite too.
 * @returns {import("vite").Plugin}
 */
export function kernels() {
  return {
    name: "negato:kernels",
    async config() {
      await buildKernels();
    },
  };
}
