import { type Ops, rules } from "dualize/rules";
import { NUM } from "../analysis/kind.ts";
import {
  type Arithmetic,
  type Atom,
  type Element,
  isName,
  literal,
  name,
  type Op,
  type Stmt,
} from "../lower/form.ts";

/** Where operations are written to, one after the other. */
export interface Writer {
  out: Stmt[];
  /**
   * Whether a zero must beat an infinite factor at every operation, because nothing checks the result: of
   * tangents a zero tangent, of shares a zero partial too, since forward mode leaves out what is constant.
   */
  readonly strong: false | "tangents" | "shares";
  /** What is known already of `Math.f(x)`, where operations are written now. */
  readonly known?: (w: Writer, f: string, x: Atom) => Atom | undefined;
}

export function op(w: Writer, value: Op): Atom {
  const made = name("v", NUM);
  w.out.push({ s: "let", name: made, value });
  return made;
}

export const arith = (w: Writer, operator: Arithmetic, a: Atom, b: Atom): Atom =>
  op(w, { op: "arith", operator, args: [a, b] });

/** `partial · cotangent`. */
export const scaled = (w: Writer, partial: Atom, cotangent: Atom): Atom =>
  w.strong
    ? op(w, {
        op: "help",
        name: w.strong === "shares" ? "strongShare" : "strong",
        args: [partial, cotangent],
      })
    : arith(w, "*", partial, cotangent);

export const negative = (w: Writer, a: Atom): Atom =>
  op(w, { op: "sign", operator: "-", value: a });

/** What a value hands on to one of its operands. */
export type Share = readonly [operand: Atom, share: Atom, negated?: boolean];

/**
 * The rule of a number's operation: each operand with partial · cotangent, where `r` is what the
 * operation gave and `g` its cotangent. Operands that are not `active` are left out.
 */
export function shares(
  w: Writer,
  value: Op,
  r: Atom,
  g: Atom,
  active: (a: Atom) => boolean,
): Share[] {
  switch (value.op) {
    case "sign":
      return [[value.value, g, value.operator === "-"]];
    case "arith":
      return arithmetic(w, value.operator, value.args, r, g, active);
    case "math":
      return math(w, value.name, value.args, r, g, active);
    case "select": {
      const { test, yes, otherwise } = value;
      const zero = literal(0);
      return [
        [yes, op(w, { op: "select", test, yes: g, otherwise: zero })],
        [otherwise, op(w, { op: "select", test, yes: zero, otherwise: g })],
      ];
    }
    case "help":
      return helpShares[value.name]?.(w, value.args, r, g, active) ?? [];
    default:
      return [];
  }
}

type Rule = (
  w: Writer,
  args: readonly Atom[],
  r: Atom,
  g: Atom,
  active: (a: Atom) => boolean,
) => Share[];

const help = (w: Writer, name_: string, ...args: Atom[]): Atom =>
  op(w, { op: "help", name: name_, args });
const times = (w: Writer, a: Atom, b: Atom): Atom => arith(w, "*", a, b);

