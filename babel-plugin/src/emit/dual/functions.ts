import type { types } from "@babel/core";
import { bareCopy, type FunctionNode, isFunction, staticKey } from "../../ast.ts";
import type { ModuleContext } from "../../module-context.ts";
import { at } from "./base.ts";
import { Statements } from "./statements.ts";

type Expression = types.Expression;
type Node = types.Node;

/** Functions and classes. */
export abstract class Functions extends Statements {
  /** Parameters and body in dual form. */
  functionParts(node: FunctionNode): {
    params: FunctionNode["params"];
    body: types.BlockStatement;
  } {
    this.refuseDecorators(node);
    const outer = [this.constructs, this.isAsync, this.isSloppy] as const;
    this.isSloppy = this.context.sloppyFunctions.has(node);
    const params = node.params
      .filter((p) => !(p.type === "Identifier" && p.name === "this"))
      .map((p) =>
        this.withoutTemporaries(() =>
          this.pattern(p.type === "TSParameterProperty" ? p.parameter : p),
        ),
      );
    this.constructs = constructed(this.t, node);
    this.isAsync = node.async ?? false;
    const body = this.body(node.body);
    [this.constructs, this.isAsync, this.isSloppy] = outer;
    return { params: params as FunctionNode["params"], body };
  }

  /** A function in dual form, as an expression. */
  functionExpression(node: FunctionNode): types.FunctionExpression | types.ArrowFunctionExpression {
    const t = this.t;
    const { params, body } = this.functionParts(node);
    if (node.type === "ArrowFunctionExpression") {
      return at(
        t.arrowFunctionExpression(params as never, conciseBody(node, body), node.async),
        node,
      );
    }
    const id = node.type === "FunctionExpression" && node.id ? t.identifier(node.id.name) : null;
    return at(t.functionExpression(id, params as never, body, node.generator, node.async), node);
  }

  // A decorator may put anything in the place of what it decorates, and its twin would know nothing of it.
  protected refuseDecorators(node: Node): void {
    const [decorator] = (node as { decorators?: types.Decorator[] | null }).decorators ?? [];
    if (decorator) {
      this.context.diagnostics.report(
        "DUAL009",
        decorator,
        "a decorator may replace what it decorates, so this cannot be differentiated. Call a marked function from the decorated one instead.",
      );
    }
  }

  /** A class made inside a dual form: every member is in dual form. */
  protected classInside<C extends types.Class>(node: C): C {
    const t = this.t;
    this.refuseDecorators(node);
    const outer = this.isSloppy;
    this.isSloppy = false;
    const copy = at(bareCopy(node), node);
    if (node.superClass) copy.superClass = this.expression(node.superClass);
    const members = node.body.body.filter(
      (m) => m.type !== "TSDeclareMethod" && m.type !== "TSIndexSignature",
    );
    copy.body = t.classBody(members.map((m) => this.classMember(m)) as types.ClassBody["body"]);
    const implicit = this.constructorFor(node);
    if (implicit) copy.body.body.unshift(implicit);
    const marking = t.expressionStatement(this.help("dualClass", node, [t.thisExpression()]));
    copy.body.body.unshift(t.staticBlock([marking]));
    this.isSloppy = outer;
    return copy;
  }

  /** The constructor that a class has without writing it, where its parent may be one of the language, that takes no active numbers. */
  constructorFor(node: types.Class): types.ClassMethod | undefined {
    const t = this.t;
    const { superClass, body } = node;
    const isWritten = body.body.some((m) => m.type === "ClassMethod" && m.kind === "constructor");
    if (isWritten || superClass?.type !== "Identifier" || this.companions.isMarkedClass(superClass))
      return undefined;
    const args = t.identifier(this.context.uid("args"));
    const given = this.help("superArguments", node, [
      this.context.site(node),
      t.identifier(superClass.name),
      t.cloneNode(args),
    ]);
    const call = t.callExpression(t.super(), [t.spreadElement(given)]);
    const block = t.blockStatement([t.expressionStatement(call)]);
    return t.classMethod("constructor", t.identifier("constructor"), [t.restElement(args)], block);
  }

