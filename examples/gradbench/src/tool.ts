/** The tool: answers messages by the evals that it knows. */
import { modules } from "./evals/index.ts";
import type { Message, Response, Runs, Timing } from "./protocol.ts";

/** The response to a message. It tells of errors; it throws none. */
export function respond(message: Message): Response {
  const { id } = message;
  switch (message.kind) {
    case "start":
      return { id, tool: "dualize" };
    case "define":
      return { id, success: modules[message.module] !== undefined };
    case "evaluate":
      return { id, ...evaluate(message.module, message.function, message.input) };
    default:
      return { id };
  }
}

function evaluate(module: string, name: string, input: unknown): Omit<Response, "id"> {
  const f = modules[module]?.[name];
  if (f === undefined) {
    return { success: false, error: `There is no function "${name}" in a module "${module}".` };
  }
  try {
    return { success: true, ...run(() => f(input), runsOf(input)) };
  } catch (error) {
    return { success: false, error: String(error) };
  }
}

function runsOf(input: unknown): Runs {
  const given = typeof input === "object" ? (input as Partial<Runs>) : {};
  return { min_runs: given?.min_runs ?? 1, min_seconds: given?.min_seconds ?? 0 };
}

/** Runs a function as often as asked for, and for as long. */
function run(f: () => unknown, runs: Runs): { output: unknown; timings: Timing[] } {
  const timings: Timing[] = [];
  let elapsed = 0;
  let output: unknown;
  while (timings.length < Math.max(runs.min_runs, 1) || elapsed < runs.min_seconds * 1e9) {
    const start = process.hrtime.bigint();
    output = f();
    const nanoseconds = Number(process.hrtime.bigint() - start);
    timings.push({ name: "evaluate", nanoseconds });
    elapsed += nanoseconds;
  }
  return { output, timings };
}
