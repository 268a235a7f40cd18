/// <reference lib="dom" />
import type { Answer, Kind, Request, Requests } from "../protocol.ts";
import Engine from "../worker/worker.ts?worker&inline";
import { rest, work } from "./busy.ts";

/** What a call takes at most, in ms. */
const PATIENCE = 4000;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let count = 0;

/**
 * Asks the worker.
 *
 * @throws Error what the user's function throws, or that it takes too long; the worker is then ended, and
 *   has to compile again
 */
export function ask<K extends Kind>(
  kind: K,
  what: Requests[K]["ask"],
): Promise<Requests[K]["answer"]> {
  worker ??= start();
  const id = count++;
  work();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(end, PATIENCE);
    waiting.set(id, { resolve, reject, timer });
    worker?.postMessage({ id, kind, ...what } as unknown as Request);
  });
}

function start(): Worker {
  const started = new Engine();
  started.onmessage = ({ data }: MessageEvent<Answer>) => {
    const found = waiting.get(data.id);
    if (found === undefined) return;
    waiting.delete(data.id);
    clearTimeout(found.timer);
    rest();
    if ("error" in data) found.reject(new Error(data.error));
    else found.resolve(data.value as never);
  };
  return started;
}

function end(): void {
  worker?.terminate();
  worker = undefined;
  for (const { reject, timer } of waiting.values()) {
    clearTimeout(timer);
    rest();
    reject(
      new Error(
        `Nothing came back within ${PATIENCE / 1000} s: is there a loop that does not end?`,
      ),
    );
  }
  waiting.clear();
}
