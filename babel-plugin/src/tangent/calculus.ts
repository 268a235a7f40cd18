import { arith, op, scaled, shares, type Writer } from "../adjoint/partials.ts";
import { NUM } from "../analysis/kind.ts";
import {
  type Arithmetic,
  type Atom,
  isName,
  literal,
  type Name,
  name,
  type Op,
} from "../lower/form.ts";

/** The tangent of an atom; undefined where it has none. */
export type TangentOf = (a: Atom) => Atom | undefined;

type Math = Extract<Op, { op: "math" }>;

const ZERO = literal(0);

const help = (w: Writer, name_: string, ...args: Atom[]): Atom =>
  op(w, { op: "help", name: name_, args });
const negative = (w: Writer, a: Atom): Atom => op(w, { op: "sign", operator: "-", value: a });
const sum = (w: Writer, a: Atom | undefined, b: Atom | undefined): Atom | undefined =>
  a && b ? arith(w, "+", a, b) : (a ?? b);

/** The tangent of a number that an operator or a function of Math gave; undefined where it has none. */
export function tangentOfNumber(w: Writer, made: Name, value: Op, t: TangentOf): Atom | undefined {
  switch (value.op) {
    case "sign": {
      const dx = t(value.value);
      return dx && (value.operator === "-" ? negative(w, dx) : dx);
    }
    case "arith":
      return arithmetic(w, value.operator, value.args, made, t);
    case "math":
      return math(w, made, value, t);
    default:
      return undefined;
  }
}

function arithmetic(
  w: Writer,
  operator: Arithmetic,
  [a, b]: readonly [Atom, Atom],
  r: Name,
  t: TangentOf,
): Atom | undefined {
  const [da, db] = [t(a), t(b)];
  if (da === undefined && db === undefined) return undefined;
  switch (operator) {
    case "+":
      return sum(w, da, db);
    case "-":
      if (da === undefined) return negative(w, db as Atom);
      return db === undefined ? da : arith(w, "-", da, db);
    case "*":
      {
        // d(xⁿ) = n·xⁿ⁻¹·dx, where xⁿ⁻¹ is there already.
        const n = powerOf(a, b);
        if (n !== undefined && db) {
          powers.set(r, { base: b, exponent: n });
          return arith(w, "*", literal(n), scaled(w, a, db));
        }
      }
      return sum(w, da && scaled(w, b, da), db && scaled(w, a, db));
    case "/": {
      if (db === undefined) return quotient(w, da as Atom, b);
      const part = scaled(w, r, db);
      return quotient(w, da ? arith(w, "-", da, part) : negative(w, part), b);
    }
    case "%":
      return help(w, "remTangent", a, da ?? ZERO, b, db ?? ZERO);
    case "**":
      return power(w, a, b, r, da, db);
  }
}

/** The products of one thing with itself. */
const powers = new WeakMap<Atom, { readonly base: Atom; readonly exponent: number }>();

function powerOf(a: Atom, b: Atom): number | undefined {
  if (a === b) return 2;
  const known = powers.get(a);
  return known?.base === b ? known.exponent + 1 : undefined;
}

const quotient = (w: Writer, a: Atom, b: Atom): Atom =>
  w.strong ? help(w, "strongQuotient", a, b) : arith(w, "/", a, b);

function power(
  w: Writer,
  a: Atom,
  b: Atom,
  r: Name,
  da: Atom | undefined,
  db: Atom | undefined,
): Atom | undefined {
  const exponent = isName(b) ? undefined : b.literal;
  if (exponent === 2) return da && scaled(w, arith(w, "*", literal(2), a), da);
  if (typeof exponent === "number" && exponent !== 0 && da) {
    const less = arith(w, "**", a, literal(exponent - 1));
    return scaled(w, arith(w, "*", less, b), da);
  }
  const base = isName(a) ? undefined : a.literal;
  if (typeof base === "number" && base > 0)
    return db && scaled(w, arith(w, "*", literal(Math.log(base)), r), db);
  return help(w, "powTangent", a, da ?? ZERO, b, db ?? ZERO, r);
}

function math(w: Writer, r: Name, value: Math, t: TangentOf): Atom | undefined {
  const xs = value.args.map((a) => a.value);
  const tangents = xs.map(t);
  const [x, y] = xs as [Atom, Atom];
  const [dx, dy] = tangents;
  switch (value.name) {
    case "pow":
      return dx || dy ? power(w, x, y, r, dx, dy) : undefined;
    case "abs": {
      if (dx === undefined) return undefined;
      // Unchecked, NaN stays NaN, and the dual form is asked.
      const otherwise = w.strong ? help(w, "absTangent", x, dx) : arith(w, "*", x, dx);
      const right = select(w, compare(w, "<", x, ZERO), negative(w, dx), otherwise);
      return select(w, compare(w, ">", x, ZERO), dx, right);
    }
    case "atan2":
      if (!dx && !dy) return undefined;
      return help(w, "atan2Tangent", x, dx ?? ZERO, y, dy ?? ZERO);
    case "max":
    case "min":
    case "hypot":
      if (tangents.every((d) => d === undefined)) return undefined;
      if (xs.length !== 2) return ofMany(w, value.name, r, xs, tangents);
      if (value.name === "hypot") return help(w, "hypotTangent", x, dx ?? ZERO, y, dy ?? ZERO, r);
      return extremum(w, value.name, x, dx ?? ZERO, y, dy ?? ZERO);
    default: {
      if (dx === undefined) return undefined;
      const [found] = shares(w, value, r, dx, (a) => a === x);
      return found === undefined ? undefined : found[2] ? negative(w, found[1]) : found[1];
    }
  }
}

function extremum(w: Writer, name_: string, x: Atom, dx: Atom, y: Atom, dy: Atom): Atom {
  const [over, under] = name_ === "max" ? ([">", "<"] as const) : (["<", ">"] as const);
  // Unchecked, the difference of the tied is 0, or NaN where there is NaN or infinity: then the dual form is asked.
  const tied = w.strong
    ? help(w, `${name_}Tangent`, x, dx, y, dy)
    : arith(w, "/", arith(w, "+", arith(w, "+", dx, dy), arith(w, "-", x, y)), literal(2));
  const right = select(w, compare(w, under, x, y), dy, tied);
  return select(w, compare(w, over, x, y), dx, right);
}

function ofMany(
  w: Writer,
  name_: string,
  r: Name,
  xs: readonly Atom[],
  tangents: readonly (Atom | undefined)[],
): Atom {
  const list = (values: readonly Atom[]): Name => {
    const made = name("v", { k: "array", of: NUM });
    const elements = values.map((value) => ({ value, spread: false }));
    w.out.push({ s: "let", name: made, value: { op: "array", elements } });
    return made;
  };
  const all = list(xs);
  const tangentsOfAll = list(tangents.map((d) => d ?? ZERO));
  return name_ === "hypot"
    ? help(w, "lengthTangent", all, tangentsOfAll)
    : help(w, "extremumTangent", r, all, tangentsOfAll);
}

const select = (w: Writer, test: Atom, yes: Atom, otherwise: Atom): Atom =>
  op(w, { op: "select", test, yes, otherwise });

const compare = (w: Writer, operator: "<" | ">", a: Atom, b: Atom): Atom => {
  const made = name("v", { k: "inert" });
  w.out.push({ s: "let", name: made, value: { op: "compare", operator, args: [a, b] } });
  return made;
};
