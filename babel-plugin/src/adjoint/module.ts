import type { types } from "@babel/core";
import { mayBeMissing } from "../analysis/defaults.ts";
import {
  classNamesIn,
  hasUnion,
  INERT,
  type Kind,
  NUM,
  ownClassNames,
  signatureOf,
  whyUnknown,
} from "../analysis/kind.ts";
import { someIn } from "../analysis/syntax.ts";
import { type FunctionNode, rootOf, unwrap } from "../ast.ts";
import {
  type Atom,
  atomsRead,
  type DirectLink,
  eachStmt,
  isName,
  kindOfAtom,
  type LoweredIdentifier,
  type Name,
  name,
  type Op,
  type Program,
  type Stmt,
} from "../lower/form.ts";
import { withoutInvariants } from "../lower/invariants.ts";
import { hasBigInts, Unlowered } from "../lower/lowering.ts";
import type { LoweredModule } from "../lower/module.ts";
import { type Printing, print, TAPE, withFunctions } from "../lower/print.ts";
import { surroundingsOf } from "../lower/surroundings.ts";
import type { ModuleContext } from "../module-context.ts";
import { isSeenAtTop } from "../resolve.ts";
import { type CertainlyThere, certainlyThere } from "./certainly-there.ts";
import { type Calls, identifierOf, type Prepared, prepare } from "./prepare.ts";
import { shareReads } from "./reads.ts";
import { type Sweeps, sweepsOf } from "./reverse.ts";
import { structure } from "./structure.ts";

/** The adjoint form of a function: both sweeps in one. */
export interface AdjointForm {
  /** What it is called at the end of the file, or it itself, where it stands beside a function that sees what is around it. */
  readonly run: string | types.Expression;
  readonly signature: string;
  /** The only parameter that has an adjoint beside it, if it is one. */
  readonly by?: number;
  readonly usesTape: boolean;
  /** Whether what it computes depends on its arguments alone. */
  readonly isClosed?: boolean;
  /** Whether it changes its arguments. */
  readonly writes?: boolean;
  /** Where it changes what is around it, so that what it finds stands: the links that have to be found before. */
  readonly once?: readonly string[];
  /** The arguments of the function, but the first, that have a tangent behind them in second-order code. */
  readonly along?: readonly number[];
  readonly classNames: readonly string[];
}

/** The adjoint forms of a file. */
export interface AdjointModule {
  readonly forms: ReadonlyMap<FunctionNode, AdjointForm>;
  /** Why the other functions have none. */
  readonly reasons: ReadonlyMap<FunctionNode, Unlowered>;
  /** Functions that no transform is called with, such as methods, but that the sweeps of others go through. */
  readonly goneThrough: ReadonlySet<FunctionNode>;
  /** What goes to the end of the file. */
  readonly declarations: readonly types.FunctionDeclaration[];
  /** What goes to its beginning: links to functions of other files. */
  readonly links: readonly types.Statement[];
}

/** How many numbers a function may be given: each has a slot for its adjoint. */
const MOST_NUMBERS = 64;

interface LinkDeclaration {
  readonly link: string;
  readonly statement: types.Statement;
}

interface Module {
  readonly context: ModuleContext;
  readonly lowered: LoweredModule;
  readonly names: Map<FunctionNode, { forward: string; reverse: string }>;
  readonly options: Options;
  /** Functions that are called where something may be changed before they are gone back through. */
  readonly open: ReadonlySet<FunctionNode>;
  /** The links that functions use, by the call and the types of what it gives and takes. */
  readonly links: Map<FunctionNode, Map<string, LinkDeclaration>>;
  /** The links to functions that a function is given. */
  readonly given: Map<FunctionNode, Map<string, Extract<Stmt, { s: "let" }>>>;
  /** What links have found when a call of a function begins. */
  readonly found: Map<FunctionNode, Map<string | Name, DirectLink & { readonly found: Stmt[] }>>;
  there?: CertainlyThere;
  /** The functions in whose reverse sweeps a zero beats an infinite partial, since nobody looks again. */
  readonly strong: Set<FunctionNode>;
}

