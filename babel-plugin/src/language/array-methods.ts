/** What is known of a method of arrays and typed arrays. */
export interface ArrayMethod {
  /**
   * What a call gives: nothing that matters (`inert`), an element, the array or one like it (`same`),
   * an array of what the callback gives (`results`), what a callback gathers (`accumulated`), or the
   * elements of its elements (`flat`).
   * Methods without it are not known to tangent code.
   */
  readonly gives?: "inert" | "element" | "same" | "results" | "accumulated" | "flat";
  /** Whether it changes the array it is called of. */
  readonly changes?: true;
  /** Where a callback is called, and with what: the element, or what was gathered and the element. */
  readonly callsBack?: "element" | "accumulated";
  /** Whether it is given a function that compares two elements. */
  readonly compares?: true;
  /** Whether its result sees primals only, so that plain code serves. */
  readonly looksUp?: true;
  /** How many levels of the result are made by the call itself: all of a copy, or one of results. */
  readonly makes?: "copy" | "results";
}

const LOOKUP: ArrayMethod = { gives: "inert", looksUp: true };

/** Each method of arrays that the plugin knows, once. */
const arrayMethods: Readonly<Record<string, ArrayMethod>> = {
  at: { gives: "element" },
  concat: { gives: "same", makes: "copy" },
  copyWithin: { changes: true },
  every: { gives: "inert", callsBack: "element", looksUp: true },
  fill: { gives: "same", changes: true },
  filter: { gives: "same", callsBack: "element", makes: "copy" },
  find: { callsBack: "element" },
  findIndex: { gives: "inert", callsBack: "element", looksUp: true },
  findLast: { callsBack: "element" },
  findLastIndex: { gives: "inert", callsBack: "element", looksUp: true },
  flat: { gives: "flat" },
  flatMap: { callsBack: "element" },
  forEach: { gives: "inert", callsBack: "element" },
  includes: LOOKUP,
  indexOf: LOOKUP,
  join: LOOKUP,
  keys: LOOKUP,
  lastIndexOf: LOOKUP,
  map: { gives: "results", callsBack: "element", makes: "results" },
  pop: { gives: "element", changes: true },
  push: { gives: "inert", changes: true },
  reduce: { gives: "accumulated", callsBack: "accumulated" },
  reduceRight: { gives: "accumulated", callsBack: "accumulated" },
  reverse: { gives: "same", changes: true },
  set: { gives: "inert", changes: true },
  shift: { gives: "element", changes: true },
  slice: { gives: "same", makes: "copy" },
  some: { gives: "inert", callsBack: "element", looksUp: true },
  sort: { changes: true, compares: true },
  splice: { changes: true },
  subarray: { gives: "same" },
  toString: LOOKUP,
  unshift: { gives: "inert", changes: true },
};

/** What is known of a method; nothing of names that are none. */
export const arrayMethod = (name: string): ArrayMethod =>
  (Object.hasOwn(arrayMethods, name) ? arrayMethods[name] : undefined) ?? UNKNOWN;

const UNKNOWN: ArrayMethod = {};
