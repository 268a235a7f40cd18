import { asked, told } from "./asked.ts";
import { isView, stringTag } from "./captured.ts";
import { printed } from "./console.ts";
import { isObject, operand, primitive, propertyKey, seen, textOf } from "./conversion.ts";
import { add, Dual, plain } from "./dual-number.ts";
import {
  passOn,
  plainTypedArray,
  type Site,
  unmarkedArithmetic,
  unmarkedCallee,
  unsupportedValue,
} from "./errors.ts";
import { iterated } from "./iterators.ts";
import { lasting } from "./lasting.ts";
import { mapped } from "./mapped.ts";
import { itself } from "./originals.ts";
import { leave } from "./outliving.ts";
import { running } from "./tags.ts";
import { dataValue, hasDuals } from "./tree.ts";
import { type AnyFunction, dualForm, isDualForm, TWIN, twinOf } from "./twins.ts";
import { DualArray, extendDualArray, floatModel, isFloatArrayConstructor } from "./typed-array.ts";
import { dualArrayMethods, indexOf, isIndex, makeDualArray } from "./typed-array-methods.ts";

/** What functions of the language mean when they are called from a dual form. */

interface Call {
  readonly site: Site;
  readonly self: unknown;
  readonly args: unknown[];
  readonly invoke: (site: Site, f: unknown, self: unknown, args: unknown[]) => unknown;
  /** What callbacks are told instead of what the language goes through. */
  readonly onto?: (x: unknown) => unknown;
}
type Builtin = (call: Call) => unknown;

export const builtins = lasting(new Map<unknown, Builtin>());
export const constructors = lasting(new Map<unknown, Builtin>());

type Methods = Record<string, AnyFunction | undefined>;

const define = (
  owner: object,
  names: string,
  make: (native: AnyFunction, name: string) => Builtin,
): void => {
  for (const name of names.split(" ")) {
    const native = (owner as Methods)[name];
    if (native) builtins.set(native, make(native, name));
  }
};

/** Moves values about, whatever they are. */
const asItIs =
  (native: AnyFunction): Builtin =>
  ({ self, args }) =>
    native.apply(self, args);

/** Sees the primals of its arguments only. */
const onPrimals =
  (native: AnyFunction): Builtin =>
  ({ self, args }) =>
    native.apply(seen(self), mapped(args, seen));

const changing =
  (change: (x: unknown) => unknown, at: number[]) =>
  (native: AnyFunction): Builtin =>
  ({ self, args }) =>
    native.apply(
      self,
      args.map((a, i) => (at.includes(i) ? change(a) : a)),
    );

/** Sees the primals of those arguments that are positions. */
const positions = (...at: number[]) => changing(seen, at);

/** Takes objects in these places, which an active number is none of. */
const objects = (...at: number[]) => changing(plain, at);

/** A function that calls back: what it gets is called as from the dual form, and its verdicts are seen by their primals. */
const callsBack =
  (see: (result: unknown) => unknown) =>
  (native: AnyFunction): Builtin =>
  ({ site, self, args, invoke, onto }) => {
    const [f, ...rest] = args;
    if (typeof f !== "function") return native.apply(self, args);
    return native.call(
      self,
      function (this: unknown, ...given: unknown[]) {
        const all = onto ? given.map(onto) : given;
        return see(isDualForm(f) ? Reflect.apply(f, this, all) : invoke(site, f, this, all));
      },
      ...rest,
    );
  };

/** The list itself where it holds no active value: subclasses, getters and holes are left alone. */
function withoutDuals(list: unknown): unknown {
  if (!isObject(list)) return plain(list);
  if (DualArray.is(list)) return list.toArray().map(plain);
  if (!Array.isArray(list) && stringTag.call(list) !== "[object Arguments]")
    return hasDuals(list) ? Array.prototype.map.call(list, plain) : list;
  const active = Object.keys(list).filter((k) => dataValue(list, k) instanceof Dual);
  if (active.length === 0) return list;
  // Property by property: the list may be long and nearly empty, or make lists of its own kind.
  const all = Object.getOwnPropertyDescriptors(list) as PropertyDescriptorMap;
  for (const k of active) all[k] = { ...all[k], value: plain(dataValue(list, k)) };
  return Object.defineProperties(Array.isArray(list) ? [] : {}, all);
}

/** What is like an array, with a length that the language can count by. */
function counted(list: unknown): unknown {
  if (list instanceof Dual) return boxed(list);
  if (!isObject(list) || Array.isArray(list) || isView(list) || DualArray.is(list)) return list;
  return new Proxy(list, {
    get: (_, key) => {
      const value = Reflect.get(list, key) as unknown;
      return key === "length" ? seen(value) : value;
    },
    set: (_, key, value) => Reflect.set(list, key, value),
  });
}

