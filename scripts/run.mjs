// Runs a TypeScript file with the sources of the packages, the way that the tests run:
//
//     node scripts/run.mjs FILE [ARGUMENT...]
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const [node, , file, ...rest] = process.argv;
if (file === undefined) throw new Error("usage: node scripts/run.mjs FILE [ARGUMENT...]");

// The script sees its own arguments, as it would if it were run by itself.
process.argv = [node, resolve(file), ...rest];
await runnerImport(resolve(file), {
  configFile: fileURLToPath(new URL("../vitest.config.ts", import.meta.url)),
  logLevel: "warn",
});
