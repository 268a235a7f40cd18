import type { types } from "@babel/core";
import { INERT } from "../../analysis/kind.ts";
import { type FunctionNode, isFunction, unwrap } from "../../ast.ts";
import { Calls } from "./calls.ts";
import { countReturns } from "./syntax.ts";
import { Fallback, type Value } from "./value.ts";

type Node = types.Node;

/** Functions of `Math` that look at all that they are given. */
const manyArguments = new Set(["max", "min", "hypot", "pow", "atan2", "imul"]);

/** Functions that are given to array methods: written in place where they fit, called otherwise. */
export abstract class Callbacks extends Calls {
  #callbackName: types.Identifier | undefined;

  /** A callback applied to values, written in place; `use` gets what it returns. */
  protected applyCallback(
    callback: Node,
    given: (Value | undefined)[],
    node: Node,
    use: (result: Value) => void,
  ): void {
    const t = this.t;
    const f = unwrap(callback);
    const math = this.kinds.mathName(f);
    if (math !== undefined) {
      if (manyArguments.has(math))
        throw new Fallback(node, `Math.${math} as a callback, which takes the index too`);
      const first = given[0] as Value;
      use(
        this.calculus.applied(math, [first], (args) => t.callExpression(this.plain(f), args), node),
      );
      return;
    }
    if (isFunction(f) && this.#fitsInPlace(f)) {
      f.params.forEach((p, i) => {
        const v = given[i] ?? { p: t.identifier("undefined"), t: null, kind: INERT };
        this.bind(p as Node, v, "let");
      });
      if (f.body.type !== "BlockStatement") {
        use(this.value(f.body));
        return;
      }
      const statements = f.body.body;
      const last = statements.at(-1);
      const result = last?.type === "ReturnStatement" ? last : undefined;
      for (const s of result ? statements.slice(0, -1) : statements) this.statement(s);
      use(
        result?.argument
          ? this.value(result.argument)
          : { p: t.identifier("undefined"), t: null, kind: INERT },
      );
      return;
    }
    const target = isFunction(f) ? f : this.kinds.functionNamed(f);
    if (!target) throw new Fallback(node, "a callback that is not written here");
    const name = isFunction(f)
      ? this.#callbackName
      : this.#nameOfFunction(f as types.Identifier, target);
    if (name === undefined) throw new Fallback(node, "a callback in an unusual place");
    const kinds = this.kinds.paramKinds(target);
    const values = target.params.map(
      (_, i) => given[i] ?? { p: t.identifier("undefined"), t: null, kind: INERT },
    );
    use(
      this.invoke(
        t.cloneNode(name),
        values,
        kinds,
        this.known(this.kinds.returnKind(target), target),
        node,
        true,
      ),
    );
  }

  /** What the tangent form of a named function is called: that of a closure here, or of a marked function. */
  #nameOfFunction(id: types.Identifier, target: FunctionNode): types.Identifier | undefined {
    if (this.kinds.closureNamed(id)) return this.t.identifier(this.shadowName(id));
    const name = this.module.tangentName(target);
    return name === undefined ? undefined : this.t.identifier(name);
  }

  // One way out, at the end, and nothing that names the function itself.
  #fitsInPlace(f: FunctionNode): boolean {
    if (f.async || f.generator || (f.type === "FunctionExpression" && f.id)) return false;
    if (f.params.some((p) => p.type === "RestElement")) return false;
    if (f.body.type !== "BlockStatement") return true;
    const returns = countReturns(f.body);
    return returns === 0 || (returns === 1 && f.body.body.at(-1)?.type === "ReturnStatement");
  }

  /** Runs `write` with a name for the callback, where it is not written in place. */
  protected withCallback(callback: Node, write: () => void): void {
    const t = this.t;
    const f = unwrap(callback);
    if (isFunction(f) && !this.#fitsInPlace(f)) {
      const name = t.identifier(this.context.uid("f"));
      this.do(t.variableDeclaration("const", [t.variableDeclarator(name, this.tangentClosure(f))]));
      const outer = this.#callbackName;
      this.#callbackName = name;
      write();
      this.#callbackName = outer;
    } else {
      if (isFunction(f)) this.beforeLoop(f, f.body);
      this.inLoop(write);
    }
  }
}