/** A method of arrays, on anything that is like one. */
const onList =
  (make: (native: AnyFunction, name: string) => Builtin) =>
  (native: AnyFunction, name: string): Builtin => {
    const builtin = make(native, name);
    return (call) => {
      const { self } = call;
      if (Array.isArray(self)) return builtin(call);
      const list = counted(self);
      if (list === self) return builtin(call);
      const itselfAgain = (x: unknown) => (x === list ? self : x);
      const result = builtin({
        ...call,
        self: list,
        // Callbacks are told what they go through.
        onto: itselfAgain,
      });
      return itselfAgain(result);
    };
  };

/** A list in which the language finds numbers by their primals, and what copies are copies of. */
const searched = (list: unknown): unknown =>
  isObject(list)
    ? new Proxy(
        {},
        {
          get: (_, key) => {
            const value = Reflect.get(list, key) as unknown;
            return key === "length" ? seen(value) : itself(value);
          },
          has: (_, key) => key in list,
        },
      )
    : plain(list);

const arrayLike = Array.prototype;
define(arrayLike, "concat", asItIs);
define(
  arrayLike,
  "push pop shift unshift reverse toReversed values keys entries toLocaleString",
  onList(asItIs),
);
define(
  arrayLike,
  "join toString",
  onList((native) => (call) => told(asItIs(native)(call) as string, call.self)),
);
define(
  arrayLike,
  "slice splice toSpliced copyWithin flat at with",
  onList((native, name) =>
    name === "splice" || name === "toSpliced" || name === "with"
      ? positions(...(name === "with" ? [0] : [0, 1]))(native)
      : positions(0, 1, 2)(native),
  ),
);
define(arrayLike, "fill", onList(positions(1, 2)));
define(arrayLike, "map flatMap reduce reduceRight", onList(callsBack((x) => x)));
define(arrayLike, "forEach", onList(callsBack(() => undefined)));
define(
  arrayLike,
  "filter find findIndex findLast findLastIndex every some",
  onList(callsBack(plain)),
);
const compares = callsBack((x) => plain(operand(x)));
define(arrayLike, "sort toSorted", onList(compares));
define(
  arrayLike,
  "indexOf lastIndexOf includes",
  (native) =>
    ({ self, args: [x, ...rest] }) =>
      native.call(searched(self), itself(x), ...rest.map(seen)),
);

// A DualArray's own methods see to their arguments themselves, but for callbacks that are no dual forms.
for (const method of [
  ...Object.values(dualArrayMethods),
  DualArray.prototype[Symbol.iterator],
] as AnyFunction[]) {
  builtins.set(method, ({ site, self, args, invoke }) =>
    method.apply(
      self,
      args.map((a) =>
        typeof a === "function" && !isDualForm(a)
          ? (...given: unknown[]) => invoke(site, a, undefined, given)
          : a,
      ),
    ),
  );
}

define(Array, "isArray of", asItIs);
// Asked of a value's kind, a dual is a number and the array of a dual form is the typed array it stands for.
extendDualArray({
  [Symbol.toStringTag]: {
    get(this: DualArray) {
      return this.model.name;
    },
    configurable: true,
  },
});
builtins.set(Object.prototype.toString, ({ self }) => stringTag.call(plain(self)));
// An active number stays one, as every object stays itself.
builtins.set(Object.prototype.valueOf, ({ self }) =>
  isObject(self) ? self : Object.prototype.valueOf.call(self),
);
builtins.set(ArrayBuffer.isView, ({ args: [x] }) => DualArray.is(x) || isView(x));
builtins.set(Array.from, ({ site, self: C, args: [source, f, self], invoke }) => {
  // Inherited by classes that extend Array, which then make their own.
  const from = (...args: unknown[]) => (Array.from as AnyFunction).apply(C ?? Array, args);
  // The language says of what can't be called that it can't, before it looks at anything else.
  const list = f === undefined || typeof f === "function" ? iteratedList(source) : [];
  return typeof f !== "function"
    ? from(list, plain(f))
    : from(list, (v: unknown, i: number) => invoke(site, f, self, [v, i]));
});
const iteratedList = (source: unknown): unknown =>
  isObject(source) && Symbol.iterator in source ? iterated(source) : counted(source);
const makeArray: Builtin = ({ args }) =>
  args.length === 1 ? new Array(plain(args[0]) as number) : [...args];
builtins.set(Array, makeArray);
constructors.set(Array, makeArray);

// A class made of a float array holds plain numbers: an active one would lose its tangent in it.
const element = ({ site, self }: Call, given: unknown): unknown => {
  const value = primitive(given, "number");
  if (value instanceof Dual && typeof self === "function" && floatModel(self.prototype))
    throw plainTypedArray(site);
  return plain(value);
};

