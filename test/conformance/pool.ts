import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Mode } from "./realm.ts";
import type { Answer } from "./worker.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** A realm leaves something behind, so processes are replaced after a while. */
const perProcess = 1500;
/** A test that says nothing for so long hangs, and its process is ended. */
const patience = 90_000;

/** Runs tests in several processes; `each` is told what became of a test. */
export async function runAll(
  folder: string,
  names: readonly string[],
  modes: readonly Mode[],
  workers: number,
  each: (name: string, answer: Answer) => void,
): Promise<void> {
  const queue = [...names].reverse();
  const work = async () => {
    while (queue.length > 0) await oneProcess();
  };
  const oneProcess = () =>
    new Promise<void>((resolve) => {
      const child: ChildProcess = fork(path("../../scripts/run.mjs"), [path("worker.ts")], {
        execArgv: ["--max-old-space-size=1500", "--expose-gc"],
        stdio: ["ignore", "ignore", "ignore", "ipc"],
      });
      let current: string | undefined;
      let left = perProcess;
      let timer: NodeJS.Timeout;
      const next = () => {
        clearTimeout(timer);
        current = left-- > 0 ? queue.pop() : undefined;
        if (current === undefined) {
          child.kill("SIGKILL");
          return;
        }
        timer = setTimeout(() => child.kill("SIGKILL"), patience);
        child.send({ folder, name: current, modes });
      };
      child.on("message", (m: "ready" | { name: string; answer: Answer }) => {
        if (m !== "ready") each(m.name, m.answer);
        next();
      });
      child.on("exit", () => {
        clearTimeout(timer);
        if (current !== undefined) {
          const why = "hangs, or ends the process";
          each(current, Object.fromEntries(modes.map((m) => [m, { kind: "failed", why }])));
        }
        resolve();
      });
    });
  await Promise.all(Array.from({ length: workers }, work));
}
