import type { types } from "@babel/core";
import { elementAt, INERT, isContainer, type Kind, signatureOf } from "../analysis/kind.ts";
import type { FunctionNode } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import {
  type Atom,
  atomsRead,
  blocksOf,
  type Closure,
  eachStmt,
  isName,
  mapAtoms,
  mapBlocks,
  mapPlace,
  type Name,
  name,
  type Op,
  type Program,
  type Stmt,
} from "./form.ts";
import { Unlowered } from "./lowering.ts";
import type { LoweredModule } from "./module.ts";
import { rewrite } from "./rewrite.ts";

type T = ModuleContext["t"];

/** Programs without functions that are values, where it is known which they are. */
export interface Lifted extends LoweredModule {
  /** The functions that were made for that, each with the function of the file that it was made for. */
  readonly madeFor: ReadonlyMap<FunctionNode, FunctionNode>;
}

/**
 * Makes functions that are values into functions of the file, which get what they captured as arguments (lambda
 * lifting; Johnsson, "Lambda lifting: transforming programs to recursive equations", 1985), and writes functions
 * that are given some once for each (procedure cloning; Muchnick, Advanced Compiler Design and Implementation,
 * 1997, section 19.2.1). A reverse sweep then meets calls of functions that it knows, and nothing else.
 *
 * What is kept in lists, objects and variables stays a value, and its program as it was.
 */
export function lifted(t: T, linked: LoweredModule, lowered: LoweredModule): Lifted {
  const madeFor = new Map<FunctionNode, FunctionNode>();
  const programs = new Map<FunctionNode, Program>();
  const inner = new Map<FunctionNode, Program>();
  const plain = (f: FunctionNode) => lowered.programs.get(f) ?? lowered.inner.get(f);
  const lift = (of: ReadonlyMap<FunctionNode, Program>, into: Map<FunctionNode, Program>) => {
    for (const [f, program] of of) {
      const made = hasClosures(program) ? new Lifting(t, plain).program(program) : undefined;
      into.set(f, made?.program ?? program);
      for (const [key, other] of made?.others ?? []) {
        into.set(key, other);
        madeFor.set(key, f);
      }
    }
  };
  lift(linked.programs, programs);
  lift(linked.inner, inner);
  return { ...linked, programs, inner, madeFor };
}

function hasClosures({ body }: Program): boolean {
  let found = false;
  eachStmt(body, (s) => {
    found ||= s.s === "closure";
  });
  return found;
}

/** A function that is a value, where it was made. */
interface Value {
  readonly closure: Closure;
  readonly around: Scope;
  /** Names of the program that it is made in, which have the values that it finds when it is called. */
  readonly captured: readonly Name[];
  readonly written: Map<string, FunctionNode>;
}

/** Which functions the names of a program, and of those around it, stand for. */
interface Scope {
  readonly outer: Scope | undefined;
  readonly closures: ReadonlyMap<Name, Closure>;
  readonly values: Map<Name, Value>;
  /** Functions that it is given, and the parameters for what these captured. */
  readonly given: ReadonlyMap<Name, { readonly value: Value; readonly captured: readonly Name[] }>;
  /** The parameters for what was captured. */
  readonly renamed: ReadonlyMap<Name, Name>;
}

/** What a function is made of. */
interface Origin {
  readonly hint: string;
  readonly origin: FunctionNode;
  readonly around: Scope | undefined;
  readonly captured: readonly Name[];
  readonly written: Map<string, FunctionNode>;
}

interface Called {
  readonly op: Op;
  readonly returns: Kind;
}

/** How many functions may be made for one: those that are given ones that they made themselves have no end. */
const MOST = 24;

class Lifting {
  readonly #t: T;
  readonly #plain: (f: FunctionNode) => Program | undefined;
  /** Functions of the file that are given functions, by what these are. */
  readonly #cloned = new Map<FunctionNode, Map<string, FunctionNode>>();
  readonly #ids = new Map<Value, number>();
  readonly #made = new Map<FunctionNode, Program>();
  #changes = false;

