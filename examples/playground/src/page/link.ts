/// <reference lib="dom" />
import type { Range } from "../protocol.ts";

/** All that a link brings back. */
export interface State {
  readonly source: string;
  readonly name: string | undefined;
  readonly x: Range;
  readonly y: Range;
  readonly point: readonly number[];
}

/** A state as the part of an address behind `#`: JSON, compressed, in letters that addresses may have. */
export async function toHash(state: State): Promise<string> {
  const bytes = await through(
    new TextEncoder().encode(JSON.stringify(state)),
    new CompressionStream("deflate-raw"),
  );
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The state in an address; undefined where there is none, or a broken one. */
export async function fromHash(hash: string): Promise<State | undefined> {
  try {
    const text = atob(hash.replace(/^#/, "").replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const json = await through(bytes, new DecompressionStream("deflate-raw"));
    const state = JSON.parse(new TextDecoder().decode(json)) as State;
    return isState(state) ? state : undefined;
  } catch {
    return undefined;
  }
}

const isRange = (range: unknown): boolean =>
  Array.isArray(range) && range.length === 2 && range.every(Number.isFinite);

// Anybody may have made the link.
const isState = ({ source, name, x, y, point }: State): boolean =>
  typeof source === "string" &&
  (name === undefined || typeof name === "string") &&
  isRange(x) &&
  isRange(y) &&
  Array.isArray(point) &&
  point.length >= 1 &&
  point.length <= 2 &&
  point.every(Number.isFinite);

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  return new Uint8Array(
    await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer(),
  );
}