const typedArray = Object.getPrototypeOf(Float64Array.prototype) as object;

/** Whether a function is no class of typed arrays, and gives one that it has made when it is called with `new`. */
const isFactory = (f: unknown): boolean =>
  typeof f === "function" &&
  twinOf(f) !== undefined &&
  !(f.prototype instanceof (typedArray.constructor as AnyFunction));

/** The typed array that a function makes for so many elements, with these put into it. */
function filled(
  { site, self, invoke }: Call,
  values: readonly unknown[],
  each = (value: unknown, _: number): unknown => value,
): unknown {
  const made = invoke(site, Reflect.construct, undefined, [self, [values.length]]);
  if (!DualArray.is(made) && !isView(made)) throw new TypeError("this is not a typed array.");
  const list = made as unknown as unknown[];
  if (list.length < values.length)
    throw new TypeError("Derived TypedArray constructor created an array which was too small");
  const plainly = { site, self: made.constructor } as Call;
  values.forEach((v, i) => {
    const value = each(v, i);
    if (DualArray.is(made)) made.put(i, operand(value));
    else list[i] = element(plainly, value);
  });
  return made;
}

for (const C of [
  Float32Array,
  Float64Array,
  (globalThis as { Float16Array?: unknown }).Float16Array,
]) {
  if (!isFloatArrayConstructor(C)) continue;
  const { from, of } = C;
  // Both are inherited from %TypedArray%, so one entry serves all; the class is `this`.
  builtins.set(of, (call) => {
    const { self, args } = call;
    if (isFloatArrayConstructor(self)) return makeDualArray(self, [args]);
    if (isFactory(self)) return filled(call, args);
    return (of as AnyFunction).apply(
      self,
      mapped(args, (v) => element(call, v)),
    );
  });
  builtins.set(from, (call) => {
    const {
      site,
      self,
      args: [source, f, that],
      invoke,
    } = call;
    if (f !== undefined && typeof f !== "function")
      throw new TypeError(`${printed(f)} is not a function`);
    const values = Array.from(iteratedList(source) as ArrayLike<unknown>);
    const mapped = (v: unknown, i: number) => (f ? invoke(site, f, that, [v, i]) : v);
    if (isFactory(self)) return filled(call, values, mapped);
    if (!isFloatArrayConstructor(self))
      return (from as AnyFunction).call(self, values, (v: unknown, i: number) =>
        element(call, mapped(v, i)),
      );
    const made = makeDualArray(self, [values.length]) as DualArray;
    values.forEach((v, i) => {
      made.put(i, operand(mapped(v, i)));
    });
    return made;
  });
}

// Typed arrays made elsewhere hold plain numbers.
define(typedArray, "filter find findIndex findLast findLastIndex every some", callsBack(plain));
define(typedArray, "map", callsBack(seen));
define(typedArray, "sort toSorted", compares);
define(
  typedArray,
  "reduce reduceRight",
  callsBack((x) => x),
);
define(
  typedArray,
  "forEach",
  callsBack(() => undefined),
);
define(typedArray, "slice subarray at copyWithin indexOf lastIndexOf includes", onPrimals);
define(typedArray, "set fill with", (native, name) => ({ site, self, args: [source, ...rest] }) => {
  // Converted here, so that it is known whether an active value comes of it.
  const number = (v: unknown) => primitive(v, "number");
  const isList = name === "set" && isObject(source);
  if (isList && !Array.isArray(source) && !DualArray.is(source) && !isView(source)) {
    // Read as the language goes: what is read may change the array.
    const get = (_: object, key: string) => {
      const v = (source as Record<string, unknown>)[key];
      if (key === "length") return seen(v);
      const element = number(v);
      if (floatModel(self) && element instanceof Dual) throw plainTypedArray(site);
      return plain(element);
    };
    return native.call(self, new Proxy({}, { get } as ProxyHandler<object>), ...rest.map(seen));
  }
  const first = isList ? Array.from(source as ArrayLike<unknown>, number) : number(source);
  const given = [first, ...rest.map(number)];
  if (floatModel(self) && hasDuals(given)) throw plainTypedArray(site);
  return native.apply(
    self,
    given.map((v) => (Array.isArray(v) ? v.map(plain) : plain(v))),
  );
});
// New arrays made of them may be written to, or hold what a callback gives.
for (const name of ["map", "filter", "slice", "toSorted", "toReversed", "with"] as const) {
  const native = (typedArray as Methods)[name];
  const onPlain = builtins.get(native) ?? onPrimals(native as AnyFunction);
  if (!native) continue;
  builtins.set(native, (call) => {
    const model = floatModel(call.self);
    if (!model) return onPlain(call);
    if (name === "slice") {
      const part = onPlain(call);
      return floatModel(part) === model ? makeDualArray(model, [part]) : part;
    }
    const self = makeDualArray(model, [call.self]) as object;
    Object.defineProperty(self, "constructor", {
      get: () => (call.self as object).constructor,
      configurable: true,
    });
    return builtins.get(dualArrayMethods[name])?.({ ...call, self });
  });
}

