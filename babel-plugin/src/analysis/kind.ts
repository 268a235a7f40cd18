/**
 * Kinds: what a value looks like to tangent code. A number travels with its tangent, an array or
 * object with a shadow of the same shape, a function with its tangent form; inert values travel alone.
 */
export type Kind =
  | { readonly k: "num" }
  | { readonly k: "inert"; readonly unused?: true }
  // `loose`: or a Float64Array or Float32Array, so that nothing may be done that only one of them has.
  | { readonly k: "array"; readonly of: Kind; readonly loose?: true }
  | { readonly k: "floats"; readonly model: string }
  | { readonly k: "tuple"; readonly of: readonly Kind[] }
  | ObjectKind
  | FunctionKind
  // One of several, which the program tells apart when it runs. Beside it is what is beside that one.
  | UnionKind
  | { readonly k: "unknown"; readonly why: string }
  // Not known yet: what a cycle of definitions starts from.
  | { readonly k: "bottom" };

export interface UnionKind {
  readonly k: "union";
  /** A number comes first; what has no tangent comes last. */
  readonly of: readonly Kind[];
}

export interface FunctionKind {
  readonly k: "fn";
  readonly params: readonly Kind[];
  readonly returns: Kind;
}

export interface ObjectKind {
  readonly k: "object";
  readonly fields: ReadonlyMap<string, Kind>;
  /** The name of the class of this file that it is an instance of, or `OTHERS`. */
  readonly className?: string;
}

/** Stands for the name of a class of another file, of whose instances the fields are known and nothing else. */
export const OTHERS = "*";

export const NUM: Kind = { k: "num" };
/** A list of numbers of any make, `number[] | Float64Array` or `ArrayLike<number>`. */
export const NUMBERS: Kind = { k: "array", of: NUM, loose: true };
export const INERT: Kind = { k: "inert" };
/** What a call gives that nobody looks at. */
export const UNUSED: Kind = { k: "inert", unused: true };
export const BOTTOM: Kind = { k: "bottom" };
export const unknown = (why: string): Kind => ({ k: "unknown", why });

/** Whether values of a kind travel with a shadow object. */
export const isContainer = (kind: Kind): boolean =>
  kind.k === "array" ||
  kind.k === "floats" ||
  kind.k === "tuple" ||
  kind.k === "object" ||
  kind.k === "union" ||
  kind.k === "fn";

/** The kind of an element of an array, by a position that is not known when compiling. */
export function elementKind(kind: Kind): Kind {
  if (kind.k === "array") return kind.of;
  if (kind.k === "floats") return NUM;
  if (kind.k === "tuple") return kind.of.reduce(join, BOTTOM);
  return kind.k === "inert" || kind.k === "bottom"
    ? kind
    : unknown("indexing a value that is no array");
}

/** The kind of a value that is put into a container: numbers there travel with tangents, active or not. */
export const asElement = (kind: Kind): Kind => (kind.k === "inert" ? NUM : kind);

/** The kind of an element of an array at a position that is known when compiling. */
export const elementAt = (kind: Kind, index: number): Kind =>
  kind.k === "tuple" ? (kind.of[index] ?? INERT) : elementKind(kind);

/** The kind of a field of an object. */
export function fieldKind(kind: Kind, name: string | undefined): Kind {
  if (kind.k === "inert" || kind.k === "bottom") return kind;
  if (name === "length" && kind.k !== "object") return INERT;
  if (kind.k === "object" && name !== undefined)
    return (
      kind.fields.get(name) ??
      unknown(`the field ${name} of an object that is not known to have it`)
    );
  return unknown("a property of a value whose shape is not known");
}

