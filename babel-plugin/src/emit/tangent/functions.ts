import type { types } from "@babel/core";
import type { Kind } from "../../analysis/kind.ts";
import type { Binding, FunctionNode } from "../../ast.ts";
import { at } from "../dual/base.ts";
import { Statements } from "./statements.ts";
import { declareInPlace } from "./temporaries.ts";
import { Fallback } from "./value.ts";

type Expression = types.Expression;
type Node = types.Node;
type Statement = types.Statement;

/** Functions: parameters, bodies, and functions declared inside them. */
export abstract class Functions extends Statements {
  readonly #plainClosures = new Map<Statement, Binding>();

  /** The parameters, in pairs, and the body. */
  write(): { params: types.Identifier[]; body: types.BlockStatement } {
    const t = this.t;
    const written = this.functionParts(this.root);
    if (this.root.type === "ClassMethod" && !this.root.static)
      written.params.unshift(t.identifier(this.selfName), t.identifier(`${this.selfName}$t`));
    this.#dropUnusedClosures(written.body);
    written.body.body.unshift(...this.#lookUpLinks());
    return written;
  }

  #lookUpLinks(): Statement[] {
    const t = this.t;
    if (this.linked.size === 0) return [];
    const lookUp = (link: string): Expression => {
      const member = (key: string) => t.memberExpression(t.identifier(link), t.identifier(key));
      return t.logicalExpression("??", member("tangent"), t.callExpression(member("resolve"), []));
    };
    return [
      t.variableDeclaration(
        "const",
        [...this.linked].map(([local, link]) =>
          t.variableDeclarator(t.identifier(local), lookUp(link)),
        ),
      ),
    ];
  }

  protected functionParts(f: FunctionNode): {
    params: types.Identifier[];
    body: types.BlockStatement;
  } {
    const t = this.t;
    if (f.async || f.generator)
      throw new Fallback(f, f.async ? "it is async" : "it is a generator");
    const returns = this.known(this.kinds.returnKind(f), f);
    const outer = { frame: this.frame, items: this.items, only: this.expressionsOnly };
    const temporaries: string[] = [];
    this.frame = { temporaries, returns };
    this.items = [];
    this.expressionsOnly = false;
    const params = this.#parameters(f);
    const prologue = this.takeStatements();
    const body =
      f.body.type === "BlockStatement"
        ? this.blockBody(f.body.body)
        : this.statements(() => this.return(f.body as Expression, f.body));
    const block = at(t.blockStatement([...prologue, ...body]), f.body);
    const atTop = declareInPlace(t, block, temporaries);
    if (atTop.length > 0) {
      block.body.unshift(
        t.variableDeclaration(
          "let",
          atTop.map((n) => t.variableDeclarator(t.identifier(n))),
        ),
      );
    }
    this.frame = outer.frame;
    this.items = outer.items;
    this.expressionsOnly = outer.only;
    return { params, body: block };
  }

  #parameters(f: FunctionNode): types.Identifier[] {
    const t = this.t;
    const kinds = this.kinds.paramKinds(f);
    const params: types.Identifier[] = [];
    const declared = f.params.filter((p) => !(p.type === "Identifier" && p.name === "this"));
    declared.forEach((param, i) => {
      const target = param.type === "TSParameterProperty" ? param.parameter : param;
      const kind = this.known(kinds[i] as Kind, param);
      if (target.type === "RestElement") throw new Fallback(param, "it has a rest parameter");
      const inner = target.type === "AssignmentPattern" ? target.left : target;
      const [name, shadow] =
        inner.type === "Identifier"
          ? [inner.name, this.shadowName(inner)]
          : [this.context.uid("p"), this.context.uid("p$t")];
      params.push(at(t.identifier(name), param), t.identifier(shadow));
      if (target.type === "AssignmentPattern") this.#defaultValue(name, shadow, kind, target.right);
      if (inner.type !== "Identifier") {
        this.destructure(
          inner,
          { p: t.identifier(name), t: kind.k === "inert" ? null : t.identifier(shadow), kind },
          "let",
        );
      }
    });
    return params;
  }

  #defaultValue(name: string, shadow: string, kind: Kind, right: Node): void {
    const t = this.t;
    const body = this.statements(() => {
      const v = this.value(right);
      if (kind.k !== "inert")
        this.do(t.assignmentExpression("=", t.identifier(shadow), this.tangent(v, kind)));
      this.do(t.assignmentExpression("=", t.identifier(name), v.p));
    });
    const missing = t.binaryExpression(
      "===",
      t.identifier(name),
      t.unaryExpression("void", t.numericLiteral(0)),
    );
    this.do(t.ifStatement(missing, t.blockStatement(body)));
  }

  /** A function inside the function: its tangent form, and the plain one where plain code calls it. */
  protected closureDeclaration(
    id: types.Identifier,
    f: FunctionNode,
    how: "const" | "function",
  ): void {
    const t = this.t;
    const binding = this.context.bindings.get(id);
    if (!binding?.constant) throw new Fallback(id, "a variable that holds several functions");
    const shadow = this.shadowName(id);
    const handedOn = binding.referencePaths.some(
      (p) => !(p.parent.type === "CallExpression" && p.key === "callee"),
    );
    if (handedOn && this.effects.changesActiveOutside(f))
      throw new Fallback(f, "a function that changes active variables is handed on");
    const { params, body } = this.functionParts(f);
    const plain =
      how === "function"
        ? (this.copy(f) as types.FunctionDeclaration)
        : t.variableDeclaration("const", [
            t.variableDeclarator(t.identifier(id.name), this.plain(f)),
          ]);
    const tangent =
      how === "function"
        ? t.functionDeclaration(t.identifier(shadow), params, body)
        : t.variableDeclaration("const", [
            t.variableDeclarator(t.identifier(shadow), t.arrowFunctionExpression(params, body)),
          ]);
    this.#plainClosures.set(plain, binding);
    this.change(plain);
    this.change(at(tangent, f));
  }

  #dropUnusedClosures(body: types.BlockStatement): void {
    this.t.traverseFast(body, (node) => {
      if (node.type !== "BlockStatement") return;
      node.body = node.body.filter((s) => {
        const binding = this.#plainClosures.get(s);
        return binding === undefined || this.plainUses.has(binding);
      });
    });
  }
}