// A view of bytes takes whole numbers by their primals, as arrays of them do, and no active ones as they are.
for (const name of Object.getOwnPropertyNames(DataView.prototype)) {
  if (/^(get|set.*int)/i.test(name)) define(DataView.prototype, name, onPrimals);
}
define(
  DataView.prototype,
  "setFloat16 setFloat32 setFloat64",
  (native) =>
    ({ site, self, args: [at, value, ...rest] }) => {
      const number = (v: unknown) => {
        const p = primitive(v, "number");
        if (p instanceof Dual) throw unmarkedCallee(native, site);
        return p;
      };
      // When the language converts it.
      const given = isObject(value) ? { valueOf: () => number(value) } : number(value);
      return native.call(self, seen(at), given, ...rest.map(plain));
    },
);

builtins.set(Number, ({ args }) => {
  if (args.length === 0) return 0;
  const x = primitive(args[0], "number");
  return x instanceof Dual ? x : Number(x);
});
builtins.set(Number.parseFloat, ({ args: [x] }) =>
  x instanceof Dual ? add(x, 0) : Number.parseFloat(seen(x) as string),
);
builtins.set(String, ({ args }) => (args.length === 0 ? "" : told(String(seen(args[0])), args[0])));
builtins.set(Boolean, ({ args: [x] }) => Boolean(plain(x)));
builtins.set(BigInt, ({ args: [x] }) => BigInt(seen(x) as number));
builtins.set(Number.parseInt, onPrimals(Number.parseInt));
define(globalThis, "isNaN isFinite", onPrimals);
define(Number, "isNaN isFinite isInteger isSafeInteger", onPrimals);
// An object that holds a number has to stay one.
define(
  Number.prototype,
  "toFixed toString toPrecision toExponential toLocaleString",
  (native) =>
    ({ self, args }) =>
      native.apply(plain(self), mapped(args, seen)),
);
builtins.set(Number.prototype.valueOf, ({ self }) =>
  self instanceof Dual
    ? self
    : (activeIn.get(self as object) ?? Number.prototype.valueOf.call(self)),
);

// A class that makes what a method of the language gives has to be one: an active number is none.
Object.defineProperty(Dual.prototype, Symbol.species, {
  get() {
    throw unmarkedArithmetic();
  },
  configurable: true,
});

/** The active numbers that objects hold. */
const activeIn = new WeakMap<object, Dual>();

/** `new Number(x)` and `Object(x)`: an object that its own conversion gives the active number back of. */
function boxed(x: Dual): object {
  const box = new Number(plain(x));
  activeIn.set(box, x);
  // Unmarked code that computes with it fails, as it would with the number.
  const value = (hint: string) => (hint === "string" ? String(plain(x)) : x);
  return Object.defineProperty(box, Symbol.toPrimitive, { value, configurable: true });
}
constructors.set(Number, ({ args }) => {
  const x = args.length === 0 ? 0 : primitive(args[0], "number");
  return x instanceof Dual ? boxed(x) : new Number(x);
});
const toObject: Builtin = ({ args: [x] }) => (x instanceof Dual ? boxed(x) : Object(x));
builtins.set(Object, toObject);
constructors.set(Object, toObject);
define(
  Dual.prototype,
  "toFixed toString toPrecision toExponential toLocaleString toJSON",
  (native, name) =>
    ({ self, args }) => {
      const made: unknown = native.apply(self, mapped(args, seen));
      return name === "toString" ? told(made as string, self) : made;
    },
);
builtins.set(Dual.prototype.valueOf, ({ self }) => self);

/** Text of other text is made of what that was made of. */
const ofText =
  (native: AnyFunction): Builtin =>
  (call) => {
    const made: unknown = onPrimals(native)(call);
    return typeof made === "string" ? told(made, call.self, ...call.args) : made;
  };
define(
  String.prototype,
  "at charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf normalize padEnd padStart repeat slice startsWith substring trim trimEnd trimStart toLowerCase toUpperCase",
  ofText,
);