/** Which adjoint forms are made. */
export interface Options {
  /** What their names end in. */
  readonly suffix: (f: FunctionNode) => string;
  /** The functions that are entered from outside. */
  readonly isRoot: (f: FunctionNode) => boolean;
  /** Parameters of a program that nothing is differentiated by, where that can be. */
  readonly constants: ReadonlyMap<Program, ReadonlySet<Name>>;
  /** Of programs that are tangents: the arguments, but the first, that have tangents of their own. */
  readonly along: ReadonlyMap<Program, readonly number[]>;
  /** The functions whose results depend on their arguments alone. */
  readonly closed: ReadonlySet<types.Node>;
  /** Whether a function that changes its arguments, and nothing else, may be entered: it is run on copies. */
  readonly mayWrite: (f: FunctionNode) => boolean;
  /** Whether a function that changes what is around it may be entered, where that happens once. */
  readonly mayChangeState: boolean;
  /** Whether it is wanted to know which functions can only be gone through. */
  readonly tellsOfOthers: boolean;
  /** The function of the file that one was made of. */
  readonly original: (f: FunctionNode) => FunctionNode;
}

const FIRST_ORDER: Options = {
  suffix: () => "adjoint",
  isRoot: () => true,
  constants: new Map(),
  along: new Map(),
  closed: new Set(),
  mayWrite: () => true,
  mayChangeState: true,
  tellsOfOthers: true,
  original: (f) => f,
};

export function adjointForms(
  context: ModuleContext,
  lowered: LoweredModule,
  given: Partial<Options> = {},
): AdjointModule {
  const options = { ...FIRST_ORDER, ...given };
  const all = [...lowered.programs, ...lowered.inner];
  const calls = new Map(all.map(([f, p]) => [f, calleesOf(p)]));
  const module: Module = {
    context,
    lowered,
    options,
    names: new Map(),
    open: openIn(all, calls),
    links: new Map(),
    given: new Map(),
    found: new Map(),
    strong: new Set(),
  };
  const reasons = new Map<FunctionNode, Unlowered>(lowered.reasons);
  const attempt = <R>(f: FunctionNode, write: () => R): R | undefined => {
    try {
      return write();
    } catch (e) {
      if (!(e instanceof Unlowered)) throw e;
      reasons.set(f, e);
      return undefined;
    }
  };

  const called = new Set([...calls.values()].flatMap((c) => [...c]));
  for (const f of called) {
    const hint = hintOf(f);
    module.names.set(f, {
      forward: context.uid(`${hint}$forward`),
      reverse: context.uid(`${hint}$reverse`),
    });
  }
  const once = new Set(
    [...lowered.programs.keys()].filter((f) => options.isRoot(f) && runsOnce(module, f, calls)),
  );
  for (const f of once) for (const g of reachedFrom(calls, f).add(f)) module.strong.add(g);
  const split = new Map<FunctionNode, types.FunctionDeclaration[]>();
  for (const f of called) {
    const program = programOf(lowered, f);
    const made = program && attempt(f, () => splitForm(module, f, program));
    if (made) split.set(f, made);
  }
  // What calls a function that cannot be run backwards cannot be either.
  for (let again = true; again; ) {
    again = false;
    for (const f of split.keys()) {
      if ([...(calls.get(f) ?? [])].every((g) => split.has(g))) continue;
      split.delete(f);
      reasons.set(f, new Unlowered(f, "it calls a function without an adjoint form"));
      again = true;
    }
  }
  const forms = new Map<FunctionNode, AdjointForm>();
  const goneThrough = new Set<FunctionNode>();
  const joint: types.FunctionDeclaration[] = [];
  const used = new Set<FunctionNode>();
  for (const [f, program] of all) {
    if (!options.isRoot(f)) continue;
    const reached = reachedFrom(calls, f);
    const isMethod = f.type === "ClassMethod" || f.type === "ObjectMethod";
    if (options.tellsOfOthers && (isMethod || program.returns.k === "inert")) {
      if (split.has(f) || canSplit(module, f, program, split)) goneThrough.add(f);
    }
    const made = attempt(f, () => {
      if (isMethod) throw new Unlowered(f, "it is a method");
      const writes = !once.has(f) && lowered.effects.changesOutside(f);
      if (writes) checkWrites(module, f);
      for (const g of calls.get(f) ?? [])
        if (!split.has(g))
          throw (
            (g === f && reasons.get(f)) ||
            new Unlowered(f, "it calls a function without an adjoint form")
          );
      const names = surroundingsOf(context, lowered.kinds, options.original(f));
      for (const g of reached)
        if (g !== f && lowered.inner.has(g) && !names.meanTheSame(options.original(g)))
          throw new Unlowered(f, "it calls a function in which a name means something else");
      return jointForm(module, f, program, {
        writes,
        once: once.has(f) ? [...reached, f] : undefined,
      });
    });
    if (made === undefined) continue;
    if (lowered.inner.has(f)) {
      const { params, body } = made.declaration;
      const along = [...reached].filter((g) => lowered.inner.has(g));
      const others = along.flatMap((g) => split.get(g) ?? []).map((d) => context.t.cloneNode(d));
      const own = context.t.arrowFunctionExpression(params as never, body);
      forms.set(f, { ...made.form, run: withFunctions(context.t, others, own) });
      reasons.delete(f);
    } else {
      forms.set(f, made.form);
      joint.push(made.declaration);
    }
    for (const g of reached) used.add(g);
  }
  const declarations = [...split].flatMap(([f, made]) =>
    used.has(f) && !lowered.inner.has(f) ? made : [],
  );
  const links = [...module.links].flatMap(([f, own]) =>
    used.has(f) || forms.has(f) ? [...own.values()].map((l) => l.statement) : [],
  );
  return { forms, reasons, goneThrough, declarations: [...declarations, ...joint], links };
}

