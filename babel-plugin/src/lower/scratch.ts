import type { types } from "@babel/core";
import type { CallGraph } from "../analysis/call-graph.ts";
import { functionsAround } from "../analysis/scratch.ts";
import { type Binding, type FunctionNode, isFunction } from "../ast.ts";
import {
  type Atom,
  atomsOf,
  atomsRead,
  blocksOf,
  eachStmt,
  isName,
  type Label,
  type LoweredIdentifier,
  type Name,
  type Op,
  type Own,
  type Place,
  type Program,
  type Stmt,
} from "./form.ts";
import { type Lowering, namesIn, statements, Unlowered, value } from "./lowering.ts";

type Node = types.Node;

/** Makes objects of the module that a function, or what it calls, writes into objects of its own. */
export function ownScratch(cx: Lowering, root: FunctionNode): Own[] {
  const { scratch } = cx.kinds;
  if (scratch.size === 0) return [];
  const reached = reachedFrom(cx.calls, root);
  const found: Own[] = [];
  for (const [binding, init] of scratch) {
    const uses = binding.referencePaths;
    if (!uses.some((use) => functionsAround(use).some((f) => reached.has(f)))) continue;
    if (cx.effects.changesByMaking(root, init))
      throw new Unlowered(init, "an object of the module that counts how often it is made");
    let name: Atom | undefined;
    const { room } = cx;
    const made = statements(cx, () => {
      name = value(cx, init);
    });
    if (name === undefined || !isName(name)) throw new Unlowered(init, "an object of its own kind");
    cx.room = room;
    name.hint = binding.identifier.name;
    cx.env.set(binding, name);
    found.push({ binding, name, made });
  }
  return found;
}

function reachedFrom(calls: CallGraph, root: FunctionNode): ReadonlySet<FunctionNode> {
  const reached = new Set([root]);
  // The set grows while it is gone through.
  for (const f of reached) for (const callee of calls.calleesOf(f)) reached.add(callee);
  return reached;
}

/** A program with what makes the objects of its own that it uses. */
export function withScratch(own: readonly Own[], program: Program): Program {
  const names = new Set<Atom>(own.map((o) => o.name));
  const used = new Set<Atom>();
  const use = (a: Atom): void => {
    if (names.has(a)) used.add(a);
  };
  eachStmt(program.body, (s) => {
    atomsRead(s).forEach(use);
    if (s.s === "loop" && s.test) use(s.test.value);
  });
  if (used.size === 0) return program;
  const kept = own.filter((o) => used.has(o.name));
  const body = [...kept.flatMap((o) => o.made), ...program.body];
  return { ...program, body, scratch: { own: kept, body: program.body } };
}

/** What is known of the programs of a file. */
export interface Programs {
  readonly of: (f: FunctionNode) => Program | undefined;
  readonly calls: CallGraph;
}

/**
 * Why a program can't have objects of its own for those of the module that it writes into. Nobody can tell the ones
 * from the others if each field is written before it is read, in each call, and if none is given to anybody.
 */
export function refusalOf({ scratch }: Program, programs: Programs): Unlowered | undefined {
  for (const { name, binding } of scratch?.own ?? []) {
    const { identifier } = binding;
    const why = new Check([name], scratch?.body ?? [], binding, programs).refusal(NOTHING);
    if (why !== undefined)
      return new Unlowered(identifier, `'${identifier.name}' of the module, ${why}`);
  }
  return undefined;
}

/** The fields that are certainly written; undefined behind what is never reached. */
type Written = ReadonlySet<string> | undefined;

const NOTHING: ReadonlySet<string> = new Set();

const KEEPS = "which keeps something from call to call";
const GIVES = "which is given to others";

/** Looks at all ways through a program. */
class Check {
  /** What certainly is the object, and what may be it. */
  readonly #is: Set<Atom>;
  readonly #maybe: Set<Atom>;
  readonly #breaks = new Map<Label, Written>();
  readonly #continues = new Map<Label, Written>();
  #refusal: string | undefined;

  /** What is written when it has been run, however it was left. */
  #end: Written;

  constructor(
    object: readonly Name[],
    private readonly body: readonly Stmt[],
    private readonly binding: Binding,
    private readonly programs: Programs,
    /** The function that gets it as an argument, and those that hand it on. */
    private readonly open: readonly FunctionNode[] = [],
  ) {
    this.#is = new Set(object);
    this.#maybe = new Set(object);
  }

  refusal(before: Written): string | undefined {
    this.#findNames();
    const end = this.#list(this.body, before);
    this.#end = either(this.#end, end);
    return this.#refusal;
  }

  /** What is written behind it. */
  get end(): Written {
    return this.#end;
  }