/** Methods of text that leave the work to what they are given, and how many arguments that gets after the text. */
const patterns = {
  match: [Symbol.match, 0],
  matchAll: [Symbol.matchAll, 0],
  replace: [Symbol.replace, 1],
  replaceAll: [Symbol.replace, 1],
  search: [Symbol.search, 0],
  split: [Symbol.split, 1],
} as const;
define(String.prototype, Object.keys(patterns).join(" "), (native, name) => {
  const ordinary = ofText(native);
  const [symbol, more] = patterns[name as keyof typeof patterns];
  return (call) => {
    const [pattern, rest] = call.args;
    const own = isObject(pattern) ? (pattern as Record<symbol, unknown>)[symbol] : undefined;
    const isOwn = typeof own === "function" && own !== (RegExp.prototype as never)[symbol];
    const isPartial =
      name === "replaceAll" && pattern instanceof RegExp && !pattern.flags.includes("g");
    // Of nothing the language says itself that it is no text.
    const isText = call.self !== null && call.self !== undefined;
    return isOwn && isText && !isPartial
      ? call.invoke(call.site, own, pattern, more ? [call.self, rest] : [call.self])
      : ordinary(call);
  };
});
define(String, "fromCharCode fromCodePoint raw", onPrimals);

/** An object's own entries, where a typed array of a dual form shows its elements. */
const entriesOf = (x: unknown): unknown => (DualArray.is(x) ? { ...x.toArray(), ...x } : plain(x));
define(
  Object,
  "keys values entries getOwnPropertyNames",
  (native) =>
    ({ args: [x, ...rest] }) =>
      native(entriesOf(x), ...rest),
);
define(
  Object,
  "fromEntries",
  (native) =>
    ({ args: [entries] }) =>
      native(iterated(entries)),
);
define(Object, "isFrozen isSealed isExtensible", objects(0));
/** What functions are differentiated by is no property that the program gave them. */
const isSeen = (key: PropertyKey): boolean => key !== TWIN;
builtins.set(Object.getOwnPropertySymbols, ({ args: [x] }) =>
  Object.getOwnPropertySymbols(plain(x)).filter(isSeen),
);
builtins.set(Object.getOwnPropertyDescriptors, ({ args: [x] }) => {
  const all = Object.getOwnPropertyDescriptors(plain(x)) as PropertyDescriptorMap;
  delete all[TWIN as never];
  return all;
});
define(Object, "is", changing(itself, [0, 1]));
define(
  Object,
  "freeze seal preventExtensions",
  (native) =>
    ({ args: [x] }) =>
      x instanceof Dual ? x : native(x),
);
builtins.set(Object.setPrototypeOf, ({ args: [x, prototype] }) =>
  x instanceof Dual ? x : Object.setPrototypeOf(x, plain(prototype) as object),
);
builtins.set(Object.assign, ({ site, args: [target, ...sources] }) => {
  if (target instanceof Dual) {
    throw unsupportedValue(
      "an active value was made an object by Object.assign",
      "Assign to an object that holds the value.",
      site,
    );
  }
  return Object.assign(target as object, ...sources.map(entriesOf));
});
/** Elements are no properties of what stands for a typed array, but to the program they are. */
const isElementOf = (x: unknown, key: unknown): x is DualArray =>
  DualArray.is(x) && isIndex(key as PropertyKey);
function descriptorBy(native: AnyFunction): Builtin {
  return ({ args: [x, key] }) => {
    const k = propertyKey(key);
    if (!isElementOf(x, k)) return native(plain(x), k);
    const value = x.get(indexOf(k as string));
    return value === undefined
      ? undefined
      : { value, writable: true, enumerable: true, configurable: true };
  };
}
builtins.set(Object.getOwnPropertyDescriptor, descriptorBy(Object.getOwnPropertyDescriptor));
define(Object, "hasOwn", (native) => ({ args: [x, key] }) => {
  const k = propertyKey(key);
  return isElementOf(x, k) ? x.get(indexOf(k as string)) !== undefined : native(plain(x), k);
});