/** The least kind that covers both: `a` itself where `b` adds nothing to it. */
export function join(a: Kind, b: Kind): Kind {
  if (a === b || b.k === "bottom") return a;
  if (a.k === "bottom") return b;
  if (a.k === "unknown") return a;
  if (b.k === "unknown") return b;
  if (b.k === "inert") return a;
  if (a.k === "inert") return b;
  if (a.k === "num" && b.k === "num") return a;
  if (a.k === "floats" && b.k === "floats" && a.model === b.model) return a;
  if (a.k === "union" || b.k === "union") {
    const all = oneOf([...alternatives(a), ...alternatives(b)]);
    return a.k === "union" && show(all) === show(a) ? a : all;
  }
  if (!isContainer(a) || !isContainer(b)) return unknown(DIFFERENT);
  if (isLoose(a) || isLoose(b)) return isFlat(a) && isFlat(b) ? NUMBERS : unknown(DIFFERENT);
  // Kinds share their parts: each pair is joined once, however often it occurs.
  let ofA = joined.get(a);
  if (ofA === undefined) {
    ofA = new WeakMap();
    joined.set(a, ofA);
  }
  let kind = ofA.get(b);
  if (kind === undefined) {
    kind = joinContainers(a, b);
    ofA.set(b, kind);
  }
  return kind;
}
/** What a value may be. */
export const alternatives = (kind: Kind): readonly Kind[] =>
  kind.k === "union" ? kind.of : [kind];

/** The kind of what is one of several, which must be told apart by what they are. */
export function oneOf(kinds: readonly Kind[]): Kind {
  const found = new Map<string, Kind>();
  for (const kind of kinds.flatMap(alternatives)) {
    if (kind.k === "bottom") continue;
    const sort = sortOf(kind);
    found.set(sort, join(found.get(sort) ?? BOTTOM, kind));
  }
  const of = [...found.values()].sort((a, b) => rank(a) - rank(b));
  const why = of.map(whyUnknown).find((w) => w !== undefined);
  if (why !== undefined) return unknown(why);
  // Whether an argument is a number or something without a tangent is seen by what it is.
  const [first, second] = of;
  if (first === undefined) return BOTTOM;
  if (second === undefined || (of.length === 2 && first.k === "num" && second.k === "inert"))
    return first;
  return { k: "union", of };
}

/** What sorts of arrays and objects a value, and all that it holds, may be. */
export function containersIn(kind: Kind, found = new Set<string>()): Set<string> {
  if (!isContainer(kind)) return found;
  // An object may be an instance, too, for whoever does not know its class.
  if (kind.k !== "union") found.add(kind.k === "object" ? "object" : sortOf(kind));
  for (const part of partsOf(kind)) containersIn(part, found);
  return found;
}

const rank = (kind: Kind): number => (kind.k === "num" ? 0 : kind.k === "inert" ? 2 : 1);

const sortOf = (kind: Kind): string => {
  if (kind.k === "object") return `#${kind.className ?? ""}`;
  return kind.k === "array" || kind.k === "floats" || kind.k === "tuple" ? "list" : kind.k;
};

const joined = new WeakMap<Kind, WeakMap<Kind, Kind>>();
const DIFFERENT = "a variable holds values of different shapes";

/** Whether a value may be an array or a typed array. */
export const isLoose = (kind: Kind): boolean => kind.k === "array" && kind.loose === true;

/** Whether what is stored may be read back as another number. */
export const mayRound = (kind: Kind): boolean => kind.k === "floats" || isLoose(kind);

const isFlat = (kind: Kind): boolean =>
  kind.k === "floats" ||
  (kind.k === "array" && (kind.of.k === "num" || kind.of.k === "bottom")) ||
  (kind.k === "tuple" && kind.of.every((of) => of.k === "num"));

function joinContainers(a: Kind, b: Kind): Kind {
  if (a.k === "array" && (b.k === "array" || b.k === "tuple")) {
    const of = join(a.of, elementKind(b));
    return of === a.of ? a : { k: "array", of };
  }
  if (a.k === "tuple" && b.k === "array")
    return { k: "array", of: join(elementKind(a), elementKind(b)) };
  if (a.k === "tuple" && b.k === "tuple" && a.of.length === b.of.length) {
    const of = joinAll(a.of, b.of);
    return of === a.of ? a : { k: "tuple", of };
  }
  if (a.k === "object" && b.k === "object" && a.className === b.className) {
    const fields = new Map(a.fields);
    let isSame = true;
    for (const [name, kind] of b.fields) {
      const old = a.fields.get(name);
      const all = join(old ?? BOTTOM, kind);
      isSame &&= all === old;
      fields.set(name, all);
    }
    return isSame ? a : { ...a, fields };
  }
  if (a.k === "fn" && b.k === "fn" && a.params.length === b.params.length) {
    const params = joinAll(a.params, b.params);
    const returns = join(a.returns, b.returns);
    return params === a.params && returns === a.returns ? a : { k: "fn", params, returns };
  }
  return unknown(DIFFERENT);
}

