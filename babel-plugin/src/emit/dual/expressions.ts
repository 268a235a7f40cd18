import type { types } from "@babel/core";
import { bareCopy, type FunctionNode, staticKey, unwrap } from "../../ast.ts";
import type { ModuleContext } from "../../module-context.ts";
import { at } from "./base.ts";
import { Chains } from "./chains.ts";

type Expression = types.Expression;
type Node = types.Node;

/** Every expression, by its kind. */
export abstract class Expressions extends Chains {
  /** An expression whose value nobody uses. */
  protected discarded(expression: Node): Expression {
    const node = unwrap(expression);
    if (node.type === "UpdateExpression") return this.update(node, true);
    if (node.type === "SequenceExpression") {
      return at(this.t.sequenceExpression(node.expressions.map((e) => this.discarded(e))), node);
    }
    return this.expression(node);
  }

  expression(expression: Node): Expression {
    const t = this.t;
    const node = unwrap(expression);
    switch (node.type) {
      case "Identifier":
        return this.isSelf(node)
          ? this.help("dualForm", node, [at(t.identifier(node.name), node)])
          : (at(bareCopy(node), node) as Expression);
      case "NumericLiteral":
      case "StringLiteral":
      case "BooleanLiteral":
      case "NullLiteral":
      case "BigIntLiteral":
      case "RegExpLiteral":
      case "ThisExpression":
      case "MetaProperty":
      case "Import":
        return at(bareCopy(node), node) as Expression;
      case "TemplateLiteral":
        return at(
          t.templateLiteral(
            node.quasis.map((q) => t.cloneNode(q)),
            node.expressions.map((e) => this.expression(e)),
          ),
          node,
        );
      case "TaggedTemplateExpression":
        return this.taggedTemplate(node);
      case "BinaryExpression":
        return this.binary(node);
      case "LogicalExpression":
        return this.logical(node);
      case "UnaryExpression":
        return this.unary(node);
      case "UpdateExpression":
        return this.update(node, false);
      case "AssignmentExpression":
        return this.assignment(node);
      case "ConditionalExpression":
        return at(
          t.conditionalExpression(
            this.testOf(node),
            this.expression(node.consequent),
            this.expression(node.alternate),
          ),
          node,
        );
      case "SequenceExpression": {
        const last = node.expressions.length - 1;
        return at(
          t.sequenceExpression(
            node.expressions.map((e, i) => (i === last ? this.expression(e) : this.discarded(e))),
          ),
          node,
        );
      }
      case "CallExpression":
        return this.call(node);
      case "OptionalCallExpression":
      case "OptionalMemberExpression":
        return this.chain(node);
      case "ImportExpression": {
        const copy = at(bareCopy(node), node);
        copy.source = this.expression(node.source);
        return copy;
      }
      case "NewExpression":
        return this.construct(node);
      case "MemberExpression":
        return this.member(node);
      case "ArrayExpression":
        return at(t.arrayExpression(node.elements.map((e) => (e ? this.argument(e) : null))), node);
      case "ObjectExpression":
        return this.object(node);
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.closure(node);
      case "ClassExpression":
        return this.classInside(node);
      case "AwaitExpression":
        return at(t.awaitExpression(this.expression(node.argument)), node);
      case "YieldExpression":
        return at(t.yieldExpression(this.yielded(node), node.delegate), node);
      case "JSXElement":
      case "JSXFragment":
        return this.jsx(node) as Expression;
      default:
        return this.unsupported(node)[0] as never;
    }
  }

  protected jsx(node: Node): Node {
    const copy = at(bareCopy(node), node) as unknown as Record<string, unknown>;
    for (const key of this.t.VISITOR_KEYS[node.type] ?? []) {
      const child = copy[key] as Node | Node[] | null;
      const write = (c: Node): Node =>
        c.type.startsWith("JSX") ? this.jsx(c) : this.t.isExpression(c) ? this.expression(c) : c;
      copy[key] = Array.isArray(child) ? child.map(write) : child ? write(child) : child;
    }
    return copy as unknown as Node;
  }

  private yielded({ argument, delegate }: types.YieldExpression): Expression | null {
    if (!argument) return null;
    return delegate ? this.iterated(argument, this.isAsync) : this.expression(argument);
  }

  protected member(node: types.MemberExpression): Expression {
    if (
      node.computed &&
      node.object.type !== "Super" &&
      !this.context.isGlobal(unwrap(node.object), "Math")
    ) {
      const object = this.expression(node.object);
      const key = unwrap(node.property);
      if (key.type === "StringLiteral") return this.plainMember(node);
      return this.help("get", node, [object, this.expression(node.property)]);
    }
    if (node.property.type === "PrivateName" && this.privateMethod(node.property)) {
      return this.withTemporary(
        (temporary) => this.privateValue(node, this.expression(node.object), temporary).value,
      );
    }
    return this.plainMember(node);
  }

  protected object(node: types.ObjectExpression): Expression {
    const t = this.t;
    let usesSuper = false;
    const properties = node.properties.map((p) => {
      if (p.type === "SpreadElement") {
        return at(t.spreadElement(this.help("own", p, [this.expression(p.argument)])), p);
      }
      const key = p.computed ? this.expression(p.key) : (t.cloneNode(p.key) as Expression);
      if (p.type === "ObjectProperty") {
        const name = p.computed ? undefined : staticKey(p as never);
        return at(t.objectProperty(key, this.named(p.value, name), p.computed, false), p);
      }
      if (p.kind !== "method") {
        const { params, body } = this.functionParts(p);
        return at(t.objectMethod(p.kind, key as never, params as never, body, p.computed), p);
      }
      if (mentionsSuper(t, p)) {
        usesSuper = true;
        const { params, body } = this.functionParts(p);
        return at(
          t.objectMethod(
            "method",
            key as never,
            params as never,
            body,
            p.computed,
            p.generator,
            p.async,
          ),
          p,
        );
      }
      return this.methodProperty(p, key);
    });
    const object = at(t.objectExpression(properties), node);
    return usesSuper ? this.help("dualMethods", node, [object]) : object;
  }

  protected closure(node: FunctionNode): Expression {
    const made = this.help("dualForm", node, [this.functionExpression(node)]);
    const known = this.companions.known(node);
    return known ? this.help("knowing", node, [made, known]) : made;
  }

  /** A method is no constructor; one whose key is computed has its name from where it is put. */
  protected methodProperty(p: types.ObjectMethod, key: Expression): types.ObjectProperty {
    const t = this.t;
    const name = staticKey(p as never);
    if (name === undefined) return at(t.objectProperty(key, this.closure(p), p.computed), p);
    const { params, body } = this.functionParts(p);
    const ownKey = () => t.stringLiteral(name);
    const method = at(
      t.objectMethod(
        "method",
        ownKey(),
        params as never,
        body,
        // As any other key, so that no prototype is meant.
        name === "__proto__",
        p.generator,
        p.async,
      ),
      p,
    );
    const made = t.memberExpression(t.objectExpression([method]), ownKey(), true);
    const isPrototype = name === "__proto__";
    return at(
      t.objectProperty(
        isPrototype ? ownKey() : key,
        this.help("dualForm", p, [made]),
        p.computed || isPrototype,
      ),
      p,
    );
  }
}

export function mentionsSuper(t: ModuleContext["t"], node: Node): boolean {
  let found = false;
  t.traverseFast(node, (n) => {
    if (n.type === "Super") found = true;
  });
  return found;
}
