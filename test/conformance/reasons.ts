import type { Mode, Outcome } from "./realm.ts";

/** Why tests do not pass, in words for the page. The first row that fits is taken. */

interface Reason {
  readonly text: string;
  readonly kind: Outcome["kind"];
  readonly fits: (of: { name: string; mode: Mode; why: string }) => boolean;
}

const code =
  (id: string) =>
  ({ why }: { why: string }): boolean =>
    why === id;
const says =
  (words: RegExp) =>
  ({ why }: { why: string }): boolean =>
    words.test(why);
const under =
  (folder: RegExp) =>
  ({ name }: { name: string }): boolean =>
    folder.test(name);

const table: readonly Reason[] = [
  {
    kind: "refused",
    text: "DUAL003: `eval`, whose code is known only while the program runs",
    fits: code("DUAL003"),
  },
  {
    kind: "refused",
    text: "DUAL004: `with` makes names mean what is known only while the program runs",
    fits: code("DUAL004"),
  },
  {
    kind: "refused",
    text: "DUAL005: an active value is written to a variable outside the function",
    fits: code("DUAL005"),
  },
  {
    kind: "refused",
    text: "DUAL101: an active value is given to a function of the language that has no meaning for derivatives, or to unmarked code",
    fits: code("DUAL101"),
  },
  {
    kind: "refused",
    text: "DUAL105: an active value reaches arithmetic that the language does by itself, in a conversion or in unmarked code",
    fits: code("DUAL105"),
  },
  {
    kind: "refused",
    text: "DUAL106: an active value is written to a typed array that can hold plain numbers only",
    fits: code("DUAL106"),
  },
  {
    kind: "refused",
    text: "DUAL108: a typed array that is made inside is asked for its buffer, or to give one of another class",
    fits: (of) => code("DUAL108")(of) && under(/^built-ins\/(TypedArray|Float|ArrayBuffer)/)(of),
  },
  {
    kind: "refused",
    text: "DUAL108: an active value becomes a key of a Map or an element of a Set",
    fits: code("DUAL108"),
  },
  {
    kind: "refused",
    text: "another DUAL code",
    fits: () => true,
  },
  {
    kind: "failed",
    text: "the buffer of a float array that was made inside: it has none",
    fits: says(/prototype\.buffer called on incompatible/),
  },
  {
    kind: "failed",
    text: "float arrays made inside stand for typed arrays, and differ from them in property keys, descriptors, species and receivers",
    fits: under(/^built-ins\/(TypedArray|Float)/),
  },
  {
    kind: "failed",
    text: "the source text that `toString` of a function gives is that of the dual form",
    fits: under(/^built-ins\/Function\/prototype\/toString/),
  },
  {
    kind: "failed",
    text: "names that functions made inside get from where they stand",
    fits: says(/name descriptor value|name value should/),
  },
  {
    kind: "failed",
    text: "too slow or endless in the dual form",
    fits: says(/timed out|never done|hangs/),
  },
  {
    kind: "failed",
    text: "the test takes from the language what the runtime itself, or what runs the test, stands on",
    fits: (of) =>
      says(/(Map|Set) is not defined|is not iterable/)(of) ||
      // What maps the places of errors to sources asks for `exec`.
      under(/RegExpStringIteratorPrototype\/next\/custom-regexpexec/)(of),
  },
  {
    kind: "failed",
    text: "writes that fail in sloppy code throw, as in strict code",
    fits: says(/Cannot (assign to read only|delete) property/),
  },
  {
    kind: "failed",
    text: "Proxy traps: how often they are asked, and what they return",
    fits: (of) => under(/^built-ins\/(Proxy|Reflect)\//)(of) || says(/trap called/)(of),
  },
  {
    kind: "failed",
    text: "an active number that the language itself asks whether it is an object, or converts to a truth value or a key",
    fits: ({ mode }) => mode === "active literals",
  },
  {
    kind: "failed",
    text: "order or number of conversions, getters and calls",
    fits: says(/Expected SameValue|DummyError|order|: Actual \[/),
  },
  { kind: "failed", text: "not yet explained", fits: () => true },
];

/** The reason of an outcome that is not a pass. */
export function reasonOf(name: string, mode: Mode, { kind, why = "" }: Outcome): string {
  const row = table.find((r) => r.kind === kind && r.fits({ name, mode, why }));
  if (!row) throw new Error(`no reason for ${kind} ${name}`);
  return row.text;
}

/** Which kind of outcome a reason stands for. */
export const kindOf = (reason: string): Outcome["kind"] =>
  table.find((r) => r.text === reason)?.kind ?? unknown(reason);

function unknown(reason: string): never {
  throw new Error(`no such reason: ${reason}`);
}