/** Whether sweeps could go through a function that nothing calls here. */
function canSplit(
  module: Module,
  f: FunctionNode,
  program: Program,
  split: ReadonlyMap<FunctionNode, unknown>,
): boolean {
  if (module.names.has(f) || ![...calleesOf(program)].every((g) => split.has(g))) return false;
  module.names.set(f, { forward: "_", reverse: "_" });
  try {
    module.context.trying(() => splitForm(module, f, program));
    return true;
  } catch (e) {
    if (!(e instanceof Unlowered)) throw e;
    return false;
  } finally {
    module.names.delete(f);
    for (const made of [module.links, module.given, module.found]) made.delete(f);
  }
}

const linksIn = ({ links }: Module, functions: readonly FunctionNode[]): string[] => [
  ...new Set(functions.flatMap((g) => [...(links.get(g)?.values() ?? [])].map((l) => l.link))),
];

/** What changes its arguments is run on copies, which must be the same to it. */
function checkWrites({ lowered, options }: Module, f: FunctionNode): void {
  const original = options.original(f);
  if (lowered.effects.changesState(original))
    throw new Unlowered(f, "it changes more than what it is given");
  if (!options.mayWrite(f) || !options.closed.has(original))
    throw new Unlowered(f, "it changes what it is given, and knows of more than that");
}

/**
 * Whether a function changes what is around it and no array or object that may be given to it: these a
 * reverse sweep puts back as they were. Functions of other files may have to be looked at again.
 */
function runsOnce(
  { context, lowered, options }: Module,
  f: FunctionNode,
  calls: ReadonlyMap<FunctionNode, ReadonlySet<FunctionNode>>,
): boolean {
  const { effects, programs } = lowered;
  if (!options.mayChangeState) return false;
  // Several sweeps would change it again and again.
  if (programs.get(f)?.returns.k !== "num") return false;
  if (!effects.changesState(f) || effects.changesGiven(f)) return false;
  let links = false;
  let callsOthers = false;
  const areKnown = [...reachedFrom(calls, f).add(f)].every((g) => {
    const program = programOf(lowered, g);
    if (program === undefined) return false;
    let callsGiven = false;
    eachOp(program.body, (op) => {
      links ||= op.op === "link";
      callsGiven ||= op.op === "link" && (op.callee as LoweredIdentifier).lowered !== undefined;
      callsOthers ||= op.op === "plain" && op.changes && callsProgram(context, op.code);
    });
    return !callsGiven;
  });
  // What a link has found may be another function after a call that changes something.
  return areKnown && !(links && callsOthers);
}