  protected classMember(m: types.ClassBody["body"][number]): Node {
    const t = this.t;
    this.refuseDecorators(m);
    const copy = at(bareCopy(m), m);
    if ("key" in m && "computed" in m && m.computed) {
      (copy as types.ClassMethod).key = this.expression(m.key);
    }
    switch (m.type) {
      case "ClassMethod":
      case "ClassPrivateMethod":
        Object.assign(copy, this.functionParts(m));
        if (m.type === "ClassMethod" && m.kind === "constructor") {
          addParameterProperties(t, m, (copy as types.ClassMethod).body);
        }
        return copy;
      case "ClassProperty":
      case "ClassPrivateProperty":
      case "ClassAccessorProperty":
        if (m.value) (copy as types.ClassProperty).value = this.fieldValue(m, m.value);
        return copy;
      case "StaticBlock": {
        const block = this.inNewFrame(() =>
          t.blockStatement(m.body.flatMap((s) => this.statement(s))),
        );
        (copy as types.StaticBlock).body = block.body;
        return copy;
      }
      default:
        return copy;
    }
  }

  protected fieldValue(
    m: types.ClassProperty | types.ClassPrivateProperty | types.ClassAccessorProperty,
    value: Node,
  ): Expression {
    const isComputed = "computed" in m && m.computed;
    return this.withoutTemporaries(() =>
      this.named(value, isComputed ? undefined : staticKey(m as never)),
    );
  }

  protected body(body: FunctionNode["body"]): types.BlockStatement {
    const t = this.t;
    return this.inNewFrame(() => {
      if (body.type === "BlockStatement") {
        const block = this.block(body);
        block.directives = body.directives.map((d) => t.cloneNode(d));
        return block;
      }
      const result = at(t.returnStatement(this.expression(body)), body);
      return at(t.blockStatement([result]), body);
    });
  }
}

/** How a function may be called with `new`: one that does not use `this` is looked at by the caller. */
function constructed(t: ModuleContext["t"], node: FunctionNode): "class" | "function" | undefined {
  if (node.type === "ClassMethod" && node.kind === "constructor") return "class";
  const isPlain = node.type === "FunctionDeclaration" || node.type === "FunctionExpression";
  return isPlain && !node.async && !node.generator && usesThis(t, node.body)
    ? "function"
    : undefined;
}

function usesThis(t: ModuleContext["t"], node: Node): boolean {
  if (node.type === "ThisExpression") return true;
  if (isFunction(node) && node.type !== "ArrowFunctionExpression") return false;
  return (t.VISITOR_KEYS[node.type] ?? []).some((key) => {
    const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
    return [child].flat().some((c) => c && usesThis(t, c));
  });
}

const conciseBody = (
  node: FunctionNode,
  body: types.BlockStatement,
): types.BlockStatement | Expression => {
  const [only] = body.body;
  const wasConcise = node.body.type !== "BlockStatement";
  return wasConcise && body.body.length === 1 && only?.type === "ReturnStatement" && only.argument
    ? only.argument
    : body;
};

/** `constructor(public x: number)` assigns its parameters to fields, after `super()` where there is one. */
function addParameterProperties(
  t: ModuleContext["t"],
  node: types.ClassMethod,
  body: types.BlockStatement,
): void {
  const assignments = node.params.flatMap((p) => {
    if (p.type !== "TSParameterProperty") return [];
    const id = p.parameter.type === "AssignmentPattern" ? p.parameter.left : p.parameter;
    const { name } = id as types.Identifier;
    const field = t.memberExpression(t.thisExpression(), t.identifier(name));
    return [t.expressionStatement(t.assignmentExpression("=", field, t.identifier(name)))];
  });
  const superCall = body.body.findIndex(
    (s) =>
      s.type === "ExpressionStatement" &&
      s.expression.type === "CallExpression" &&
      s.expression.callee.type === "Super",
  );
  body.body.splice(superCall + 1, 0, ...assignments);
}