/** Partials of partials that are functions of the runtime. Those that are left out are constant between their jumps. */
const helpShares: Readonly<Record<string, Rule>> = {
  remPartial: () => [],
  wholeQuotient: () => [],
  extremumPartial: () => [],
  // y·x^(y-1)
  powerPartial: (w, args, _r, g, active) => {
    const [x, y] = args as readonly [Atom, Atom];
    const found: Share[] = [];
    if (active(x)) found.push([x, scaled(w, help(w, "powerCurvature", x, y), g)]);
    if (active(y)) found.push([y, scaled(w, help(w, "powerMixed", x, y), g)]);
    return found;
  },
  // r·log x
  exponentPartial: (w, args, _r, g, active) => {
    const [x, r] = args as readonly [Atom, Atom];
    const found: Share[] = [];
    if (active(x)) found.push([x, scaled(w, arith(w, "/", r, x), g)]);
    if (active(r)) {
      const log = op(w, { op: "math", name: "log", args: [{ value: x, spread: false }] });
      found.push([r, scaled(w, log, g)]);
    }
    return found;
  },
  // a/(a² + b²)
  atan2Partial: (w, args, r, g, active) => {
    const [a, b] = args as readonly [Atom, Atom];
    const other = help(w, "atan2Partial", b, a);
    const found: Share[] = [];
    if (active(a))
      found.push([a, scaled(w, arith(w, "-", times(w, other, other), times(w, r, r)), g)]);
    if (active(b)) found.push([b, scaled(w, times(w, literal(2), times(w, r, other)), g), true]);
    return found;
  },
  // xᵢ/√(Σ xⱼ²)
  unitPartial: (w, [at, ...xs], r, g, active) => {
    const length = op(w, {
      op: "math",
      name: "hypot",
      args: xs.map((value) => ({ value, spread: false })),
    });
    const i = isName(at as Atom) ? -1 : (at as { literal: unknown }).literal;
    const units = xs.map((_, j) => (j === i ? r : help(w, "unitPartial", literal(j), ...xs)));
    return xs.flatMap((x, j): Share[] => {
      if (!active(x)) return [];
      if (j !== i)
        return [[x, scaled(w, arith(w, "/", times(w, r, units[j] as Atom), length), g), true]];
      const others = units.filter((_, k) => k !== i).map((u) => times(w, u, u));
      const [first, ...rest] = others;
      if (first === undefined) return [];
      const sum = rest.reduce((s, u) => arith(w, "+", s, u), first);
      return [[x, scaled(w, arith(w, "/", sum, length), g)]];
    });
  },
  // g/2 where two are equal
  tiedShare: (w, args, _r, g) => {
    const [difference, inner] = args as readonly [Atom, Atom];
    return [[inner, help(w, "tiedShare", difference, g)]];
  },
};

/** Whether the partials of a function of the runtime are known. */
export const hasShares = (name_: string): boolean => name_ in helpShares;

function arithmetic(
  w: Writer,
  operator: Arithmetic,
  [a, b]: readonly [Atom, Atom],
  r: Atom,
  g: Atom,
  active: (a: Atom) => boolean,
): Share[] {
  switch (operator) {
    case "+":
      return [
        [a, g],
        [b, g],
      ];
    case "-":
      return [
        [a, g],
        [b, g, true],
      ];
    case "*": {
      if (a === b && isName(a)) return [[a, scaled(w, arith(w, "*", literal(2), a), g)]];
      const found: Share[] = [];
      if (active(a)) found.push([a, scaled(w, b, g)]);
      if (active(b)) found.push([b, scaled(w, a, g)]);
      return found;
    }
    case "/": {
      const part = w.strong
        ? op(w, { op: "help", name: "strongRatio", args: [g, b] })
        : arith(w, "/", g, b);
      const found: Share[] = [];
      if (active(a)) found.push([a, part]);
      if (active(b)) found.push([b, scaled(w, r, part), true]);
      return found;
    }
    case "%": {
      const found: Share[] = [];
      const whole = active(b)
        ? op(w, { op: "help", name: "wholeQuotient", args: [a, b] })
        : undefined;
      // Where there is no remainder there is no derivative either.
      const sure = op(w, { op: "help", name: "remPartial", args: [a, b] });
      if (active(a)) found.push([a, scaled(w, sure, g)]);
      if (whole) found.push([b, scaled(w, arith(w, "*", whole, sure), g), true]);
      return found;
    }
    case "**":
      return power(w, a, b, r, g, active);
  }
}

function power(
  w: Writer,
  a: Atom,
  b: Atom,
  r: Atom,
  g: Atom,
  active: (a: Atom) => boolean,
): Share[] {
  const found: Share[] = [];
  if (active(a)) {
    const exponent = isName(b) ? undefined : b.literal;
    if (exponent === 2) found.push([a, scaled(w, arith(w, "*", literal(2), a), g)]);
    else if (typeof exponent === "number" && exponent !== 0) {
      const less = arith(w, "**", a, literal(exponent - 1));
      found.push([a, scaled(w, arith(w, "*", less, b), g)]);
    } else found.push([a, scaled(w, op(w, { op: "help", name: "powerPartial", args: [a, b] }), g)]);
  }
  if (active(b)) {
    const base = isName(a) ? undefined : a.literal;
    if (typeof base === "number" && base > 0)
      found.push([b, scaled(w, arith(w, "*", literal(Math.log(base)), r), g)]);
    else
      found.push([b, scaled(w, op(w, { op: "help", name: "exponentPartial", args: [a, r] }), g)]);
  }
  return found;
}