/** Whether code calls anything but functions of the language, and methods of lists and maps of the file. */
function callsProgram({ t, program }: ModuleContext, code: types.Node): boolean {
  return someIn(t, code, (n) => {
    if (n.type === "TaggedTemplateExpression") return true;
    if (!/^(Optional)?CallExpression$|^NewExpression$/.test(n.type)) return false;
    const root = rootOf((n as types.CallExpression).callee);
    if (root.type !== "Identifier" || (root as LoweredIdentifier).lowered) return true;
    const { node } = program.scope.getBinding(root.name)?.path ?? {};
    if (node === undefined) return false;
    const made = node.type === "VariableDeclarator" ? node.init && unwrap(node.init) : undefined;
    return !(
      made?.type === "ArrayExpression" ||
      (made?.type === "NewExpression" &&
        made.callee.type === "Identifier" &&
        !program.scope.hasBinding(made.callee.name))
    );
  });
}

/** Methods that leave their list as it is. */
const looksOnly = new Set(["slice", "concat", "at"]);

function reachedFrom(
  calls: ReadonlyMap<FunctionNode, ReadonlySet<FunctionNode>>,
  f: FunctionNode,
): Set<FunctionNode> {
  const reached = new Set<FunctionNode>();
  reach(calls, f, reached);
  return reached;
}

function reach(
  calls: ReadonlyMap<FunctionNode, ReadonlySet<FunctionNode>>,
  f: FunctionNode,
  found: Set<FunctionNode>,
): void {
  for (const g of calls.get(f) ?? []) {
    if (found.has(g)) continue;
    found.add(g);
    reach(calls, g, found);
  }
}

const programOf = ({ programs, inner }: LoweredModule, f: FunctionNode): Program | undefined =>
  programs.get(f) ?? inner.get(f);

function calleesOf(program: Program): Set<FunctionNode> {
  const found = new Set<FunctionNode>();
  eachOp(program.body, (op) => {
    if (op.op === "call") found.add(op.f);
  });
  return found;
}

/**
 * The functions that are called by one that changes something, or with others that do: in between their sweeps that
 * runs which follows in their callers. What it changes may be inert, as the order in which elements are taken.
 */
function openIn(
  all: readonly (readonly [FunctionNode, Program])[],
  calls: ReadonlyMap<FunctionNode, ReadonlySet<FunctionNode>>,
): Set<FunctionNode> {
  const changing = new Set(all.flatMap(([f, program]) => (changesSomething(program) ? [f] : [])));
  const open = new Set<FunctionNode>();
  if (changing.size === 0) return open;
  for (const f of calls.keys()) {
    const reached = reachedFrom(calls, f);
    if (changing.has(f) || [...reached].some((g) => changing.has(g)))
      for (const g of reached) open.add(g);
  }
  return open;
}

function changesSomething(program: Program): boolean {
  let found = false;
  eachStmt(program.body, (s) => {
    found ||= s.s === "write";
  });
  eachOp(program.body, (op) => {
    found ||= op.op === "method" && !looksOnly.has(op.name);
    found ||= op.op === "plain" && op.changes;
  });
  return found;
}

function eachOp(stmts: readonly Stmt[], visit: (op: Op) => void): void {
  eachStmt(stmts, (s) => {
    if (s.s === "let" || s.s === "set" || s.s === "do") visit(s.value);
  });
}

function prepared(
  module: Module,
  f: FunctionNode,
  program: Program,
  isOpen: boolean,
  constants: ReadonlySet<Name> = new Set(),
): Prepared {
  const { context, lowered } = module;
  const { t } = context;
  const kinds = program.params.map((p) => p.kind);
  if (kinds.length > MOST_NUMBERS) throw new Unlowered(f, "it has too many parameters");
  for (const kind of [...kinds, program.returns]) {
    const why = whyUnknown(kind);
    if (why !== undefined) throw new Unlowered(f, why);
    if (kind.k === "fn") throw new Unlowered(f, "a function among its arguments, or as its result");
    if (hasUnion(kind)) throw new Unlowered(f, SEVERAL);
  }
  const reason = beyondReverse(program);
  if (reason !== undefined) throw new Unlowered(f, reason);
  const structured = structure(withoutInvariants(program), {
    equals: (variable, code) => ({
      op: "plain",
      code: t.binaryExpression("===", identifierOf(t, variable), t.numericLiteral(code)),
      reads: [variable],
      changes: false,
    }),
  });
  const calls: Calls = {
    paramsOf: (g) => programOf(lowered, g)?.params,
    link: (op, returns) => linkFor(module, f, op, returns, program.params),
  };
  module.there ??= certainlyThere(new Map([...lowered.programs, ...lowered.inner]), (g, of, p) =>
    mayBeLeftOut(module.options, g, of, of.params.indexOf(p)),
  );
  const ready = prepare(context, f, structured, calls, constants, module.strong.has(f));
  return shareReads(t, ready, isOpen, module.there);
}