/** What a property descriptor says of its property, by the primals. */
function described(descriptor: unknown): unknown {
  const ways = ["enumerable", "configurable", "writable"];
  const active = ways.filter(
    (k) => isObject(descriptor) && dataValue(descriptor, k) instanceof Dual,
  );
  if (active.length === 0) return plain(descriptor);
  const copy = { ...(descriptor as Record<string, unknown>) };
  for (const k of active) copy[k] = plain(copy[k]);
  return copy;
}
for (const owner of [Object, Reflect]) {
  define(owner, "defineProperty", (native) => ({ args: [x, key, descriptor] }) => {
    if (!DualArray.is(x)) return native(plain(x), seen(key), described(descriptor));
    const k = propertyKey(seen(key) as PropertyKey);
    if (!isIndex(k)) return native(x, k, described(descriptor));
    const d = described(descriptor) as PropertyDescriptor;
    // A typed array says whether it takes it; the elements are elsewhere.
    const made = native(Reflect.construct(x.model, [x.length]), k, {
      ...d,
      ...("value" in d && { value: 0 }),
    });
    if ("value" in d && made) Reflect.set(x, k, d.value);
    return owner === Object ? x : made;
  });
  define(
    owner,
    "getPrototypeOf",
    (native) =>
      ({ args: [x] }) =>
        DualArray.is(x) ? x.model.prototype : native(plain(x)),
  );
}
const defineProperties = (x: unknown, all: unknown): unknown => {
  if (!isObject(x) || !isObject(all)) return Object.defineProperties(plain(x), plain(all) as never);
  const copy = Object.create(null) as Record<PropertyKey, unknown>;
  for (const k of Reflect.ownKeys(all))
    if (Reflect.getOwnPropertyDescriptor(all, k)?.enumerable)
      copy[k] = described((all as Record<PropertyKey, unknown>)[k]);
  return Object.defineProperties(x, copy as never);
};
builtins.set(Object.defineProperties, ({ args: [x, all] }) => defineProperties(x, all));
builtins.set(Object.create, ({ args: [prototype, all] }) => {
  const made = Object.create(plain(prototype) as object | null) as object;
  return all === undefined ? made : defineProperties(made, all);
});
builtins.set(Function.prototype.toString, ({ self }) => textOf(self));
define(Date, "UTC", onPrimals);
define(
  Date.prototype,
  Reflect.ownKeys(Date.prototype)
    .filter((k) => String(k).startsWith("set"))
    .join(" "),
  onPrimals,
);
define(Object.prototype, "isPrototypeOf", objects(0));
define(
  Object.prototype,
  "__defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__",
  positions(0),
);
define(
  Object.prototype,
  "hasOwnProperty propertyIsEnumerable",
  (native) =>
    ({ self, args: [key] }) => {
      const k = propertyKey(key);
      return isElementOf(self, k)
        ? self.get(indexOf(k as string)) !== undefined
        : native.call(plain(self), k);
    },
);
define(Reflect, "isExtensible preventExtensions get set deleteProperty", objects(0));
builtins.set(Reflect.has, ({ args: [x, key] }) => {
  const k = propertyKey(key);
  return isElementOf(x, k)
    ? x.get(indexOf(k as string)) !== undefined
    : Reflect.has(plain(x) as object, k);
});
define(Reflect, "setPrototypeOf", objects(0, 1));
builtins.set(Reflect.ownKeys, ({ args: [x] }) =>
  DualArray.is(x)
    ? [...Object.keys(x.toArray()), ...Reflect.ownKeys(x)]
    : Reflect.ownKeys(plain(x) as object).filter(isSeen),
);
builtins.set(Reflect.getOwnPropertyDescriptor, descriptorBy(Reflect.getOwnPropertyDescriptor));
/**
 * Arguments in a list of any make, by length and index as the language reads them, however the list
 * may be gone through; what is none is an error of the language.
 */
export function listed(args: unknown): unknown[] {
  if (!isObject(args)) return Reflect.apply(Array.of, undefined, plain(args) as []);
  if (DualArray.is(args)) return args.toArray();
  const list = counted(args) as ArrayLike<unknown>;
  return Array.from({ length: list.length }, (_, i) => list[i]);
}
builtins.set(Reflect.apply, ({ site, args: [f, self, args], invoke }) =>
  invoke(site, f, self, listed(args)),
);
builtins.set(Function.prototype.call, ({ site, self, args: [that, ...args], invoke }) =>
  invoke(site, self, that, args),
);
builtins.set(Function.prototype.apply, ({ site, self, args: [that, args], invoke }) =>
  invoke(site, self, that, listed(args ?? [])),
);
builtins.set(Function.prototype.bind, ({ site, self, args: [that, ...args], invoke }) => {
  // Name, length and the lack of a prototype are those of the language's own bound function.
  const bound = Function.prototype.bind.call(self as AnyFunction, that, ...args) as AnyFunction;
  const length: unknown = dataValue(self as AnyFunction, "length");
  if (length instanceof Dual) {
    const whole = Math.trunc(plain(length) as number) || 0;
    const left = Math.max(whole - args.length, 0);
    Object.defineProperty(bound, "length", { value: left, configurable: true });
  }
  const proxy: AnyFunction = new Proxy(bound, {
    // `instanceof` asks the function that was bound; of a Proxy the language does not know that it stands for a bound one.
    get: (_, key) =>
      key === Symbol.hasInstance
        ? dualForm((x: unknown) => x instanceof bound)
        : Reflect.get(bound, key),
    apply: (_, __, more: unknown[]) => invoke(site, self, that, [...args, ...more]),
    construct: (_, more: unknown[], target) =>
      invoke(site, Reflect.construct, undefined, [
        self,
        [...args, ...more],
        target === proxy ? self : target,
      ]) as object,
  });
  return dualForm(proxy);
});
builtins.set(JSON.parse, ({ site, args: [text, reviver], invoke }) =>
  typeof reviver === "function"
    ? JSON.parse(seen(text) as string, function (this: unknown, ...given: unknown[]) {
        return invoke(site, reviver, this, given);
      })
    : JSON.parse(seen(text) as string),
);
builtins.set(JSON.stringify, ({ site, args: [value, replacer, space], invoke }) => {
  if (Array.isArray(replacer))
    return JSON.stringify(plain(value), withoutDuals(replacer) as [], plain(space) as number);
  // Also a `toJSON` may give an active value.
  const made = JSON.stringify(
    value,
    function (this: unknown, k: string, v: unknown) {
      return plain(typeof replacer === "function" ? invoke(site, replacer, this, [k, v]) : v);
    },
    plain(space) as number,
  );
  return told(made, value);
});
define(
  console,
  "log info warn error debug table dir dirxml assert trace group groupCollapsed count time timeLog timeEnd",
  (native) =>
    ({ self, args }) =>
      native.apply(
        self,
        mapped(args, (a) => printed(a)),
      ),
);

