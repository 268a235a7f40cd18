import { fileURLToPath } from "node:url";
import dualize from "unplugin-dualize/vite";
import { defineConfig } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  base: "./",
  // One file that also opens from a disk, where browsers load no modules.
  plugins: [dualize(), viteSingleFile()],
  worker: { plugins: () => [dualize()] },
  resolve: {
    alias: {
      // What Babel and the plugin use of Node.
      "node:path": "pathe",
      path: "pathe",
      "node:fs": path("src/browser/no-files.ts"),
      assert: path("src/browser/no-assert.cjs"),
      // Data on browsers, which Babel has for presets that are not used here.
      browserslist: path("src/browser/no-browserslist.cjs"),
    },
  },
  define: { "process.env": "{}" },
});
