import type { NodePath, types } from "@babel/core";
import { worksApart } from "../analysis/apart.ts";
import { CallGraph } from "../analysis/call-graph.ts";
import { closedFunctions } from "../analysis/closed.ts";
import { Effects } from "../analysis/effects.ts";
import { mayMakeHoles } from "../analysis/holes.ts";
import { Kinds } from "../analysis/kinds.ts";
import { KnownOutside } from "../analysis/known-outside.ts";
import { madeAnew } from "../analysis/made-anew.ts";
import { functionsAround, NO_SCRATCH, type Scratch, scratchIn } from "../analysis/scratch.ts";
import { TypeKinds } from "../analysis/type-kinds.ts";
import type { Binding, FunctionNode } from "../ast.ts";
import { Needs } from "../borrowed/needs.ts";
import type { Marks } from "../marks/marked-functions.ts";
import type { ModuleContext } from "../module-context.ts";
import { eachStmt, type Program } from "./form.ts";
import { lowerFunction } from "./function.ts";
import { Unlowered } from "./lowering.ts";
import { type Printing, print } from "./print.ts";
import { refusalOf } from "./scratch.ts";

/** What is known of a file's code. */
export interface Facts {
  readonly kinds: Kinds;
  readonly effects: Effects;
  readonly calls: CallGraph;
  readonly needs: Needs;
  readonly outside: KnownOutside;
  /** The functions whose results depend on their arguments alone. */
  closed(): ReadonlySet<types.Node>;
  /** Whether lists may have holes in the marked functions. */
  mayHaveHoles(): boolean;
  /** Whether a function may be run in its dual form in the middle of tangent code. */
  worksApart(f: FunctionNode): boolean;
}

export function factsOf(
  context: ModuleContext,
  marks: Marks,
  scratch: Scratch = NO_SCRATCH,
): Facts {
  const typeKinds = new TypeKinds(context, context.types, context.path);
  const kinds = new Kinds(context, marks, typeKinds, scratch);
  const effects = new Effects(context, kinds);
  const calls = new CallGraph(context, kinds);
  let closed: ReadonlySet<types.Node> | undefined;
  let holes: boolean | undefined;
  const apart = new Map<FunctionNode, boolean>();
  return {
    kinds,
    effects,
    calls,
    needs: new Needs(
      context,
      (f) => calls.calleesOf(f),
      (n) => kinds.receiverOf(n),
    ),
    outside: new KnownOutside(context, kinds, calls),
    closed: () => (closed ??= closedFunctions(context, calls, marks.functions.keys())),
    mayHaveHoles: () => (holes ??= mayMakeHoles(context, kinds, effects, marks.functions.keys())),
    worksApart(f) {
      const known = apart.get(f) ?? worksApart({ context, kinds, calls }, f);
      apart.set(f, known);
      return known;
    },
  };
}

/**
 * The lowered forms of a file, and what is known of it. Where functions have none, and name objects of the module
 * that may be there to write into before they are read, each function is given its own.
 */
export function lowerWithScratch(
  context: ModuleContext,
  marks: Marks,
): { facts: Facts; lowered: LoweredModule } {
  const facts = factsOf(context, marks);
  const lowered = lowerModule(context, marks, facts);
  const isNamedIn = (binding: Binding, fs: ReadonlyMap<FunctionNode, unknown>) =>
    binding.referencePaths.some((use) => functionsAround(use).some((f) => fs.has(f)));
  let scratch: Scratch =
    lowered.reasons.size > 0 ? scratchIn(context, facts.kinds.typeKinds) : NO_SCRATCH;
  scratch = new Map([...scratch].filter(([binding]) => isNamedIn(binding, lowered.reasons)));
  while (scratch.size > 0) {
    const facts = factsOf(context, marks, scratch);
    const lowered = checked(lowerModule(context, marks, facts), facts.calls);
    const hasProgram = (f: FunctionNode) => lowered.programs.has(f) || lowered.inner.has(f);
    // All that name one of them must have their own: who reads it would find what is not written there.
    const kept = new Map(
      [...scratch].filter(([{ referencePaths }]) =>
        referencePaths.every((use) => {
          const around = functionsAround(use).filter((f) => marks.functions.has(f));
          return around.length > 0 && around.every(hasProgram);
        }),
      ),
    );
    if (kept.size === scratch.size) return { facts, lowered };
    scratch = kept;
  }
  return { facts, lowered };
}

/** Without the programs that would keep what they write from call to call. */
function checked(lowered: LoweredModule, calls: CallGraph): LoweredModule {
  const { programs, inner, reasons } = lowered;
  const of = (f: FunctionNode) => programs.get(f) ?? inner.get(f);
  const refused = new Map(
    [...programs, ...inner].flatMap(([f, program]) => {
      const why = refusalOf(program, { of, calls });
      return why ? [[f, why] as const] : [];
    }),
  );
  const without = (all: ReadonlyMap<FunctionNode, Program>) =>
    new Map([...all].filter(([f]) => !refused.has(f)));
  return {
    ...lowered,
    programs: without(programs),
    inner: without(inner),
    reasons: new Map([...reasons, ...refused]),
  };
}