// Keys are compared by identity of the primal; as a key of its own an active value would lose its tangent.
const noActive =
  (what: string, native: AnyFunction): Builtin =>
  ({ self, args, site }) => {
    if (args[0] instanceof Dual) {
      throw unsupportedValue(
        `an active value became ${what}`,
        "Use primalOf(value) if its derivative does not matter there, or keep the values in an array.",
        site,
      );
    }
    return native.apply(self, args);
  };
define(Map.prototype, "get has delete", onFirstPrimal);
define(Map.prototype, "set", (native) => {
  const put = noActive("a key of a Map", native);
  return (call) => {
    const [key, value] = call.args;
    if (asked.set === undefined || !(key instanceof Dual)) return put(atOriginal(call));
    asked.set(call.self as object, key, value);
    return native.call(call.self, plain(key), value);
  };
});
define(Map.prototype, "clear", (native) => ({ self, args }) => {
  asked.forget?.(self as object);
  return native.apply(self, args);
});
define(Map.prototype, "keys values entries", asItIs);
define(
  Map.prototype,
  "forEach",
  callsBack(() => undefined),
);
define(WeakMap.prototype, "get has delete", onFirstPrimal);
define(WeakMap.prototype, "set", (native) => ({ self, args: [k, value] }) => {
  // Nobody can go through its keys, so that what it holds is found by the one that is there to stay.
  const key = itself(plain(k)) as object;
  asked.set?.(self as object, k, value);
  const map = native.call(self, key, value) as WeakMap<object, unknown>;
  if (running() && (value instanceof Dual || isObject(value)))
    leave({ read: () => map.get(key), write: (now) => map.set(key, now) });
  return map;
});
define(WeakSet.prototype, "has delete", onFirstPrimal);
define(
  WeakSet.prototype,
  "add",
  changing((k) => itself(plain(k)), [0]),
);
define(Set.prototype, "has delete", onFirstPrimal);
define(Set.prototype, "add", (native) => {
  const put = noActive("an element of a Set", native);
  return (call) => put(atOriginal(call));
});
define(Set.prototype, "clear keys values entries", asItIs);
define(
  Set.prototype,
  "forEach",
  callsBack(() => undefined),
);

/** The same call with the original in the place of its copy, where it is there by that already. */
function atOriginal(call: Call): Call {
  const [key, ...rest] = call.args;
  const own = isObject(key) ? itself(key) : key;
  const { self } = call;
  const isThere = own !== key && (self instanceof Map || self instanceof Set) && self.has(own);
  return isThere ? { ...call, args: [own, ...rest] } : call;
}

function onFirstPrimal(native: AnyFunction, name: string): Builtin {
  return ({ self, args: [k, ...rest] }) => {
    if (name === "delete") asked.forget?.(self as object);
    const kept = name === "get" || name === "has" ? asked[name]?.(self as object, k) : undefined;
    if (kept !== undefined) return kept.value;
    const key = plain(k);
    // What was put there before the derivative began is there by the original.
    const found = native.call(self, key, ...rest);
    return found || !isObject(key) ? found : native.call(self, itself(key), ...rest);
  };
}
constructors.set(Map, ({ args: [entries], site }) => {
  const made = new Map();
  const set = noActive("a key of a Map", Map.prototype.set);
  for (const entry of iterated(entries ?? []) as Iterable<[unknown, unknown]>) {
    // The language's own complaint.
    if (!isObject(entry)) return new Map([entry]);
    const [k, v] = [entry[0], entry[1]];
    set({ self: made, args: [k, v], site, invoke: () => undefined });
  }
  return made;
});
constructors.set(Set, ({ args: [values], site }) => {
  const made = new Set();
  const add = noActive("an element of a Set", Set.prototype.add);
  for (const v of iterated(values ?? []) as Iterable<unknown>)
    add({ self: made, args: [v], site, invoke: () => undefined });
  return made;
});

