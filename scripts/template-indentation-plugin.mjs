/**
 * Vite plugin that leaves the indentation of elements out of the build: in their templates and styles it would travel to
 * every browser, and means nothing there.
 * @returns {import("vite").Plugin}
 */
export function withoutTemplateIndentation() {
  return {
    name: "negato:template-indentation",
    apply: "build",
    enforce: "pre",
    transform: {
      filter: { id: /\/src\/components\/.*\.ts$/ },
      // Lines stay lines, so that source maps still point at them.
      handler: (code) => ({ code: code.replace(/\n +/g, "\n"), map: null }),
    },
  };
}