/** The link by which a function calls one of another file, the same one for each of its forms. */
function linkFor(
  module: Module,
  f: FunctionNode,
  op: Extract<Op, { op: "link" }>,
  returns: Kind,
  params: readonly Name[],
): ReturnType<Calls["link"]> {
  const { context, lowered } = module;
  const { t } = context;
  const { lowered: parameter } = op.callee as LoweredIdentifier;
  if (!parameter && !isSeenAtTop(context, (op.site as types.CallExpression).callee))
    throw new Unlowered(op.site, "a call of a function that is made while the program runs");
  const isNumber = (a: Atom) => !isName(a) && typeof a.literal === "number";
  const kinds = op.args.map((a) => (op.along && isNumber(a) ? NUM : kindOfAtom(a)));
  // A class of that name may be another one there.
  if ([...kinds, returns].flatMap(classNamesIn).length > 0)
    throw new Unlowered(op.site, "an instance of a class is passed to or from another module");
  if (kinds.some((k) => k.k === "fn"))
    throw new Unlowered(op.site, "a function is passed to a function of another file");
  const signature = `${kinds.map(signatureOf).join(",")}:${signatureOf(returns)}`;
  const constants = new Set(
    op.along?.filter((_, i, all) => all[i + 1] === all[i] && isNumber(op.args[i] as Atom)),
  );
  const given = (op.site as types.CallExpression).arguments;
  const objects = kinds.flatMap((kind, i) =>
    kind.k === "inert" &&
    isName(op.args[i] as Atom) &&
    !lowered.effects.isPrimitive(given[op.along?.[i] ?? i] as types.Node)
      ? [i]
      : [],
  );
  const isDirect =
    kinds.every((kind) => kind.k === "num" || kind.k === "inert") &&
    (op.along
      ? [1, 2, 3, 4, 6].includes(kinds.length) && isPairOfNumbers(returns)
      : returns.k === "num");
  if (parameter && !params.includes(parameter)) {
    const isMethod = unwrap((op.site as types.CallExpression).callee).type === "MemberExpression";
    const found = linkMade(context, op, parameter, signature, constants, isMethod);
    // To find it changes nothing: what is there stays as it is for the sweep back.
    return {
      link: found.name,
      objects,
      found: { ...found, value: { ...found.value, changes: false } },
    };
  }
  if (parameter) {
    const link = linkToGiven(module, f, op, parameter, signature, constants);
    return { link, objects, ...(isDirect ? { direct: directLink(module, f, op, link) } : {}) };
  }
  const own = module.links.get(f) ?? new Map<string, LinkDeclaration>();
  module.links.set(f, own);
  const { start, end } = op.site;
  const key = `${start}-${end} ${op.along ? `tangent ${[...constants]} ` : ""}${signature}`;
  let declared = own.get(key);
  if (declared === undefined) {
    const made = t.callExpression(context.helper("pullLink"), [
      t.arrowFunctionExpression([], op.callee),
      ...linkArguments(context, op, signature, constants),
    ]);
    t.addComment(made, "leading", "#__PURE__");
    const link = context.uid("pull");
    const id = t.variableDeclarator(t.identifier(link), made);
    declared = { link, statement: t.variableDeclaration("const", [id]) };
    own.set(key, declared);
  }
  const { link } = declared;
  return { link, objects, ...(isDirect ? { direct: directLink(module, f, op, link) } : {}) };
}

const isPairOfNumbers = (kind: Kind): boolean =>
  kind.k === "object" && [...kind.fields.values()].every((of) => of.k === "num");

