import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { dualizeForTests } from "./test/support/vite-plugin.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

// Tests read what programs print. Where CI is set, they would print it in colours.
delete process.env.FORCE_COLOR;
process.env.NO_COLOR = "1";

export default defineConfig({
  plugins: [dualizeForTests()],
  resolve: {
    // The sources, so that a test run needs no build. tsconfig.json maps the same names.
    alias: [
      { find: /^dualize$/, replacement: path("packages/dualize/src/index.ts") },
      {
        find: /^dualize\/(dual|root|runtime|rules)$/,
        replacement: path("packages/dualize/src/$1.ts"),
      },
      {
        find: /^dualize-special$/,
        replacement: path("packages/dualize-special/src/index.ts"),
      },
      { find: /^babel-plugin-dualize$/, replacement: path("babel-plugin/src/index.ts") },
      {
        find: /^babel-plugin-dualize\/compile$/,
        replacement: path("babel-plugin/src/compile.ts"),
      },
    ],
  },
  test: {
    include: ["{packages,babel-plugin,examples,test}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "**/out/**"],
    // Generous, since they are there to end a test that hangs: slow machines must pass too.
    testTimeout: 60_000,
    // Its modules that register gradients are for bundlers alone.
    server: { deps: { inline: [/@tensorflow/] } },
    hookTimeout: 180_000,
  },
});
