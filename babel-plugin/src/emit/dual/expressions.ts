import type { types } from "@babel/core";
import { bareCopy, type FunctionNode, isFunction, staticKey, unwrap } from "../../ast.ts";
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
    if (node.type === "AssignmentExpression") return this.assignment(node, true);
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
        return this.isToldOf(node) ? this.toldText(node) : this.template(node);
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
        return this.assignment(node, false);
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
      const ofMemo = this.memoKey(node, node.property);
      if (ofMemo)
        return this.help("getKept", node, [object, this.expression(node.property), ...ofMemo]);
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
    const isNamedLate = node.properties.some(
      (p) => p.type !== "SpreadElement" && p.computed && !this.isFixedKey(p.key) && isNameless(p),
    );
    return isNamedLate
      ? this.withTemporary((temporary) => this.objectWith(node, temporary))
      : this.objectWith(node);
  }

  private objectWith(node: types.ObjectExpression, temporary?: () => types.Identifier): Expression {
    const t = this.t;
    let usesSuper = false;
    const properties = node.properties.map((p) => {
      if (p.type === "SpreadElement") {
        return at(t.spreadElement(this.help("own", p, [this.expression(p.argument)])), p);
      }
      const key = p.computed ? this.expression(p.key) : (t.cloneNode(p.key) as Expression);
      if (p.type === "ObjectMethod" && p.kind !== "method") {
        const { params, body } = this.functionParts(p);
        return at(t.objectMethod(p.kind, key as never, params as never, body, p.computed), p);
      }
      if (p.type === "ObjectMethod" && mentionsSuper(t, p)) {
        usesSuper = true;
        return this.methodWith(p, key, p.computed);
      }
      if (p.computed && isNameless(p)) return this.namedLate(p, key, temporary);
      if (p.type === "ObjectMethod") return this.methodProperty(p, key);
      const name = p.computed ? undefined : staticKey(p as never);
      // Written out it would say what the prototype is.
      if (p.shorthand && name === "__proto__")
        return at(t.objectProperty(t.stringLiteral(name), this.expression(p.value), true), p);
      return at(t.objectProperty(key, this.named(p.value, name), p.computed, false), p);
    });
    const object = at(t.objectExpression(properties), node);
    return usesSuper ? this.help("dualMethods", node, [object]) : object;
  }

  /** A function that has its name from a key that is known when it runs: it is put under that key of an object of its own. */
  private namedLate(
    p: types.ObjectProperty | types.ObjectMethod,
    key: Expression,
    temporary?: () => types.Identifier,
  ): types.ObjectProperty {
    const t = this.t;
    const kept = temporary && !this.isFixedKey(p.key) ? temporary() : undefined;
    const again = () => t.cloneNode(kept ?? key, true);
    const member =
      p.type === "ObjectMethod"
        ? this.methodWith(p, again(), true)
        : t.objectProperty(again(), this.functionExpression(unwrap(p.value) as FunctionNode), true);
    const made = t.memberExpression(t.objectExpression([member]), again(), true);
    const first = kept
      ? t.assignmentExpression("=", kept, this.help("propertyKey", p, [key]))
      : key;
    const { key: written } = p;
    const name =
      written.type === "MemberExpression" && written.property.type === "Identifier"
        ? `Symbol.${written.property.name}`
        : staticKey({ key: written });
    return at(t.objectProperty(first, this.marked(p, made, kept ? undefined : name), true), p);
  }

  /** Whether a computed key can be written down twice: a literal, or `Symbol.iterator` and its like. */
  private isFixedKey(key: Node): boolean {
    if (key.type === "MemberExpression")
      return !key.computed && this.context.isGlobal(key.object, "Symbol");
    return key.type === "StringLiteral" || key.type === "NumericLiteral";
  }

  private methodWith(
    p: types.ObjectMethod,
    key: Expression,
    isComputed: boolean,
  ): types.ObjectMethod {
    const { params, body } = this.functionParts(p);
    return at(
      this.t.objectMethod(
        "method",
        key as never,
        params as never,
        body,
        isComputed,
        p.generator,
        p.async,
      ),
      p,
    );
  }

  protected closure(node: FunctionNode): Expression {
    const made = this.help("dualForm", node, [this.functionExpression(node)]);
    const known = this.companions.known(node);
    return known ? this.help("knowing", node, [made, known]) : made;
  }

  /** A method is no constructor. */
  protected methodProperty(p: types.ObjectMethod, key: Expression): types.ObjectProperty {
    const t = this.t;
    const name = staticKey(p as never) as string;
    const ownKey = () => t.stringLiteral(name);
    // As any other key, so that no prototype is meant.
    const method = this.methodWith(p, ownKey(), name === "__proto__");
    const made = t.memberExpression(t.objectExpression([method]), ownKey(), true);
    const isPrototype = name === "__proto__";
    return at(
      t.objectProperty(
        isPrototype ? ownKey() : key,
        this.marked(p, made, name),
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

/** Whether a function gets its name from the key that it is put under. */
function isNameless(p: types.ObjectProperty | types.ObjectMethod): boolean {
  if (p.type === "ObjectMethod") return p.kind === "method" && staticKey(p as never) === undefined;
  const value = unwrap(p.value);
  return isFunction(value) && !("id" in value && value.id);
}