  constructor(t: T, plain: (f: FunctionNode) => Program | undefined) {
    this.#t = t;
    this.#plain = plain;
  }

  /** The program without functions that are values, and those that it calls instead. */
  program(
    program: Program,
  ): { program: Program; others: ReadonlyMap<FunctionNode, Program> } | undefined {
    this.#changes = mayChangeGiven(program.body);
    try {
      const scope = scopeOf(program.body, undefined, new Map(), new Map());
      const body = this.#list(program.body, scope);
      return { program: { ...program, body }, others: this.#made };
    } catch (e) {
      if (!(e instanceof Unlowered)) throw e;
      return undefined;
    }
  }

  #list(stmts: readonly Stmt[], scope: Scope): Stmt[] {
    const now = (a: Atom): Atom => {
      if (!isName(a)) return a;
      if (stands(scope, a)) throw asValue(undefined);
      return renamed(scope, a);
    };
    const code = (e: types.Expression) => rewrite(this.#t, e, (n) => now(n));
    return stmts.flatMap((s): Stmt[] => {
      switch (s.s) {
        case "closure":
          return [];
        case "let":
        case "set":
        case "do": {
          const called = this.#called(s.value, scope, s.node);
          if (called === undefined) return [{ ...s, value: mapAtoms(s.value, now, code) }];
          if (s.s !== "let") throw asValue(s.node);
          return [{ ...s, name: resultOf(called.returns, s), value: called.op }];
        }
        case "write":
          return [{ ...s, place: mapPlace(s.place, now), value: now(s.value) }];
        case "if":
          return [{ ...mapBlocks(s, (b) => this.#list(b, scope)), test: now(s.test) } as Stmt];
        case "loop": {
          const made = mapBlocks(s, (b) => this.#list(b, scope)) as typeof s;
          return [
            {
              ...made,
              test: made.test && { ...made.test, value: now(made.test.value) },
              declares: s.declares.map((d) => ({ ...d, from: now(d.from) })),
            },
          ];
        }
        case "return":
          return [{ ...s, value: s.value && now(s.value) }];
        case "throw":
          return [{ ...s, value: now(s.value) }];
        default:
          return [mapBlocks(s, (b) => this.#list(b, scope))];
      }
    });
  }

  /** A call of a function that is a value, or that is given one. */
  #called(op: Op, scope: Scope, node: types.Node | undefined): Called | undefined {
    if (op.op === "apply") {
      const called = isName(op.f) ? stands(scope, op.f) : undefined;
      if (called === undefined) throw asValue(node);
      const { closure, written, around, captured } = called.value;
      const { name: named, node: origin } = closure;
      const own = { hint: named.hint, origin: origin as FunctionNode, around, captured, written };
      return this.#call(closure, own, [...op.args], called.captured, scope);
    }
    if (op.op !== "call") return undefined;
    if (!op.args.some((a) => a && isName(a) && stands(scope, a))) return undefined;
    const program = this.#plain(op.f);
    if (program === undefined) throw asValue(node);
    const written = this.#cloned.get(op.f) ?? new Map<string, FunctionNode>();
    this.#cloned.set(op.f, written);
    if (mayChangeGiven(program.body)) this.#changes = true;
    const own = { hint: hintOf(op.f), origin: op.f, around: undefined, captured: [], written };
    return this.#call(program, own, [...op.args], [], scope);
  }

  #call(
    { params, body, returns }: Pick<Program, "params" | "body" | "returns">,
    of: Origin,
    args: readonly (Atom | undefined)[],
    captured: readonly Name[],
    scope: Scope,
  ): Called {
    const own: (Atom | undefined)[] = [];
    const handed: Name[] = [];
    const given: [Name, Value][] = [];
    params.forEach((param, i) => {
      const a = args[i];
      const value = a && isName(a) ? stands(scope, a) : undefined;
      if (value) {
        given.push([param, value.value]);
        handed.push(...value.captured);
        return;
      }
      if (param.kind.k === "fn") throw asValue(of.origin);
      if (a && isName(a) && !fits(a.kind, param.kind)) throw asValue(of.origin);
      own.push(a && isName(a) ? renamed(scope, a) : a);
    });
    const id = given.map(([param, v]) => `${params.indexOf(param)}:${this.#idOf(v)}`).join();
    let f = of.written.get(id);
    if (f === undefined) {
      if (this.#made.size === MOST) throw asValue(of.origin);
      f = { ...of.origin, id: this.#t.identifier(of.hint) } as FunctionNode;
      of.written.set(id, f);
      const names = new Map(of.captured.map((n) => [n, parameterFor(n)]));
      const functions = new Map(
        given.map(([param, value]) => [
          param,
          { value, captured: value.captured.map(parameterFor) },
        ]),
      );
      const made: Program = {
        params: [
          ...params.filter((p) => !functions.has(p)),
          ...[...functions.values()].flatMap((v) => v.captured),
          ...names.values(),
        ],
        body: [],
        returns,
      };
      this.#made.set(f, made);
      made.body.push(...this.#list(body, scopeOf(body, of.around, functions, names)));
    }
    const all = [...own, ...handed, ...captured];
    return { op: { op: "call", f, args: all, changes: this.#changes }, returns };
  }

  #idOf(value: Value): number {
    const id = this.#ids.get(value) ?? this.#ids.size;
    this.#ids.set(value, id);
    return id;
  }
}

const asValue = (node: types.Node | undefined) =>
  new Unlowered(node as types.Node, "a function that is a value");

const hintOf = (f: FunctionNode): string =>
  "id" in f && f.id ? f.id.name : "key" in f && f.key.type === "Identifier" ? f.key.name : "f";

/** What holds the result of a call: nothing is done with one that is not expected. */
function resultOf(returns: Kind, { name: to, node }: Extract<Stmt, { s: "let" }>): Name {
  if (signatureOf(returns) === signatureOf(to.kind)) return to;
  // A constant, where a number may be active.
  if (returns.k === "inert" && to.kind.k === "num") return to;
  if (to.kind.k === "inert" && to.kind.unused) return name("v", returns);
  throw asValue(node);
}

const parameterFor = ({ hint, kind }: Name): Name => name(hint, kind);

function scopeOf(
  body: readonly Stmt[],
  outer: Scope | undefined,
  given: Scope["given"],
  renaming: Scope["renamed"],
): Scope {
  const closures = new Map<Name, Closure>();
  const visit = (stmts: readonly Stmt[]): void => {
    for (const s of stmts) {
      if (s.s === "closure") closures.set(s.name, s);
      // What a function makes inside is its own.
      else for (const b of blocksOf(s)) visit(b);
    }
  };
  visit(body);
  return { outer, closures, values: new Map(), given, renamed: renaming };
}

/** The names of what was captured have other names in a function that is given them. */
function renamed(scope: Scope, n: Name): Name {
  // Of the innermost program: it is given all that those around it hold and it uses.
  return scope.renamed.get(n) ?? n;
}

/** The function that a name stands for, and what has to be handed on for what it captured. */
function stands(
  scope: Scope,
  n: Name,
): { readonly value: Value; readonly captured: readonly Name[] } | undefined {
  const found = lookUp(scope, n);
  return found && { ...found, captured: found.captured.map((c) => renamed(scope, c)) };
}

function lookUp(
  scope: Scope | undefined,
  n: Name,
): { readonly value: Value; readonly captured: readonly Name[] } | undefined {
  if (scope === undefined) return undefined;
  const given = scope.given.get(n);
  if (given) return given;
  const closure = scope.closures.get(n);
  if (closure === undefined) return lookUp(scope.outer, n);
  let value = scope.values.get(n);
  if (value === undefined) {
    const captured = [...capturedBy(closure, scope, new Set())];
    value = { closure, around: scope, captured, written: new Map() };
    scope.values.set(n, value);
  }
  return { value, captured: value.captured };
}

/** The names that a function finds outside, and those that the functions find that it calls there. */
function capturedBy(closure: Closure, scope: Scope, seen: Set<Closure>): Set<Name> {
  const found = new Set<Name>();
  if (seen.has(closure)) return found;
  seen.add(closure);
  const { free, set } = outsideOf(closure);
  for (const n of free) {
    const [holder, other] = closureNamed(scope, n);
    if (other && holder) {
      for (const c of capturedBy(other, holder, seen)) found.add(c);
      continue;
    }
    const given = givenBy(scope, n);
    if (given) for (const c of given) found.add(c);
    else if (n.kind.k === "fn") throw asValue(closure.node);
    else found.add(n);
  }
  // It would set its own copy.
  if (set.size > 0) throw asValue(closure.node);
  return found;
}

function closureNamed(scope: Scope | undefined, n: Name): [Scope, Closure] | [] {
  if (scope === undefined) return [];
  const closure = scope.closures.get(n);
  return closure ? [scope, closure] : closureNamed(scope.outer, n);
}

const givenBy = (scope: Scope | undefined, n: Name): readonly Name[] | undefined =>
  scope && (scope.given.get(n)?.captured ?? givenBy(scope.outer, n));

/** The names that a function reads and sets and does not declare. */
function outsideOf({ params, body }: Closure): { free: Set<Name>; set: Set<Name> } {
  const own = new Set<Name>(params);
  const read = new Set<Name>();
  const set = new Set<Name>();
  eachStmt(body, (s) => {
    if (s.s === "let" || s.s === "closure") own.add(s.name);
    if (s.s === "closure") for (const p of s.params) own.add(p);
    if (s.s === "loop") for (const d of s.declares) own.add(d.name);
    if (s.s === "try" && s.handler) own.add(s.handler.param);
    for (const a of atomsRead(s)) if (isName(a)) read.add(a);
    if (s.s === "loop" && s.test && isName(s.test.value)) read.add(s.test.value);
    if (s.s === "set") set.add(s.name);
    if (s.s === "let" || s.s === "set" || s.s === "do")
      if (s.value.op === "plain") for (const n of s.value.sets ?? []) set.add(n);
  });
  const outside = (all: Set<Name>) => new Set([...all].filter((n) => !own.has(n)));
  return { free: outside(read), set: outside(set) };
}

const looksOnly = new Set(["slice", "concat", "at", "subarray"]);
const makes = new Set(["array", "object", "instance", "floats", "sized"]);

/**
 * Whether a program, or a function in it, may change something that it did not make itself. What a function captured
 * is given to it once it is lifted, also where the program around it made that.
 */
function mayChangeGiven(body: readonly Stmt[]): boolean {
  const made = new Set<Atom>();
  const changes = (s: Stmt): boolean => {
    if (s.s === "closure") return mayChangeGiven(s.body);
    if (s.s === "let" && !s.name.mutable && makes.has(s.value.op)) made.add(s.name);
    if (s.s === "write" && !made.has(s.place.object)) return true;
    if (s.s === "let" || s.s === "set" || s.s === "do") {
      const { value: op } = s;
      if (op.op === "method" && !looksOnly.has(op.name) && !made.has(op.object)) return true;
      if ((op.op === "plain" || op.op === "call") && op.changes) return true;
    }
    return blocksOf(s).some((b) => b.some(changes));
  };
  return body.some(changes);
}

/** Whether a value of one kind may be given where another is expected. */
function fits(given: Kind, wanted: Kind): boolean {
  if (given.k === "inert") return true;
  if (wanted.k === "inert") return false;
  if (signatureOf(given) === signatureOf(wanted)) return true;
  if (wanted.k === "array" && (given.k === "array" || given.k === "floats"))
    return wanted.loose === true && !isContainer(elementAt(given, 0));
  if (wanted.k === "array" && given.k === "tuple")
    return given.of.every((of) => fits(of, wanted.of));
  if (wanted.k === "object" && given.k === "object" && wanted.className === given.className)
    return [...wanted.fields].every(([key, of]) => fits(given.fields.get(key) ?? INERT, of));
  return false;
}