/** What a link has found when the call of `f` begins. */
function directLink(
  { context, found }: Module,
  f: FunctionNode,
  op: Extract<Op, { op: "link" }>,
  link: string | Name,
): DirectLink {
  const { t } = context;
  const own = found.get(f) ?? new Map<string | Name, DirectLink & { readonly found: Stmt[] }>();
  found.set(f, own);
  let made = own.get(link);
  if (made === undefined) {
    const part = (hint: string, key: string): Extract<Stmt, { s: "let" }> => {
      const of = typeof link === "string" ? t.identifier(link) : identifierOf(t, link);
      const code = t.memberExpression(of, t.identifier(key));
      const reads = typeof link === "string" ? [] : [link];
      return {
        s: "let",
        name: name(hint, INERT),
        value: { op: "plain", code, reads, changes: true },
      };
    };
    const parts = [
      part("call", "target"),
      op.along ? part("back", "back") : part("both", "both"),
    ] as const;
    const [call, back] = [parts[0].name, parts[1].name];
    made = { call, back, ofTangent: op.along !== undefined, found: [...parts] };
    own.set(link, made);
  }
  return made;
}

function linkArguments(
  context: ModuleContext,
  op: Extract<Op, { op: "link" }>,
  signature: string,
  constants: ReadonlySet<number>,
  isMethod = false,
): types.Expression[] {
  const { t } = context;
  const places = t.arrayExpression([...constants].map((i) => t.numericLiteral(i)));
  return [
    t.stringLiteral(signature),
    context.site(op.site),
    ...(op.along || isMethod ? [t.booleanLiteral(op.along !== undefined)] : []),
    ...(constants.size > 0 || isMethod ? [places] : []),
    ...(isMethod ? [t.booleanLiteral(true)] : []),
  ];
}

/** The link by which a function calls one that it is given: it is found when the call begins. */
function linkToGiven(
  module: Module,
  f: FunctionNode,
  op: Extract<Op, { op: "link" }>,
  parameter: Name,
  signature: string,
  constants: ReadonlySet<number>,
): Name {
  const { context } = module;
  const own = module.given.get(f) ?? new Map<string, Extract<Stmt, { s: "let" }>>();
  module.given.set(f, own);
  const { start, end } = op.site;
  const key = `${start}-${end} ${op.along ? `tangent ${[...constants]} ` : ""}${signature}`;
  let found = own.get(key);
  if (found === undefined) {
    found = linkMade(context, op, parameter, signature, constants);
    own.set(key, found);
  }
  return found.name;
}

/** Makes the link to a function that is a value of the program. */
function linkMade(
  context: ModuleContext,
  op: Extract<Op, { op: "link" }>,
  called: Name,
  signature: string,
  constants: ReadonlySet<number>,
  isMethod = false,
): Extract<Stmt, { s: "let" }> & { readonly value: Extract<Op, { op: "plain" }> } {
  const { t } = context;
  const code = t.callExpression(context.helper("pullLinkOf"), [
    identifierOf(t, called),
    ...linkArguments(context, op, signature, constants, isMethod),
  ]);
  const value = { op: "plain", code, reads: [called], changes: true } as const;
  return { s: "let", name: name("pull", INERT), value };
}

/** Finds the links to functions that a function is given, and what of those that links lead to is used. */
function linksFound(module: Module, f: FunctionNode, body: readonly Stmt[]): readonly Stmt[] {
  const read = new Set<Atom>();
  eachStmt(body, (s) => {
    for (const a of atomsRead(s)) read.add(a);
  });
  return [
    ...(module.given.get(f)?.values() ?? []),
    ...[...(module.found.get(f)?.values() ?? [])].flatMap((l) =>
      l.found.filter((s) => s.s === "let" && read.has(s.name)),
    ),
  ];
}

const SEVERAL = "a value that is one of several";

/** What a program does that cannot be run backwards. */
function beyondReverse(program: Program): string | undefined {
  let found: string | undefined;
  eachStmt(program.body, (s) => {
    if ((s.s === "let" || s.s === "set") && hasUnion(s.name.kind)) found ??= SEVERAL;
    if (s.s === "closure") found ??= "a function that is a value";
    if (s.s === "try") found ??= "a `try` statement";
    if (s.s === "write" && s.place.at === "field" && s.place.key === "length")
      if (kindOfAtom(s.place.object).k === "array") found ??= "an assignment to a length";
  });
  eachOp(program.body, (op) => {
    if (op.op === "apply") found ??= "a call of a function that is given as a value";
    if (op.op === "plain" && op.sets) found ??= "an assignment inside an expression";
  });
  return found;
}

