import { isObject } from "./conversion.ts";
import { Dual, plain } from "./dual-number.ts";
import { type AnyFunction, twinOf } from "./twins.ts";
import { DualArray } from "./typed-array.ts";

/**
 * Iterators of the user's own, as the language is to see them: an active number is neither the object
 * that an iterator or a step has to be, nor true because it is one where a step says whether it is done.
 */

type Keyed = Record<PropertyKey, unknown>;

const ask = (f: unknown, self: unknown, args: unknown[] = []): unknown =>
  Reflect.apply((twinOf(f)?.dual ?? f) as AnyFunction, self, args);

// Steps of the language's own iterators say whether they are done by themselves.
const native = new Set(
  [[].values(), "".matchAll(/a/g), new Map().keys(), new Set().keys(), ""[Symbol.iterator]()]
    .concat((function* (): Generator<never> {})() as never)
    .concat((async function* (): AsyncGenerator<never> {})() as never)
    .map((iterator) => (iterator as { next: unknown }).next),
);

/** What a loop, a spread, a pattern or `yield*` goes through. */
export function iterated(x: unknown): unknown {
  if (Array.isArray(x) || DualArray.is(x)) return x;
  if (!isObject(x)) return plain(x);
  // Asked for when the language asks for it.
  return {
    get [Symbol.iterator]() {
      return way(x, Symbol.iterator, settled);
    },
  };
}

/** The same for `for await`, and for `yield*` in an async generator. */
export function iteratedLater(x: unknown): unknown {
  if (!isObject(x)) return plain(x);
  const later = (step: unknown) =>
    isObject(step) ? Promise.resolve(step).then(settled) : plain(step);
  return {
    get [Symbol.asyncIterator]() {
      return way(x, Symbol.asyncIterator, later);
    },
    get [Symbol.iterator]() {
      return way(x, Symbol.iterator, settled);
    },
  };
}

function way(x: object, key: symbol, see: (step: unknown) => unknown): unknown {
  const method = (x as Keyed)[key];
  return typeof method === "function" ? () => steps(ask(method, x), see) : plain(method);
}

function steps(iterator: unknown, see: (step: unknown) => unknown): unknown {
  if (!isObject(iterator)) return plain(iterator);
  const { next } = iterator as Keyed;
  if (native.has(next)) return iterator;
  const ending = (name: "return" | "throw") => {
    const f = (iterator as Keyed)[name];
    if (typeof f !== "function") return plain(f);
    return (...given: unknown[]) => see(ask(f, iterator, given));
  };
  return {
    next: (...given: unknown[]) => see(ask(next, iterator, given)),
    get return() {
      return ending("return");
    },
    get throw() {
      return ending("throw");
    },
  };
}

function settled(step: unknown): unknown {
  if (!isObject(step)) return plain(step);
  const own = Object.getOwnPropertyDescriptor(step, "done");
  if (own && "value" in own && !(own.value instanceof Dual)) return step;
  const { done } = step as Keyed;
  return {
    done: plain(done),
    get value() {
      return (step as Keyed).value;
    },
  };
}