  #findNames(): void {
    let before: number;
    do {
      before = this.#maybe.size + this.#is.size;
      eachStmt(this.body, (s) => {
        if (s.s !== "let" && s.s !== "set") return;
        const { value } = s;
        if (value.op === "copy" && this.#maybe.has(value.value)) {
          this.#maybe.add(s.name);
          if (s.s === "let" && !s.name.mutable && this.#is.has(value.value)) this.#is.add(s.name);
        }
        if (value.op === "select" && [value.yes, value.otherwise].some((a) => this.#maybe.has(a)))
          this.#maybe.add(s.name);
        // What is called may give back what it was given.
        if (value.op === "call" && s.name.kind.k !== "num" && s.name.kind.k !== "inert")
          if (value.args.some((a) => a && this.#maybe.has(a))) this.#maybe.add(s.name);
      });
    } while (this.#maybe.size + this.#is.size > before);
  }

  #refuse(why: string): void {
    this.#refusal ??= why;
  }

  #list(stmts: readonly Stmt[], before: Written): Written {
    let now = before;
    for (const s of stmts) now = this.#stmt(s, now);
    return now;
  }

  #stmt(s: Stmt, now: Written): Written {
    switch (s.s) {
      case "let":
      case "set":
      case "do":
        return this.#op(s.value, now);
      case "write": {
        if (this.#maybe.has(s.value)) this.#refuse(GIVES);
        if (!this.#maybe.has(s.place.object)) return now;
        if (s.place.at !== "field") this.#refuse(KEEPS);
        else if (now && this.#is.has(s.place.object)) return new Set([...now, s.place.key]);
        return now;
      }
      case "if":
        return either(this.#list(s.yes, now), this.#list(s.otherwise, now));
      case "loop":
        return this.#loop(s, now);
      case "block": {
        this.#breaks.set(s.label, undefined);
        const end = this.#list(s.body, now);
        return either(end, this.#breaks.get(s.label));
      }
      case "break":
        this.#breaks.set(s.label, either(this.#breaks.get(s.label), now));
        return undefined;
      case "continue":
        this.#continues.set(s.label, either(this.#continues.get(s.label), now));
        return undefined;
      case "return":
        // Those that are called may give it back: whoever calls them is looked at.
        if (s.value && this.#maybe.has(s.value) && this.open.length === 0) this.#refuse(GIVES);
        this.#end = either(this.#end, now);
        return undefined;
      case "throw":
        if (this.#maybe.has(s.value)) this.#refuse(GIVES);
        return undefined;
      case "closure":
        if (this.#isNamedIn(s)) this.#refuse(GIVES);
        return now;
      case "try":
        this.#refuse(KEEPS);
        return now;
    }
  }

  #loop(s: Extract<Stmt, { s: "loop" }>, before: Written): Written {
    if (s.declares.some((d) => this.#maybe.has(d.from))) this.#refuse(GIVES);
    let head = before;
    for (;;) {
      this.#breaks.set(s.label, undefined);
      this.#continues.set(s.label, undefined);
      const test = (now: Written) => (s.test ? this.#list(s.test.before, now) : now);
      const tested = s.testLast ? head : test(head);
      const done = this.#list(s.body, tested);
      const updated = this.#list(s.update, either(done, this.#continues.get(s.label)));
      const end = s.testLast ? test(updated) : updated;
      const again = either(head, end);
      if (isSame(again, head)) {
        const left = s.test === undefined ? undefined : s.testLast ? end : tested;
        return either(left, this.#breaks.get(s.label));
      }
      head = again;
    }
  }

  #op(op: Op, now: Written): Written {
    switch (op.op) {
      case "read":
        this.#read(op.place, now);
        return now;
      case "copy":
      case "select":
        return now;
      case "plain":
        this.#plain(op, now);
        return op.changes ? forgotten(now) : now;
      case "call":
        return this.#call(op, now);
      case "math":
      case "arith":
      case "sign":
      case "compare":
      case "array":
      case "object":
      case "instance":
      case "floats":
      case "sized":
      case "method":
        this.#given(op);
        return now;
      default:
        this.#given(op);
        return forgotten(now);
    }
  }

  /** A function that is given it may write into it and read it, as if it stood here. */
  #call({ f, args, changes }: Extract<Op, { op: "call" }>, now: Written): Written {
    const mayTouch = changes && this.#mayTouch(f);
    if (!args.some((a) => a && this.#maybe.has(a))) return mayTouch ? forgotten(now) : now;
    const program = this.programs.of(f);
    const isSure = args.every((a) => !a || !this.#maybe.has(a) || this.#is.has(a));
    if (mayTouch || this.#mayTouch(f) || !program || !isSure || this.open.includes(f)) {
      this.#refuse(GIVES);
      return forgotten(now);
    }
    const taken = program.params.filter((_, i) => this.#is.has(args[i] as Atom));
    const inner = new Check(taken, program.body, this.binding, this.programs, [...this.open, f]);
    const why = inner.refusal(now);
    if (why !== undefined) this.#refuse(why);
    return inner.end;
  }

  /** Whether a function, or what it calls, may name the object itself, or runs what is not known. */
  #mayTouch(f: FunctionNode): boolean {
    const reached = reachedFrom(this.programs.calls, f);
    const isNamed = this.binding.referencePaths.some((use) =>
      functionsAround(use).some((g) => reached.has(g)),
    );
    return isNamed || [...reached].some((g) => runsOthers(this.programs.of(g)));
  }

  #given(op: Op): void {
    if (atomsOf(op).some((a) => this.#maybe.has(a))) this.#refuse(GIVES);
  }

  #read(place: Place, now: Written): void {
    if (place.at === "element" && this.#maybe.has(place.index)) this.#refuse(GIVES);
    if (!this.#maybe.has(place.object)) return;
    if (place.at !== "field" || (now && !now.has(place.key))) this.#refuse(KEEPS);
  }

  /** Code that is kept as it was may read its fields, and ask whether it is there. */
  #plain({ code, reads }: Extract<Op, { op: "plain" }>, now: Written): void {
    if (!reads.some((a) => this.#maybe.has(a))) return;
    const isObject = (n: Node | null | undefined): boolean => {
      const { lowered } = (n ?? {}) as LoweredIdentifier;
      return lowered !== undefined && this.#maybe.has(lowered);
    };
    const refusalOf = (n: Node): string | undefined => {
      if (isObject(n)) return GIVES;
      if (n.type === "MemberExpression" && isObject(n.object)) {
        if (n.computed || n.property.type !== "Identifier") return KEEPS;
        return now && !now.has(n.property.name) ? KEEPS : undefined;
      }
      if (n.type === "UnaryExpression" && n.operator === "!" && isObject(n.argument))
        return undefined;
      if (n.type === "BinaryExpression" && isObject(n.left) && isNothing(n.right)) return undefined;
      const targets = targetsOf(n).filter((of) => of.type === "MemberExpression");
      if (targets.some((of) => isObject(of.object))) return GIVES;
      if (isFunction(n) && namesIn(n).some((a) => this.#maybe.has(a))) return GIVES;
      return childrenOf(n)
        .map(refusalOf)
        .find((why) => why !== undefined);
    };
    const why = refusalOf(code);
    if (why !== undefined) this.#refuse(why);
  }

  #isNamedIn(s: Stmt): boolean {
    let found = false;
    eachStmt(
      blocksOf(s).flatMap((b) => [...b]),
      (inner) => {
        found ||= atomsRead(inner).some((a) => this.#maybe.has(a));
      },
    );
    return found;
  }
}

/** Whether a program calls what is not known here. */
function runsOthers(program: Program | undefined): boolean {
  let found = program === undefined;
  eachStmt(program?.body ?? [], (s) => {
    if (s.s !== "let" && s.s !== "set" && s.s !== "do") return;
    const { op } = s.value;
    if (op === "apply" || op === "link" || op === "linked") found = true;
    if (s.value.op === "plain" && s.value.changes) found = true;
  });
  return found;
}

/** What is called, written or deleted by an expression. */
function targetsOf(n: Node): Node[] {
  switch (n.type) {
    case "CallExpression":
    case "OptionalCallExpression":
    case "NewExpression":
      return [n.callee];
    case "TaggedTemplateExpression":
      return [n.tag];
    case "AssignmentExpression":
      return [n.left];
    case "UpdateExpression":
      return [n.argument];
    case "UnaryExpression":
      return n.operator === "delete" ? [n.argument] : [];
    default:
      return [];
  }
}

/** `undefined`, `void 0`, `null`. */
const isNothing = (n: Node): boolean =>
  n.type === "NullLiteral" ||
  (n.type === "Identifier" && n.name === "undefined") ||
  (n.type === "UnaryExpression" && n.operator === "void");

const childrenOf = (n: Node): Node[] =>
  Object.entries(n)
    .filter(([key]) => key !== "loc" && key !== "lowered" && key !== "extra")
    .flatMap(([, child]) => (Array.isArray(child) ? child : [child]))
    .filter((c): c is Node => typeof c === "object" && c !== null && "type" in c);

function either(a: Written, b: Written): Written {
  if (a === undefined || b === undefined) return a ?? b;
  return a === b ? a : new Set([...a].filter((key) => b.has(key)));
}

/** What is known when others may have run, who write into the same object. */
const forgotten = (now: Written): Written => now && NOTHING;

const isSame = (a: Written, b: Written): boolean => a?.size === b?.size;
