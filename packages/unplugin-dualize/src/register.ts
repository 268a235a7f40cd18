import * as nodeModule from "node:module";
import { hookRequire } from "./node/require.ts";

/**
 * Lets what Node runs through the plugin: `node --import dualize/register main.ts`. Files of the
 * project are compiled where they have marks, and kept in a cache on disk.
 */

interface HooksInPlace {
  registerHooks?(hooks: object): void;
}

const { registerHooks } = nodeModule as HooksInPlace;
if (registerHooks) registerHooks(await import("./node/hooks.ts"));
else nodeModule.register("./node/hooks.js", import.meta.url);
hookRequire();
process.setSourceMapsEnabled(true);
