import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Runs a task in a process of its own, of a script beside this one, and gives what it reports. */
export function inProcess<T>(
  script: string,
  task: unknown,
  more: readonly string[] = [],
): Promise<T> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), [JSON.stringify(task)], {
    // The optimiser works in the foreground, so that what is timed after the warm-up is optimised
    // however busy the machine is.
    execArgv: ["--enable-source-maps", "--no-concurrent-recompilation", ...more],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return new Promise((done, reject) => {
    child.on("message", (message) => done(message as T));
    child.on("exit", () =>
      reject(new Error(`the process for ${JSON.stringify(task)} ended early`)),
    );
  });
}
