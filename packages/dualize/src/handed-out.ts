import { isLive } from "./tags.ts";

/** The derivatives that a function came out of: it computes with what it captured when it is called. */
const tags = new Set<number>();

/** Remembers that a function came out of a derivative, or runs as if in it again. */
export function handOut(tag: number): void {
  for (const other of tags) if (!isLive(other)) tags.delete(other);
  tags.add(tag);
}

/** Whether a function came out of one of the derivatives that pass; they are forgotten. */
export function takeHandedOut(passes: (tag: number) => boolean): boolean {
  let found = false;
  for (const tag of tags)
    if (passes(tag)) {
      tags.delete(tag);
      found = true;
    }
  return found;
}
