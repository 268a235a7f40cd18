import { type Mode, type Outcome, run } from "./realm.ts";
import { readTest } from "./suite.ts";

/** A process that runs tests as it is told, and says what became of each. */

interface Task {
  readonly folder: string;
  readonly name: string;
  readonly modes: readonly Mode[];
}
/** What is said of a test: nothing of modes in which the test without the plugin does not pass. */
export type Answer = Partial<Record<Mode, Outcome>>;

process.on("unhandledRejection", () => {});
process.on("uncaughtException", () => {});
process.on("message", async ({ folder, name, modes }: Task) => {
  const answer: Answer = {};
  const test = readTest(folder, name);
  if (test) {
    const ordinary = new Map<boolean, boolean>();
    for (const mode of modes) {
      const active = mode === "active literals";
      if (!ordinary.has(active)) {
        ordinary.set(active, (await run(folder, test, mode, true)).kind === "passed");
      }
      if (ordinary.get(active)) answer[mode] = await run(folder, test, mode, false);
    }
  }
  process.send?.({ name, answer });
});
process.send?.("ready");
