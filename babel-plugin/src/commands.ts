import { check } from "./commands/check.ts";
import { explain } from "./commands/explain.ts";

/** What `npx dualize` runs, by name: each takes the arguments after it and gives the exit code. */
export const commands: Readonly<Record<"check" | "explain", (args: readonly string[]) => number>> =
  { check, explain };

export { addPlugin } from "./commands/add-plugin.ts";