function sweeps(
  module: Module,
  f: FunctionNode,
  program: Prepared,
  seed: Name,
  joint: boolean,
): Sweeps {
  const { t } = module.context;
  const paramsOf = (g: FunctionNode) => programOf(module.lowered, g)?.params;
  const strong = module.strong.has(f);
  const isOpen = !joint && module.open.has(f);
  const facts = {
    hasBigInts: hasBigInts(module.context),
    isDataOfFile: (name: string) => isDataOfFile(module.context, name),
  };
  return sweepsOf(t, f, program, seed, paramsOf, strong, joint, isOpen, facts);
}

/** Whether a name of the file stands for an object that is written there, of what is no accessor. */
function isDataOfFile({ program }: ModuleContext, name: string): boolean {
  const binding = program.scope.getBinding(name);
  if (binding === undefined) return /^(Math|Number)$/.test(name);
  const { node } = binding.path;
  if (node.type === "TSEnumDeclaration") return true;
  return node.type === "VariableDeclarator" && !!node.init && binding.constant && isData(node.init);
}

function isData(of: types.Node): boolean {
  const node = unwrap(of);
  switch (node.type) {
    case "ObjectExpression":
      return node.properties.every((p) => p.type === "ObjectProperty" && isData(p.value));
    case "ArrayExpression":
      return node.elements.every((e) => e !== null && isData(e));
    default:
      return /^((Numeric|String|Boolean|Null|BigInt)Literal|(Unary|Binary|ArrowFunction|Function)Expression)$/.test(
        node.type,
      );
  }
}

function paramsOf(program: Prepared): Name[] {
  return program.params.flatMap((p) => {
    const adjoint = program.paramAdjoints.get(p);
    return adjoint ? [p, adjoint] : [p];
  });
}

/** Leaves the adjoints of parameters that are numbers. */
function slots(context: ModuleContext, program: Prepared, { adjoints }: Sweeps): Stmt[] {
  const { t } = context;
  return program.params.flatMap((p, i): Stmt[] => {
    if (p.kind.k !== "num" || program.constants.has(p)) return [];
    const adjoint = adjoints.get(p);
    const slot = t.memberExpression(context.helper("slots"), t.numericLiteral(i), true);
    const value = adjoint ? identifierOf(t, adjoint) : t.numericLiteral(0);
    const code = t.assignmentExpression("=", slot, value);
    const reads = adjoint ? [adjoint] : [];
    return [{ s: "do", value: { op: "plain", code, reads, changes: true } }];
  });
}

function printed(module: Module, f: FunctionNode, id: string, params: Name[], body: Stmt[]) {
  const { context, names } = module;
  const { t } = context;
  const fail = (): never => {
    throw new Unlowered(f, "a call that was not prepared");
  };
  const printing: Printing = {
    context,
    call: fail,
    link: fail,
    sweep: (op, args) =>
      t.callExpression(
        t.identifier((names.get(op.f) as { forward: string; reverse: string })[op.way]),
        args,
      ),
  };
  const whole = usesTape(body) ? [...tapeOf(context), ...body] : body;
  const made = print(printing, { params, body: whole, returns: NUM });
  const declaration = t.functionDeclaration(t.identifier(id), made.params, made.body);
  declaration.loc = f.loc;
  return declaration;
}

function jointForm(
  module: Module,
  f: FunctionNode,
  program: Program,
  {
    writes,
    once,
  }: {
    writes: boolean;
    /** Of one that runs once: the functions whose links have to be found before. */
    once: readonly FunctionNode[] | undefined;
  },
): { form: AdjointForm; declaration: types.FunctionDeclaration } {
  const { context } = module;
  if (program.returns.k === "inert") throw new Unlowered(f, "its result is no number");
  const seed = name("seed", program.returns.k === "num" ? NUM : INERT);
  const write = (constants: ReadonlySet<Name> = new Set()) => {
    const ready = prepared(module, f, program, false, constants);
    return { ready, both: sweeps(module, f, ready, seed, true), isAlone: constants.size > 0 };
  };
  const { ready, both, isAlone } = writeWithFew(write, module.options.constants.get(program));
  const swept: Stmt[] = [...both.forward, ...both.reverse];
  const body: Stmt[] = [
    ...linksFound(module, f, swept),
    ...swept,
    ...slots(context, ready, both),
    { s: "return", value: ready.result },
  ];
  const id = context.uid(`${hintOf(f)}$${module.options.suffix(f)}`);
  const kinds = program.params.map((p) => p.kind);
  const along = module.options.along.get(program) ?? [];
  const { needs } = module.lowered;
  const original = module.options.original(f);
  return {
    declaration: printed(module, f, id, [...paramsOf(ready), seed], body),
    form: {
      run: id,
      signature: needs.signature(
        original,
        `${paramsText(f, program, module.options)}:${signatureOf(program.returns)}`,
      ),
      ...(isAlone ? { by: 0 } : {}),
      usesTape: usesTape(body),
      ...(!once && module.options.closed.has(original) ? { isClosed: true } : {}),
      ...(writes ? { writes } : {}),
      ...(once ? { once: linksIn(module, once) } : {}),
      ...(along.length > 0 ? { along } : {}),
      classNames: needs.classNames(original, ownClassNames([...kinds, program.returns])),
    },
  };
}