function math(
  w: Writer,
  name_: string,
  args: readonly Element[],
  r: Atom,
  g: Atom,
  active: (a: Atom) => boolean,
): Share[] {
  const rule = rules[name_];
  const values = args.map((a) => a.value);
  const [x, y] = values as [Atom, Atom];
  if (rule === undefined || rule.kind === "constant") return [];
  if (rule.kind === "unary") {
    if (!active(x)) return [];
    const partial = rule.partial(formOps(w), x, r);
    if (partial === 1) return [[x, g]];
    return [[x, scaled(w, typeof partial === "number" ? literal(partial) : partial, g)]];
  }
  if (rule.kind === "binary") return power(w, x, y, r, g, active);
  if (name_ === "abs") {
    if (!active(x)) return [];
    const up = compare(w, ">", x, literal(0));
    const down = compare(w, "<", x, literal(0));
    const otherwise = scaled(w, x, g);
    const right = op(w, { op: "select", test: down, yes: negative(w, g), otherwise });
    return [[x, op(w, { op: "select", test: up, yes: g, otherwise: right })]];
  }
  if ((name_ === "max" || name_ === "min") && values.length === 2) {
    const over = compare(w, name_ === "max" ? ">" : "<", x, y);
    const under = compare(w, name_ === "max" ? "<" : ">", x, y);
    // Of the tied each takes a half; where one is NaN, so is the difference.
    const tied = op(w, { op: "help", name: "tiedShare", args: [arith(w, "-", x, y), g] });
    const share = (mine: Atom, other: Atom) =>
      op(w, {
        op: "select",
        test: mine,
        yes: g,
        otherwise: op(w, { op: "select", test: other, yes: literal(0), otherwise: tied }),
      });
    const found: Share[] = [];
    if (active(x)) found.push([x, share(over, under)]);
    if (active(y)) found.push([y, share(under, over)]);
    return found;
  }
  if (name_ === "atan2") {
    const found: Share[] = [];
    if (active(x))
      found.push([x, scaled(w, op(w, { op: "help", name: "atan2Partial", args: [y, x] }), g)]);
    if (active(y))
      found.push([
        y,
        scaled(w, op(w, { op: "help", name: "atan2Partial", args: [x, y] }), g),
        true,
      ]);
    return found;
  }
  return values.flatMap((v, i): Share[] => {
    if (!active(v)) return [];
    const partial = op(
      w,
      name_ === "hypot"
        ? { op: "help", name: "unitPartial", args: [literal(i), ...values] }
        : { op: "help", name: "extremumPartial", args: [r, v, ...values] },
    );
    return [[v, scaled(w, partial, g)]];
  });
}

export const compare = (w: Writer, operator: "<" | ">" | ">=", a: Atom, b: Atom): Atom => {
  const made = name("v", { k: "inert" });
  w.out.push({ s: "let", name: made, value: { op: "compare", operator, args: [a, b] } });
  return made;
};

/** The algebra that partials are written in, as operations of the form. */
function formOps(w: Writer): Ops<Atom> {
  const lift = (x: Atom | number): Atom => (typeof x === "number" ? literal(x) : x);
  const binary = (operator: Arithmetic) => (a: Atom | number, b: Atom | number) =>
    arith(w, operator, lift(a), lift(b));
  const call = (f: string, x: Atom) =>
    w.known?.(w, f, x) ?? op(w, { op: "math", name: f, args: [{ value: x, spread: false }] });
  return {
    add: binary("+"),
    sub: binary("-"),
    mul: binary("*"),
    div: binary("/"),
    pow: binary("**"),
    neg: (a) => negative(w, lift(a)),
    strong: (partial, factor) => scaled(w, partial, factor),
    atLeast: (a, b, yes, otherwise) => {
      const test = compare(w, ">=", lift(a), lift(b));
      const result = name("v", NUM, true);
      const branch = (write: () => Atom | number): Stmt[] => {
        const outer = w.out;
        const made: Stmt[] = [];
        w.out = made;
        const value = lift(write());
        made.push({ s: "set", name: result, value: { op: "copy", value } });
        w.out = outer;
        return made;
      };
      w.out.push({ s: "let", name: result, value: { op: "copy", value: literal(0) } });
      const first = branch(yes);
      w.out.push({ s: "if", test, yes: first, otherwise: branch(otherwise) });
      return op(w, { op: "copy", value: result });
    },
    once: (value, use) => use(value),
    call,
    abs: (x) => call("abs", x),
  };
}
