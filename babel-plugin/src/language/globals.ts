/** What is known of a function of the language. */
export interface GlobalFunction {
  /** What a call gives: no tangent, a number, or an array made from its arguments. */
  readonly gives: "inert" | "number" | "array-of-size" | "array-from" | "floats-from";
  /** Whether it does nothing but look at its arguments, however often it is called. */
  readonly isQuiet?: true;
  /** Whether it answers yes or no, whatever it is given. */
  readonly isVerdict?: true;
}

const VERDICT: GlobalFunction = { gives: "inert", isQuiet: true, isVerdict: true };
const LOOK: GlobalFunction = { gives: "inert", isQuiet: true };

/** Each function of the language that the plugin knows besides `Math`, once. */
const globalFunctions: Readonly<Record<string, GlobalFunction>> = {
  Array: { gives: "array-of-size", isQuiet: true },
  "Array.from": { gives: "array-from", isQuiet: true },
  "Array.isArray": VERDICT,
  "ArrayBuffer.isView": VERDICT,
  Boolean: LOOK,
  "Float32Array.from": { gives: "floats-from", isQuiet: true },
  "Float64Array.from": { gives: "floats-from", isQuiet: true },
  Number: { gives: "number", isQuiet: true },
  "Number.isFinite": VERDICT,
  "Number.isInteger": VERDICT,
  "Number.isNaN": VERDICT,
  "Number.isSafeInteger": VERDICT,
  "Number.parseFloat": { gives: "number", isQuiet: true },
  "Number.parseInt": LOOK,
  "Object.is": LOOK,
  String: LOOK,
  isFinite: LOOK,
  isNaN: LOOK,
  parseInt: LOOK,
};

export const globalFunction = (name: string): GlobalFunction | undefined =>
  Object.hasOwn(globalFunctions, name) ? globalFunctions[name] : undefined;

/** The methods of a number that write it as text. */
export const textMethods: ReadonlySet<string> = new Set([
  "toFixed",
  "toPrecision",
  "toExponential",
  "toString",
  "toLocaleString",
]);

/** What is known of a class of the language: what its instances hold. */
type GlobalClass = "array" | "floats" | "half-floats" | "integers" | "opaque";

const globalClasses: Readonly<Record<string, GlobalClass>> = {
  Array: "array",
  ReadonlyArray: "array",
  Float64Array: "floats",
  Float32Array: "floats",
  Float16Array: "half-floats",
  Int8Array: "integers",
  Int16Array: "integers",
  Int32Array: "integers",
  Uint8Array: "integers",
  Uint8ClampedArray: "integers",
  Uint16Array: "integers",
  Uint32Array: "integers",
  BigInt64Array: "integers",
  BigUint64Array: "integers",
  String: "opaque",
  Boolean: "opaque",
  Date: "opaque",
  RegExp: "opaque",
};

export const globalClass = (name: string): GlobalClass | undefined =>
  Object.hasOwn(globalClasses, name) ? globalClasses[name] : undefined;

/** Whether instances of a class of the language are arrays or typed arrays. */
export const isListClass = (name: string): boolean => {
  const held = globalClass(name);
  return held !== undefined && held !== "opaque";
};