// What a trap says of the object is seen by its primal; what it reads, calls and makes is not.
const reads = new Set<PropertyKey>(["get", "apply"]);
const proxied: Builtin = ({ site, args: [target, handler], invoke }) => {
  if (!isObject(target) || !isObject(handler))
    return new Proxy(plain(target) as object, plain(handler) as object);
  return new Proxy(
    target,
    new Proxy(handler, {
      get(traps, name) {
        const trap = Reflect.get(traps, name) as unknown;
        if (typeof trap !== "function") return trap;
        return (...given: unknown[]) => {
          const result = invoke(site, trap, traps, given);
          return reads.has(name) ? result : plain(result);
        };
      },
    }),
  );
};
constructors.set(Proxy, proxied);

const natively: Builtin = ({ self, args }) =>
  Reflect.construct(self as AnyFunction, mapped(args, seen));
for (const C of [
  Date,
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  EvalError,
  ReferenceError,
  RegExp,
  String,
  Boolean,
  ArrayBuffer,
]) {
  constructors.set(C, natively);
}
const integerArrays = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
];
for (const C of integerArrays) {
  constructors.set(C, ({ args: [source, ...rest] }) => {
    const numbers = Array.isArray(source) || DualArray.is(source);
    const values = numbers ? Array.from(source as Iterable<unknown>, seen) : plain(source);
    return Reflect.construct(C, [values, ...rest.map(plain)]);
  });
}

const generator = Object.getPrototypeOf(Object.getPrototypeOf((function* () {})())) as object;
define(generator, "next return throw", asItIs);
// For old targets bundlers write async generators as objects of their own.
const asyncGenerator = Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})())) as
  | object
  | null;
define(asyncGenerator ?? {}, "next return throw", asItIs);
define(Promise.prototype, "then catch finally", (native) => ({ site, self, args, invoke }) => {
  const onRejected = ["catch", "then"].indexOf(native.name);
  const called = (f: unknown, i: number) =>
    typeof f === "function"
      ? (...given: unknown[]) => {
          if (i === onRejected) passOn(given[0]);
          return invoke(site, f, undefined, given);
        }
      : f;
  return native.apply(self, mapped(args, called));
});
define(Promise, "resolve reject", asItIs);
/**
 * A class of promises to those methods of `Promise` that make something of rejections. It does what `C` does, when
 * `C` does it, but for errors of derivatives.
 */
function passingOn(C: PromiseConstructor): object {
  let rejectAll: (error: unknown) => void;
  type Executor = ConstructorParameters<PromiseConstructor>[0];
  function Own(executor: Executor): object {
    return new C((resolve, reject) => {
      rejectAll = reject;
      executor(resolve, reject);
    });
  }
  const settled = (f: (error: unknown) => unknown) => (error: unknown) => {
    try {
      passOn(error);
    } catch (own) {
      rejectAll(own);
      return undefined;
    }
    return f(error);
  };
  return Object.defineProperty(Own, "resolve", {
    get: () => {
      const { resolve } = C;
      if (typeof resolve !== "function") return resolve;
      return (value: unknown) => {
        const promise = resolve.call(C, value);
        type Then = Parameters<typeof promise.then>;
        return {
          // biome-ignore lint/suspicious/noThenProperty: the language calls it, as it would that of the promise
          then: (done: Then[0], failed: (error: unknown) => unknown) =>
            promise.then(done, settled(failed)),
        };
      };
    },
  });
}

// A rejection by a derivative's own error is no outcome among others: the whole is rejected with it.
define(
  Promise,
  "allSettled any",
  (native) =>
    ({ self, args: [values] }) =>
      native.call(typeof self === "function" ? passingOn(self as never) : self, iterated(values)),
);
define(
  Promise,
  "all race",
  (native) =>
    ({ self, args: [values] }) =>
      native.call(self, iterated(values)),
);
constructors.set(
  Promise,
  ({ site, args: [executor], invoke }) =>
    new Promise(
      typeof executor !== "function"
        ? (executor as never)
        : (resolve, reject) =>
            invoke(site, executor, undefined, [dualForm(resolve), dualForm(reject)]),
    ),
);