/** The types of the parameters, those marked that may be missing. */
const paramsText = (f: FunctionNode, program: Program, options: Options): string =>
  program.params
    .map((p, i) => signatureOf(p.kind) + (mayBeLeftOut(options, f, program, i) ? "?" : ""))
    .join(",");

function mayBeLeftOut(options: Options, of: FunctionNode, program: Program, i: number): boolean {
  const f = options.original(of);
  const along = options.along.get(program);
  const declared = f.params.filter((p) => !(p.type === "Identifier" && p.name === "this"));
  // Of a tangent, the tangents are given together with what they are tangents of.
  const sources = declared.flatMap((p, i) =>
    along && (i === 0 || along.includes(i)) ? [p, p] : [p],
  );
  const source = sources.length === program.params.length ? sources[i] : undefined;
  return source !== undefined && mayBeMissing(f, source);
}

/** Without adjoints of constants, unless they are kept where active values are. */
function writeWithFew<R>(
  write: (constants?: ReadonlySet<Name>) => R,
  constants: ReadonlySet<Name> | undefined,
): R {
  if (constants === undefined) return write();
  try {
    return write(constants);
  } catch (e) {
    if (!(e instanceof Unlowered)) throw e;
    return write();
  }
}

/** The sweeps as two functions, for what is called in the middle of another sweep. */
function splitForm(module: Module, f: FunctionNode, program: Program): types.FunctionDeclaration[] {
  const { context, names } = module;
  const ready = prepared(module, f, program, module.open.has(f));
  const seed = name("seed", NUM);
  const both = sweeps(module, f, ready, seed, false);
  const { forward, reverse } = names.get(f) as { forward: string; reverse: string };
  const params = paramsOf(ready);
  const done: Stmt = { s: "do", value: { op: "sync" } };
  const ahead: Stmt[] = [...linksFound(module, f, both.forward), ...both.forward];
  if (usesTape(ahead)) ahead.push(done);
  if (ready.resultAdjoint !== undefined) {
    const pair = name("pair", INERT);
    const fields = [
      { key: "p", value: ready.result },
      { key: "t", value: ready.resultAdjoint },
    ];
    ahead.push(
      { s: "let", name: pair, value: { op: "object", fields } },
      { s: "return", value: pair },
    );
  } else ahead.push({ s: "return", value: ready.result });
  const back: Stmt[] = [...linksFound(module, f, both.reverse), ...both.reverse];
  if (usesTape(back)) back.push(done);
  back.push(...slots(context, ready, both));
  const backParams = program.returns.k === "num" ? [...params, seed] : params;
  return [
    printed(module, f, forward, params, ahead),
    printed(module, f, reverse, backParams, back),
  ];
}

function usesTape(stmts: readonly Stmt[]): boolean {
  let found = false;
  eachOp(stmts, (op) => {
    found ||= op.op === "save" || op.op === "restore" || op.op === "sweep";
  });
  return found;
}

function tapeOf(context: ModuleContext): Stmt[] {
  const { t } = context;
  const part = (key: string) => ({
    op: "plain" as const,
    code: t.memberExpression(context.helper("tape"), t.identifier(key)),
    reads: [],
    changes: false,
  });
  return [
    { s: "let", name: TAPE.numbers, value: part("numbers") },
    { s: "let", name: TAPE.position, value: part("position") },
    { s: "let", name: TAPE.references, value: part("references") },
  ];
}

function hintOf(f: FunctionNode): string {
  if ("id" in f && f.id) return f.id.name;
  if ("key" in f && f.key.type === "Identifier") return f.key.name;
  return "f";
}
