import dualize from "unplugin-dualize/vite";
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: { outDir: "../dist/page", emptyOutDir: true },
  plugins: [dualize()],
});