/** The lowered forms of a file's marked functions. */
export interface LoweredModule {
  readonly kinds: Kinds;
  readonly effects: Pick<
    Effects,
    "changesOutside" | "changesState" | "changesGiven" | "isPrimitive"
  >;
  readonly needs: Needs;
  readonly programs: ReadonlyMap<FunctionNode, Program>;
  /** Those of functions inside others, which see what is around them. */
  readonly inner: ReadonlyMap<FunctionNode, Program>;
  /** Why the others have none. */
  readonly reasons: ReadonlyMap<FunctionNode, Unlowered>;
}

export function lowerModule(context: ModuleContext, marks: Marks, facts: Facts): LoweredModule {
  const { kinds, needs } = facts;
  const programs = new Map<FunctionNode, Program>();
  const inner = new Map<FunctionNode, Program>();
  const reasons = new Map<FunctionNode, Unlowered>();
  for (const path of marks.functions.values()) {
    const { node } = path;
    try {
      const program = lowerFunction(context, facts, node);
      if (standsAtTop(path)) programs.set(node, program);
      else {
        inner.set(node, program);
        reasons.set(node, new Unlowered(node, "it is written inside another function"));
      }
    } catch (e) {
      if (!(e instanceof Unlowered)) throw e;
      reasons.set(node, e);
    }
  }
  // Links refuse what changes its arguments when they get to it; to keep an answer again is to keep the same.
  const kept = madeAnew(context);
  const pure = new Effects(context, kinds, false, (binding) => kept.has(binding));
  return { kinds, effects: pure, needs, programs, inner, reasons };
}

/**
 * The lowered forms as reverse sweeps take them: functions among the parameters are called over links, as
 * those of other files are, and what is handed on by its name is the function itself.
 */
export function withParametersLinked(
  context: ModuleContext,
  lowered: LoweredModule,
  facts: Facts,
): LoweredModule {
  const of = (f: FunctionNode) => lowered.programs.get(f) ?? lowered.inner.get(f);
  const linked = (programs: LoweredModule["programs"]) =>
    new Map(
      [...programs].map(([f, program]) => {
        if (!usesFunctions(program)) return [f, program];
        try {
          const again = lowerFunction(context, facts, f, true);
          return [f, refusalOf(again, { of, calls: facts.calls }) ? program : again];
        } catch (e) {
          if (!(e instanceof Unlowered)) throw e;
          return [f, program];
        }
      }),
    );
  return { ...lowered, programs: linked(lowered.programs), inner: linked(lowered.inner) };
}

/** Whether a program gets functions, or hands some on by their names. */
function usesFunctions({ params, body }: Program): boolean {
  let found = params.some((p) => p.kind.k === "fn");
  eachStmt(body, (s) => {
    found ||= s.s === "closure" && s.of !== undefined;
  });
  return found;
}

/** What may declare names that the top of the file does not see, or takes for others. */
const hasNames = new Set([
  ...["BlockStatement", "SwitchStatement", "TSModuleBlock", "ClassExpression"],
  ...["ForStatement", "ForInStatement", "ForOfStatement"],
]);

/** Whether what a function refers to is there at the top of the file too. */
function standsAtTop(path: NodePath<FunctionNode>): boolean {
  const { node } = path;
  if (node.type === "ObjectMethod" || node.type === "ClassPrivateMethod") return false;
  if (node.type === "ClassMethod" && node.kind === "set") return false;
  for (let p = path.parentPath; p; p = p.parentPath as NodePath | null as never) {
    if (/Function|ObjectMethod|ClassMethod|ClassPrivateMethod|StaticBlock/.test(p.node.type))
      return false;
    if (hasNames.has(p.node.type)) return false;
  }
  return true;
}

/** The functions whose lowered form calls nothing that has none. */
export function completeIn({ programs }: LoweredModule): Map<FunctionNode, Program> {
  const complete = new Map(programs);
  for (let before = -1; before !== complete.size; ) {
    before = complete.size;
    for (const [f, program] of complete) {
      eachStmt(program.body, (s) => {
        if ((s.s === "let" || s.s === "set" || s.s === "do") && s.value.op === "call")
          if (!complete.has(s.value.f)) complete.delete(f);
      });
    }
  }
  return complete;
}

/** The functions as they were lowered, as declarations: they compute what the functions compute. */
export function printLowered(
  context: ModuleContext,
  programs: ReadonlyMap<FunctionNode, Program>,
  names: ReadonlyMap<FunctionNode, string>,
): types.FunctionDeclaration[] {
  const { t } = context;
  const printing: Printing = {
    context,
    call: (op, args) => {
      const name = names.get(op.f);
      if (name === undefined) throw new Unlowered(op.f, "it has no name here");
      return t.callExpression(t.identifier(name), args);
    },
    link: (op, args, called) => t.callExpression(called ?? op.callee, args),
    sweep: (op) => {
      throw new Unlowered(op.f, "there are no sweeps before there is reverse mode");
    },
  };
  return [...programs].flatMap(([f, program]) => {
    const { params, body } = print(printing, program);
    return [t.functionDeclaration(t.identifier(names.get(f) as string), params, body)];
  });
}