/** The joins of kinds side by side: the first list itself where the second adds nothing. */
function joinAll(a: readonly Kind[], b: readonly Kind[]): readonly Kind[] {
  const all = a.map((kind, i) => join(kind, b[i] as Kind));
  return all.every((kind, i) => kind === a[i]) ? a : all;
}

/**
 * Why a kind is unknown, looking inside. A field of an object may be, as long as nobody looks at it:
 * it travels without a tangent.
 */
export function whyUnknown(kind: Kind): string | undefined {
  if (kind.k === "unknown") return kind.why;
  for (const part of partsOf(kind)) {
    if (kind.k === "object" && part.k === "unknown") continue;
    const why = whyUnknown(part);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** Why something in a kind is unknown, unseen fields too: what leaves the function is looked at by others. */
export function whyPartlyUnknown(kind: Kind): string | undefined {
  if (kind.k === "unknown") return kind.why;
  for (const part of partsOf(kind)) {
    const why = whyPartlyUnknown(part);
    if (why !== undefined) return why;
  }
  return undefined;
}

/**
 * Whether a value of one kind may have other methods and accessors than one of the other kind: an instance of
 * another class, or none.
 */
export function isOfAnother(given: Kind, wanted: Kind): boolean {
  if (given === wanted || !isContainer(given) || !isContainer(wanted)) return false;
  if (given.k === "union" || wanted.k === "union")
    return alternatives(given).some((g) => alternatives(wanted).every((w) => isOfAnother(g, w)));
  if (given.k === "object" && wanted.k === "object") {
    const { className } = wanted;
    if (className !== undefined && className !== OTHERS && given.className !== className)
      return true;
    return [...wanted.fields].some(([name, of]) => isOfAnother(given.fields.get(name) ?? of, of));
  }
  if (given.k === "tuple" && isList(wanted))
    return given.of.some((of, i) => isOfAnother(of, elementAt(wanted, i)));
  if (isList(given) && isList(wanted)) return isOfAnother(elementsOf(given), elementsOf(wanted));
  return false;
}

/** Whether a number, somewhere in a value of one kind, is an array, an object or a function in one of the other kind. */
export function clashes(given: Kind, wanted: Kind): boolean {
  if (given === wanted || isOpen(given) || isOpen(wanted)) return false;
  if (given.k === "num" || wanted.k === "num") return given.k !== wanted.k;
  if (given.k === "object" && wanted.k === "object")
    return [...wanted.fields].some(([name, of]) => clashes(given.fields.get(name) ?? of, of));
  if (given.k === "tuple" && isList(wanted))
    return given.of.some((of, i) => clashes(of, elementAt(wanted, i)));
  if (given.k === "floats" || wanted.k === "floats" || (isList(given) && isList(wanted)))
    return clashes(elementKind(given), elementKind(wanted));
  return false;
}

/** The same of what functions are called with and give. */
export const callsClash = (given: FunctionKind, wanted: FunctionKind): boolean =>
  clashes(given.returns, wanted.returns) ||
  given.params.some((p, i) => clashes(wanted.params[i] ?? p, p));

/** Whether something in values of one kind has no tangent where it has one in values of the other: by that name it may get one. */
export function lacksTangents(given: Kind, wanted: Kind): boolean {
  if (given === wanted || !isContainer(given) || !isContainer(wanted)) return false;
  if (given.k === "object" && wanted.k === "object")
    return [...wanted.fields].some(([name, of]) => {
      const own = given.fields.get(name);
      return own !== undefined && (isLacking(own, of) || lacksTangents(own, of));
    });
  if (given.k === "tuple" && isList(wanted))
    return given.of.some((of, i) => {
      const other = elementAt(wanted, i);
      return isLacking(of, other) || lacksTangents(of, other);
    });
  return isList(given) && isList(wanted)
    ? lacksTangents(elementsOf(given), elementsOf(wanted))
    : false;
}

const isLacking = (given: Kind, wanted: Kind): boolean =>
  given.k === "inert" && (wanted.k === "num" || isContainer(wanted));

/** What the code tells apart when it runs, or does not know. */
const isOpen = ({ k }: Kind): boolean => /^(inert|bottom|unknown|union)$/.test(k);

const isList = (kind: Kind): boolean => kind.k === "array" || kind.k === "tuple";

// Elements that do not fit together are told of where they are read.
function elementsOf(kind: Kind): Kind {
  const of = elementKind(kind);
  return of.k === "unknown" ? BOTTOM : of;
}

/** Whether values of a kind have a container beside them that holds their tangents. */
export const isShadowed = (kind: Kind): boolean =>
  mayTravel(kind) && someLeaf(kind, (leaf) => isNumeric(leaf) || leaf.k === "bottom");

/** Whether the signature of a kind tells that values of it travel with a shadow: not by elements that only later come. */
export const tellsShadow = (kind: Kind): boolean => mayTravel(kind) && someLeaf(kind, isNumeric);

const mayTravel = (kind: Kind): boolean =>
  kind.k !== "fn" && isContainer(kind) && whyUnknown(kind) === undefined;

/** Numbers, also those of functions. */
const isNumeric = ({ k }: Kind): boolean => k === "num" || k === "floats" || k === "fn";

/**
 * Whether values of one kind have nothing beside them, somewhere, where values of the other kind have tangents: a name
 * of which less is said (`{ name: string }`) has dropped those of the numbers that it does not know of.
 */
export function dropsTangents(given: Kind, wanted: Kind): boolean {
  if (given === wanted || !isContainer(given) || !isContainer(wanted)) return false;
  if (given.k === "union" || wanted.k === "union")
    return alternatives(given).some((g) => alternatives(wanted).some((w) => dropsTangents(g, w)));
  if (given.k === "object" && wanted.k === "object") {
    const knowsAll = given.className !== undefined && given.className !== OTHERS;
    // What a class has beside its fields are accessors: nothing stands beside what they give.
    const isAccessor = ([name, of]: [string, Kind]) =>
      !given.fields.has(name) && (of.k === "num" || isShadowed(of));
    if (knowsAll && wanted.className === undefined && [...wanted.fields].some(isAccessor))
      return true;
    if (!knowsAll && !isShadowed(given) && isShadowed(wanted)) return true;
    return [...wanted.fields].some(([name, of]) => dropsTangents(given.fields.get(name) ?? of, of));
  }
  if (given.k === "tuple" && isList(wanted))
    return given.of.some((of, i) => dropsTangents(of, elementAt(wanted, i)));
  return isList(given) && isList(wanted)
    ? dropsTangents(elementsOf(given), elementsOf(wanted))
    : false;
}

/** The classes of the file that values of a kind, or parts of them, are instances of. */
export function classNamesIn(kind: Kind): string[] {
  switch (kind.k) {
    case "array":
      return classNamesIn(kind.of);
    case "tuple":
    case "union":
      return kind.of.flatMap(classNamesIn);
    case "object":
      return [
        ...(kind.className ? [kind.className] : []),
        ...[...kind.fields.values()].flatMap(classNamesIn),
      ];
    default:
      return [];
  }
}

/** The classes among these that a form has to know. */
export const ownClassNames = (kinds: readonly Kind[]): string[] =>
  [...new Set(kinds.flatMap(classNamesIn))].filter((name) => name !== OTHERS);

/**
 * The signature that tangent forms are matched by: `n` number, `i` inert, `[k]` array of k, `(k,l)`
 * tuple, `|k,l|` one of several, `f8` and `f4` float arrays, `ns` either of `[n]`, `f8` and `f4`, `{x:k}` object, `#Name{…}` instance (`#*{…}` of a class of another file), `<k,l:m>` function, `v` a
 * result that nobody looks at.
 */
export function signatureOf(kind: Kind): string {
  switch (kind.k) {
    case "num":
      return "n";
    case "array":
      return kind.loose ? "ns" : `[${signatureOf(kind.of)}]`;
    case "floats":
      return kind.model === "Float32Array" ? "f4" : "f8";
    case "tuple":
      return `(${kind.of.map(signatureOf).join(",")})`;
    case "union":
      return `|${kind.of.map(signatureOf).join(",")}|`;
    case "object": {
      const fields = [...kind.fields].map(([name, k]) => `${name}:${signatureOf(k)}`);
      return `${kind.className ? `#${kind.className}` : ""}{${fields.join(",")}}`;
    }
    case "fn":
      return `<${kind.params.map(signatureOf).join(",")}:${signatureOf(kind.returns)}>`;
    case "inert":
      return kind.unused ? "v" : "i";
    default:
      return "i";
  }
}

/** A kind as text, for people: unlike the signature it tells apart all kinds. */
export function show(kind: Kind): string {
  switch (kind.k) {
    case "array":
      return kind.loose ? "numbers" : `[${show(kind.of)}]`;
    case "tuple":
      return `(${kind.of.map(show).join(",")})`;
    case "union":
      return kind.of.map(show).join(" | ");
    case "object": {
      const fields = [...kind.fields].map(([name, f]) => `${name}:${show(f)}`);
      return `${kind.className ?? ""}{${fields.join(",")}}`;
    }
    case "fn":
      return `<${kind.params.map(show).join(",")}:${show(kind.returns)}>`;
    case "floats":
      return kind.model;
    case "unknown":
      return `?${kind.why}`;
    default:
      return kind.k;
  }
}

/** How deep a kind may nest, and of how many parts it may be: a value that contains itself would grow for ever. */
const DEEPEST = 8;
const LARGEST = 1000;

/** The kind, or "unknown" where it is larger than values that tangent code is made for. */
export function bounded(kind: Kind): Kind {
  const { depth, size } = extentOf(kind);
  if (depth > DEEPEST) return unknown("a value that contains itself");
  return size > LARGEST ? unknown("a value of more than a thousand parts") : kind;
}

interface Extent {
  readonly depth: number;
  readonly size: number;
}
const POINT: Extent = { depth: 1, size: 1 };
const extents = new WeakMap<Kind, Extent>();

// Parts are shared between kinds, so what is known of them is kept.
function extentOf(kind: Kind): Extent {
  if (!isContainer(kind) || kind.k === "floats") return POINT;
  let extent = extents.get(kind);
  if (extent === undefined) {
    const parts = partsOf(kind).map(extentOf);
    extent = {
      depth: 1 + Math.max(0, ...parts.map((p) => p.depth)),
      size: 1 + parts.reduce((sum, p) => sum + p.size, 0),
    };
    extents.set(kind, extent);
  }
  return extent;
}

export function partsOf(kind: Kind): readonly Kind[] {
  switch (kind.k) {
    case "array":
      return [kind.of];
    case "tuple":
    case "union":
      return kind.of;
    case "object":
      return [...kind.fields.values()];
    case "fn":
      return [...kind.params, kind.returns];
    default:
      return [];
  }
}

/** The fields of an object that has numbers and nothing else. */
export const numberFields = (kind: Kind): readonly string[] | undefined =>
  kind.k === "object" && [...kind.fields.values()].every((of) => of.k === "num")
    ? [...kind.fields.keys()]
    : undefined;

/** Whether a value of a kind, or a part of it, may be one of several. */
export const hasUnion = (kind: Kind): boolean =>
  kind.k === "union" || (kind.k !== "fn" && partsOf(kind).some(hasUnion));

/** Whether code is sure of something in values of a kind: that it is a list, or an instance of one class. */
export const needsLook = (kind: Kind): boolean =>
  kind.k === "array" ||
  kind.k === "floats" ||
  kind.k === "tuple" ||
  ((kind.k === "object" || kind.k === "union") &&
    ((kind.k === "object" && kind.className !== undefined && kind.className !== OTHERS) ||
      partsOf(kind).some(needsLook)));

/** Whether anything in values of a kind passes a test: what is neither a list nor an object. */
export function someLeaf(kind: Kind, passes: (leaf: Kind) => boolean): boolean {
  switch (kind.k) {
    case "array":
      return someLeaf(kind.of, passes);
    case "tuple":
    case "union":
      return kind.of.some((of) => someLeaf(of, passes));
    case "object":
      return [...kind.fields.values()].some((of) => someLeaf(of, passes));
    default:
      return passes(kind);
  }
}
