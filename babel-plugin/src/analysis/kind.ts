/**
 * Kinds: what a value looks like to tangent code. A number travels with its tangent, an array or
 * object with a shadow of the same shape, a function with its tangent form; inert values travel alone.
 */
export type Kind =
  | { readonly k: "num" }
  | { readonly k: "inert"; readonly unused?: true }
  | { readonly k: "array"; readonly of: Kind }
  | { readonly k: "floats"; readonly model: string }
  | { readonly k: "tuple"; readonly of: readonly Kind[] }
  | ObjectKind
  | { readonly k: "fn"; readonly params: readonly Kind[]; readonly returns: Kind }
  | { readonly k: "unknown"; readonly why: string }
  // Not known yet: what a cycle of definitions starts from.
  | { readonly k: "bottom" };

export interface ObjectKind {
  readonly k: "object";
  readonly fields: ReadonlyMap<string, Kind>;
  /** The name of the class of this file that it is an instance of. */
  readonly className?: string;
}

export const NUM: Kind = { k: "num" };
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

/** The least kind that covers both. */
export function join(a: Kind, b: Kind): Kind {
  if (a === b || b.k === "bottom") return a;
  if (a.k === "bottom") return b;
  if (a.k === "unknown") return a;
  if (b.k === "unknown") return b;
  if (a.k === "inert") return b;
  if (b.k === "inert") return a;
  if (a.k === "num" && b.k === "num") return NUM;
  if (a.k === "array" && b.k === "array") return { k: "array", of: join(a.of, b.of) };
  if (a.k === "floats" && b.k === "floats" && a.model === b.model) return a;
  if (a.k === "tuple" && b.k === "tuple" && a.of.length === b.of.length) {
    return { k: "tuple", of: a.of.map((k, i) => join(k, b.of[i] as Kind)) };
  }
  if ((a.k === "tuple" && b.k === "array") || (a.k === "array" && b.k === "tuple")) {
    return { k: "array", of: join(elementKind(a), elementKind(b)) };
  }
  if (a.k === "object" && b.k === "object" && a.className === b.className) {
    const fields = new Map(a.fields);
    for (const [name, kind] of b.fields) fields.set(name, join(fields.get(name) ?? BOTTOM, kind));
    return { ...a, fields };
  }
  if (a.k === "fn" && b.k === "fn" && a.params.length === b.params.length) {
    return {
      k: "fn",
      params: a.params.map((p, i) => join(p, b.params[i] as Kind)),
      returns: join(a.returns, b.returns),
    };
  }
  return unknown("a variable holds values of different shapes");
}

/** Why a kind is unknown, looking inside. */
export function whyUnknown(kind: Kind): string | undefined {
  switch (kind.k) {
    case "unknown":
      return kind.why;
    case "array":
      return whyUnknown(kind.of);
    case "tuple":
      return first(kind.of);
    case "object":
      return first([...kind.fields.values()]);
    case "fn":
      return first([...kind.params, kind.returns]);
    default:
      return undefined;
  }
}
const first = (kinds: readonly Kind[]): string | undefined =>
  kinds.map(whyUnknown).find((why) => why !== undefined);

/**
 * The signature that tangent forms are matched by: `n` number, `i` inert, `[k]` array of k, `(k,l)`
 * tuple, `f8` and `f4` float arrays, `{x:k}` object, `#Name{…}` instance, `<k,l:m>` function, `v` a
 * result that nobody looks at.
 */
export function signatureOf(kind: Kind): string {
  switch (kind.k) {
    case "num":
      return "n";
    case "array":
      return `[${signatureOf(kind.of)}]`;
    case "floats":
      return kind.model === "Float32Array" ? "f4" : "f8";
    case "tuple":
      return `(${kind.of.map(signatureOf).join(",")})`;
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

/** A kind as text, for comparing: unlike the signature it tells apart all kinds. */
export function show(kind: Kind): string {
  switch (kind.k) {
    case "array":
      return `[${show(kind.of)}]`;
    case "tuple":
      return `(${kind.of.map(show).join(",")})`;
    case "object":
      return `${kind.className ?? ""}{${[...kind.fields].map(([name, f]) => `${name}:${show(f)}`).join(",")}}`;
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

/** How deep a kind may nest: a value that contains itself would grow for ever. */
const DEEPEST = 8;

/** The kind, or "unknown" where it nests deeper than values that tangent code is made for. */
export function bounded(kind: Kind): Kind {
  return depthWithin(kind, DEEPEST) ? kind : unknown("a value that contains itself");
}

function depthWithin(kind: Kind, depth: number): boolean {
  if (depth === 0) return false;
  switch (kind.k) {
    case "array":
      return depthWithin(kind.of, depth - 1);
    case "tuple":
      return kind.of.every((k) => depthWithin(k, depth - 1));
    case "object":
      return [...kind.fields.values()].every((k) => depthWithin(k, depth - 1));
    case "fn":
      return [...kind.params, kind.returns].every((k) => depthWithin(k, depth - 1));
    default:
      return true;
  }
}
