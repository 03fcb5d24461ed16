/**
 * Writes `negato-viewer.js`, the one address that a page embeds: it loads the entry of this build, whose own name
 * changes with its content.
 * @returns {import("vite").Plugin}
 */
export function embedEntry() {
  return {
    name: "negato-embed-entry",
    apply: "build",
    generateBundle(_options, bundle) {
      const entry = Object.values(bundle).find((file) => file.type === "chunk" && file.isEntry);
      if (entry === undefined) this.error("The build has no entry to embed.");
      this.emitFile({
        type: "asset",
        fileName: "negato-viewer.js",
        source: `import "./${entry.fileName}";\n`,
      });
    },
  };
}
