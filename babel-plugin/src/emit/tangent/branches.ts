import type { types } from "@babel/core";
import type { Kind } from "../../analysis/kind.ts";
import { Plain } from "./plain.ts";
import type { Value } from "./value.ts";

type Expression = types.Expression;

/** Branches inside expressions, and where the values they give meet. */
export abstract class Branches extends Plain {
  /** Values of branches meet in temporaries. */
  protected conditional(node: types.ConditionalExpression, kind: Kind): Value {
    const test = this.test(node.test);
    const meet = this.meeting(kind);
    this.branch(
      test,
      () => meet.with(this.value(node.consequent)),
      () => meet.with(this.value(node.alternate)),
    );
    return meet.value;
  }

  protected logical(node: types.LogicalExpression, kind: Kind): Value {
    const t = this.t;
    const left = this.value(node.left);
    const meet = this.meeting(kind);
    meet.with(left);
    const kept = t.cloneNode(meet.value.p);
    const test =
      node.operator === "??"
        ? t.binaryExpression("==", kept, t.nullLiteral())
        : node.operator === "||"
          ? t.unaryExpression("!", kept)
          : kept;
    this.branch(
      test,
      () => meet.with(this.value(node.right)),
      () => undefined,
    );
    return meet.value;
  }

  protected branch(test: Expression, then: () => void, otherwise: () => void): void {
    const t = this.t;
    const before = this.changes;
    if (this.expressionsOnly) {
      const done = (write: () => void) =>
        this.sequence(() => {
          write();
          return (this.items.pop() as Expression | undefined) ?? t.numericLiteral(0);
        });
      const branches = t.conditionalExpression(test, done(then), done(otherwise));
      this.items.push(branches);
    } else {
      const yes = t.blockStatement(this.statements(then));
      const no = this.statements(otherwise);
      this.items.push(t.ifStatement(test, yes, no.length > 0 ? t.blockStatement(no) : null));
    }
    if (this.changes > before) this.changes++;
  }

  protected meeting(kind: Kind): { value: Value; with: (v: Value) => void } {
    const t = this.t;
    const p = this.temporary();
    const s = kind.k === "inert" ? null : this.temporary();
    return {
      value: { p: t.cloneNode(p), t: s && t.cloneNode(s), kind },
      with: (v) => {
        if (s !== null) this.do(t.assignmentExpression("=", t.cloneNode(s), this.tangent(v, kind)));
        this.do(t.assignmentExpression("=", t.cloneNode(p), v.p));
      },
    };
  }
}
