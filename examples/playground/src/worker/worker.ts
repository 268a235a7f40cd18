/// <reference lib="dom" />
/**
 * Compiles and runs what is typed, beside the page: a loop that does not end holds up this thread, which
 * the page can end.
 */
import type { Answer, Compiled, Remark, Request } from "../protocol.ts";
import { compile, FILE } from "./compile.ts";
import { at, curve, field, times } from "./evaluate.ts";
import { drawables, type Numeric, run } from "./program.ts";

let exported: ReadonlyMap<string, unknown> = new Map();

addEventListener("message", ({ data }: MessageEvent<Request>) => {
  postMessage(answer(data));
});

function answer(request: Request): Answer {
  const { id } = request;
  try {
    return { id, value: resultOf(request) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

function resultOf(request: Request): unknown {
  switch (request.kind) {
    case "compile":
      return load(request.source);
    case "curve":
      return curve(named(request.name), request.range);
    case "field":
      return field(named(request.name), request.x, request.y);
    case "at":
      return at(named(request.name), request.point, request.x, request.y);
    case "time":
      return times(named(request.name), request.point);
  }
}

const named = (name: string): Numeric => exported.get(name) as Numeric;

function load(source: string): Compiled {
  const { remarks, code, script } = compile(source);
  if (script === undefined) return { remarks, code, functions: [] };
  try {
    exported = run(script);
  } catch (error) {
    return { remarks: [...remarks, failure(error)], code, functions: [] };
  }
  return { remarks, code, functions: drawables(exported) };
}

/** An error of the source while it runs, where the plugin recorded the place. */
function failure(error: unknown): Remark {
  const message = error instanceof Error ? error.message : String(error);
  const [, line = 1, column = 1] = new RegExp(`${FILE}:(\\d+):(\\d+)`).exec(message) ?? [];
  return {
    severity: "error",
    code: undefined,
    message,
    line: Number(line),
    column: Number(column),
  };
}
