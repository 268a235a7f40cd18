/** What an eval and a tool say to each other: a message and a response a line, as JSON. */

export type Message =
  | { id: number; kind: "start"; eval?: string }
  | { id: number; kind: "define"; module: string }
  | { id: number; kind: "evaluate"; module: string; function: string; input: unknown }
  | { id: number; kind: "analysis"; of: number; valid: boolean; error?: string };

export interface Timing {
  name: string;
  nanoseconds: number;
}

export interface Response {
  id: number;
  tool?: string;
  success?: boolean;
  output?: unknown;
  timings?: Timing[];
  error?: string;
}

/** Fields of most inputs: how often a function is to be run. */
export interface Runs {
  min_runs: number;
  min_seconds: number;
}

/** The functions of an eval by name, each of an input that comes as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: each has an input of its own
export type Module = Record<string, (input: any) => unknown>;
