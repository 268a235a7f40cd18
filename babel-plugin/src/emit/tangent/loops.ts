import type { types } from "@babel/core";
import { elementKind, INERT, isContainer } from "../../analysis/kind.ts";
import { staticKey, unwrap } from "../../ast.ts";
import { at } from "../dual/base.ts";
import { Expressions } from "./expressions.ts";
import { Fallback, type Value } from "./value.ts";

type Expression = types.Expression;
type Node = types.Node;
type Statement = types.Statement;

/** Loops that need more than a copy of their head, and labels. */
export abstract class Loops extends Expressions {
  protected for(node: types.ForStatement): void {
    const t = this.t;
    let init: types.ForStatement["init"] = null;
    const lead = this.statements(() => {
      if (node.init?.type === "VariableDeclaration")
        for (const d of node.init.declarations) this.declarator(d, node.init.kind);
      else if (node.init) this.discard(node.init);
    });
    // What only declares can stay in the loop's head; anything else happens before it.
    const declarations = lead.filter((s) => s.type === "VariableDeclaration");
    // Steps between the declarations can't stand in the head, and would come before all of them.
    if (declarations.length > 1 && lead.length > declarations.length)
      throw new Fallback(node, "a loop whose head computes one variable from another");
    const kind = node.init?.type === "VariableDeclaration" ? node.init.kind : undefined;
    if (kind !== undefined && declarations.length > 0) {
      init = t.variableDeclaration(
        kind as "let",
        declarations.flatMap((d) => d.declarations),
      );
      for (const s of lead) if (s.type !== "VariableDeclaration") this.do(s);
    } else for (const s of lead) this.do(s);
    this.beforeLoop(node, node.body);
    const test = node.test ? this.test(node.test) : null;
    const update = node.update ? this.#updateExpression(node.update) : null;
    const body = this.inLoop(() => this.single(node.body));
    this.do(at(t.forStatement(init, test, update, body), node));
  }

  #updateExpression(node: Node): Expression {
    const t = this.t;
    const expression = this.sequence(() => {
      this.discard(node);
      return (this.items.pop() as Expression | undefined) ?? t.numericLiteral(0);
    });
    return expression;
  }

  protected forOf(node: types.ForOfStatement, label?: types.Identifier): void {
    const t = this.t;
    if (node.await) throw new Fallback(node, "for await");
    if (node.left.type !== "VariableDeclaration")
      throw new Fallback(node, "a for-of loop that assigns");
    const { id } = node.left.declarations[0] as types.VariableDeclarator;
    const how = node.left.kind as "const" | "let";
    const put = (loop: Statement) =>
      this.do(label ? t.labeledStatement(t.identifier(label.name), loop) : loop);
    this.beforeLoop(node, node.body);
    const source = unwrap(node.right);
    const method =
      source.type === "CallExpression" && source.callee.type === "MemberExpression"
        ? staticKey({ key: source.callee.property, computed: source.callee.computed })
        : undefined;
    const entries =
      method === "entries" &&
      source.type === "CallExpression" &&
      isContainer(this.kinds.kindOf((source.callee as types.MemberExpression).object));
    const over = entries
      ? ((source as types.CallExpression).callee as types.MemberExpression).object
      : node.right;
    const kind = this.kind(over);
    if (kind.k === "inert") {
      const declaration = t.variableDeclaration(how, [
        t.variableDeclarator(this.copy(id) as types.LVal as never),
      ]);
      const right = this.plain(node.right);
      const body = this.statements(() => {
        this.zeroShadows(id, "let");
        this.do(this.inLoop(() => this.single(node.body)));
      });
      put(at(t.forOfStatement(declaration, right, t.blockStatement(body)), node));
      return;
    }
    if (kind.k !== "array" && kind.k !== "floats" && kind.k !== "tuple")
      throw new Fallback(node, "a for-of loop over something else than an array");
    const xs = this.value(over);
    // The array is looked at live, as its iterator does, but the variable may be given another one meanwhile.
    const p = this.keep(xs.p);
    const s = this.keep(xs.t as Expression);
    const i = t.identifier(this.context.uid("i"));
    const element = elementKind(kind);
    const part = (o: Expression) => t.memberExpression(t.cloneNode(o), t.cloneNode(i), true);
    const v: Value = { p: part(p), t: element.k === "inert" ? null : part(s), kind: element };
    const body = this.statements(() => {
      if (!entries) this.bind(id, v, how);
      else {
        if (id.type !== "ArrayPattern") throw new Fallback(id, "entries that are not taken apart");
        const [index, value] = id.elements;
        if (index) this.bind(index, { p: t.cloneNode(i), t: null, kind: INERT }, how);
        if (value) this.bind(value, v, how);
      }
      this.do(this.inLoop(() => this.single(node.body)));
    });
    const length = t.memberExpression(t.cloneNode(p), t.identifier("length"));
    put(
      at(
        t.forStatement(
          t.variableDeclaration("let", [t.variableDeclarator(t.cloneNode(i), t.numericLiteral(0))]),
          t.binaryExpression("<", t.cloneNode(i), length),
          t.updateExpression("++", t.cloneNode(i)),
          t.blockStatement(body),
        ),
        node,
      ),
    );
  }

  protected labeled(node: types.LabeledStatement): void {
    const t = this.t;
    if (node.body.type === "ForOfStatement") {
      this.forOf(node.body, node.label);
      return;
    }
    const statements = this.statements(() => this.statement(node.body));
    const loop = statements.pop() as Statement;
    for (const s of statements) this.do(s);
    this.do(at(t.labeledStatement(t.identifier(node.label.name), loop), node));
  }
}
