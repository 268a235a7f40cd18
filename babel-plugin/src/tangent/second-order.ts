import type { types } from "@babel/core";
import { type AdjointForm, type AdjointModule, adjointForms } from "../adjoint/module.ts";
import { isShadowed } from "../analysis/kind.ts";
import type { FunctionNode } from "../ast.ts";
import { eachStmt, type Name, type Program } from "../lower/form.ts";
import type { Lifted } from "../lower/lifting.ts";
import { Unlowered } from "../lower/lowering.ts";
import type { ModuleContext } from "../module-context.ts";
import { withoutDead } from "./dead-code.ts";
import { tangentOf } from "./tangent-of.ts";

interface SecondOrderModule extends AdjointModule {
  /**
   * The adjoint forms of value and tangent along all arguments, (x, dx, y, dy, …) ↦ { p, t }: how
   * second-order code of other files goes back through a function.
   */
  readonly pairs: ReadonlyMap<FunctionNode, AdjointForm>;
}

/**
 * Hessian-vector products: the adjoint form of the tangent form along the first argument. For
 * t(x, v) = ∇f(x)·v the gradient by x is H(x)·v, at the price of a gradient of code that costs about
 * two of the function (Pearlmutter, "Fast exact multiplication by the Hessian", 1994).
 */
export function secondOrderForms(
  context: ModuleContext,
  lowered: Lifted,
  exported: ReadonlySet<FunctionNode>,
  closed: ReadonlySet<types.Node>,
  isWanted: (f: FunctionNode) => boolean = () => true,
): SecondOrderModule {
  const programs = new Map<FunctionNode, Program>();
  const inner = new Map<FunctionNode, Program>();
  const reasons = new Map<FunctionNode, Unlowered>();
  const origins = new Map<FunctionNode, FunctionNode>();
  const constants = new Map<Program, ReadonlySet<Name>>();
  const along = new Map<Program, readonly number[]>();
  const pairs = new Map<FunctionNode, FunctionNode>();
  const keyFor = (f: FunctionNode): FunctionNode => {
    const key = { ...f };
    origins.set(key, f);
    return key;
  };
  const pairOf = (f: FunctionNode) => {
    const program = lowered.programs.get(f) ?? lowered.inner.get(f);
    if (program === undefined) throw new Unlowered(f, "it has no lowered form");
    let key = pairs.get(f);
    if (key === undefined) {
      key = keyFor(f);
      pairs.set(f, key);
    }
    return { key, program };
  };
  const attempt = (f: FunctionNode, key: FunctionNode, write: () => Program): void => {
    try {
      (lowered.inner.has(f) ? inner : programs).set(key, write());
    } catch (e) {
      if (!(e instanceof Unlowered)) throw e;
      reasons.set(f, e);
    }
  };

  const roots = new Map<FunctionNode, FunctionNode>();
  for (const [f, program] of [...lowered.programs, ...lowered.inner]) {
    const [x] = program.params;
    if (x === undefined || program.returns.k !== "num" || !hasTangent(x)) continue;
    if (!isWanted(f)) continue;
    const key = keyFor(f);
    roots.set(key, f);
    attempt(f, key, () => {
      const made = withoutDead(
        tangentOf(program, {
          t: context.t,
          node: f,
          active: new Set([x]),
          gives: "tangent",
          isInner: true,
          tangentOf: pairOf,
        }),
      );
      constants.set(made, new Set(made.params.slice(1)));
      along.set(made, placesWithTangents(program.params, made.params));
      return made;
    });
  }
  const shared = new Set<FunctionNode>();
  for (const [f, program] of lowered.programs) {
    if (!exported.has(f) || !isShared(program)) continue;
    pairOf(f);
    shared.add(f);
  }
  // The map grows while it is gone through, by what those call in turn.
  for (const [f, key] of pairs) {
    const program = (lowered.programs.get(f) ?? lowered.inner.get(f)) as Program;
    attempt(f, key, () =>
      tangentOf(program, {
        t: context.t,
        node: f,
        active: new Set(program.params.filter(hasTangent)),
        gives: "pair",
        isInner: true,
        tangentOf: pairOf,
      }),
    );
  }

  const effects = {
    isPrimitive: (e: types.Node) => lowered.effects.isPrimitive(e),
    changesOutside: (f: FunctionNode) => lowered.effects.changesOutside(origins.get(f) ?? f),
    changesGiven: (f: FunctionNode) => lowered.effects.changesGiven(origins.get(f) ?? f),
    changesState: (f: FunctionNode) => lowered.effects.changesState(origins.get(f) ?? f),
  };
  const made = adjointForms(
    context,
    { ...lowered, programs, inner, reasons, effects },
    {
      suffix: (f) => (roots.has(f) ? "hvp" : "second"),
      isRoot: (f) => roots.has(f) || shared.has(origins.get(f) as FunctionNode),
      constants,
      along,
      closed,
      mayWrite: (f) => roots.has(f),
      mayChangeState: false,
      tellsOfOthers: false,
      original: (f) => {
        const of = origins.get(f) ?? f;
        return lowered.madeFor.get(of) ?? of;
      },
    },
  );
  const isPair = (f: FunctionNode) => pairs.get(origins.get(f) as FunctionNode) === f;
  const select = (forms: AdjointModule["forms"], wanted: boolean) =>
    back(new Map([...forms].filter(([f]) => isPair(f) === wanted)));
  const back = <V>(map: ReadonlyMap<FunctionNode, V>) =>
    new Map([...map].map(([f, v]) => [origins.get(f) ?? f, v] as const));
  return {
    forms: select(made.forms, false),
    pairs: select(made.forms, true),
    reasons: back(new Map([...made.reasons].filter(([f]) => !isPair(f)))),
    goneThrough: made.goneThrough,
    declarations: made.declarations,
    links: made.links,
  };
}

/** Which parameters but the first have a tangent behind them: what active values are written to. */
function placesWithTangents(params: readonly Name[], paired: readonly Name[]): number[] {
  const has = (p: Name) => {
    const next = paired[paired.indexOf(p) + 1];
    return next !== undefined && !params.includes(next);
  };
  return params.flatMap((p, i) => (i > 0 && has(p) ? [i] : []));
}

const hasTangent = ({ kind }: Name): boolean => kind.k === "num" || isShadowed(kind);

/**
 * Whether second-order code of other files goes back through a function by code of its own, which is
 * some ten times as long as the function: helpers are short, and what is long is seldom called from
 * another file and differentiated twice there.
 */
function isShared({ params, body, returns }: Program): boolean {
  if (!params.some(hasTangent) || !(returns.k === "num" || isShadowed(returns))) return false;
  let length = 0;
  eachStmt(body, () => {
    length++;
  });
  return length <= LONGEST_SHARED;
}

/** In statements of the lowered form, one operation each. */
const LONGEST_SHARED = 24;
