import type { types } from "@babel/core";
import { isLeftBehind } from "../../analysis/left-behind.ts";
import { type Binding, isClass, isFunction, rootOf, unwrap } from "../../ast.ts";
import { at, fields } from "./base.ts";
import { Operators } from "./operators.ts";
import { touchedBefore } from "./touched-before.ts";

type Expression = types.Expression;
type Node = types.Node;

/** What is bound or written to: parameters, declarations, destructuring patterns, members. */
export abstract class Targets extends Operators {
  #touchedBefore: ReadonlySet<Node> | undefined;

  /** A destructuring target, or one of a loop: what is written to exists already. */
  protected target(node: Node): Node {
    return this.pattern(node, (id) => this.checkOuterTarget(id));
  }

  /** What is bound or written to: parameters, declarations, targets. */
  protected pattern(node: Node, check: (id: types.Identifier) => void = () => {}): Node {
    const t = this.t;
    switch (node.type) {
      case "Identifier":
        check(node);
        return at(t.identifier(node.name), node);
      case "AssignmentPattern": {
        const left = this.pattern(node.left, check) as types.AssignmentPattern["left"];
        const name = node.left.type === "Identifier" ? node.left.name : undefined;
        return at(t.assignmentPattern(left, this.named(node.right, name)), node);
      }
      case "RestElement":
        return at(t.restElement(this.pattern(node.argument, check) as never), node);
      case "ArrayPattern":
        return at(
          t.arrayPattern(node.elements.map((e) => (e ? this.pattern(e, check) : null)) as never),
          node,
        );
      case "ObjectPattern":
        return at(
          t.objectPattern(
            node.properties.map((p) => {
              if (p.type === "RestElement") return this.pattern(p, check) as types.RestElement;
              const key = p.computed ? this.seen(p.key) : (t.cloneNode(p.key) as Expression);
              const value = this.pattern(p.value as Node, check);
              return at(t.objectProperty(key, value as never, p.computed, p.shorthand), p);
            }),
          ),
          node,
        );
      case "MemberExpression":
        if (isPlaceOfElements(node)) {
          const object = this.writtenTo(node.object, this.expression(node.object));
          const place = this.help("place", node, [
            this.context.site(node),
            object,
            this.key(node),
            ...(this.isSloppy ? [t.booleanLiteral(true)] : []),
          ]);
          return at(t.memberExpression(place, t.identifier("value")), node);
        }
        return this.memberTarget(node);
      default: {
        const inner = unwrap(node);
        return inner === node ? (this.unsupported(node)[0] as never) : this.pattern(inner, check);
      }
    }
  }

  /** A member that is written to. */
  protected memberTarget(node: types.MemberExpression, value?: Node): types.MemberExpression {
    const target = this.plainMember(node);
    if (node.object.type !== "Super")
      target.object = this.writtenTo(node.object, target.object as Expression, value);
    return target;
  }

  protected plainMember(
    node: types.MemberExpression | types.OptionalMemberExpression,
  ): types.MemberExpression {
    const t = this.t;
    const object = node.object.type === "Super" ? t.super() : this.ownerOf(node);
    const key = node.computed
      ? this.seen(node.property)
      : (t.cloneNode(node.property) as Expression);
    return at(t.memberExpression(object, key, node.computed), node);
  }

  // A number has no such property, however it is represented.
  protected ownerOf(node: types.MemberExpression | types.OptionalMemberExpression): Expression {
    return isField(node) ? this.seen(node.object) : this.expression(node.object);
  }

  /** A write to what is reached by a key; in sloppy code one that fails does so without a word. */
  protected store(node: Node, args: Expression[], ofMemo?: Expression[]): Expression {
    if (ofMemo)
      return this.help("keepAt", node, [this.t.booleanLiteral(this.isSloppy), ...args, ...ofMemo]);
    return this.help(this.isSloppy ? "setLoosely" : "set", node, args);
  }

  /** The same for an owner that is written already. */
  protected fieldOwner(
    node: types.MemberExpression | types.OptionalMemberExpression,
    owner: Expression,
  ): Expression {
    return isField(node) ? this.help("plain", node, [owner]) : owner;
  }

  /** The key of a member as an expression. */
  protected key(node: types.MemberExpression): Expression {
    return node.computed
      ? this.seen(node.property)
      : this.t.stringLiteral((node.property as types.Identifier).name);
  }

  protected checkOuterTarget(node: types.Identifier): void {
    const binding = this.context.bindings.get(node);
    if (binding === undefined || !this.activity.isInside(binding)) this.outerWrite(node, node.name);
  }

  // An outer variable outlives the derivative, and unmarked code would meet the active value there.
  protected isOuterWrite(target: Node, value: Node): boolean {
    const node = unwrap(value);
    if (target.type !== "Identifier" || isFunction(node) || isClass(node)) return false;
    if (this.activity.isPrimitive(node)) return false;
    const binding = this.context.bindings.get(target);
    return binding === undefined || !this.activity.isInside(binding);
  }

  /** The value written to an outer variable: an error where it is evidently active, else checked when it runs. */
  protected kept(target: Node, node: Node, value: Node, written: Expression): Expression {
    const { name } = target as types.Identifier;
    const isLeft = isLeftBehind(this.context, target);
    const isFill = !isLeft && this.isMemoFill(node);
    const isOpen = this.companions.mayLeaveOutside(this.root);
    if (!isLeft && !isFill && !isOpen && this.activity.isActiveNumber(value))
      this.outerWrite(target, name);
    const { t } = this;
    const read = t.arrowFunctionExpression([], t.identifier(name));
    const param = this.context.uid("v");
    const store = t.assignmentExpression("=", t.identifier(name), t.identifier(param));
    const write = t.arrowFunctionExpression(
      [t.identifier(param)],
      t.blockStatement([t.expressionStatement(store)]),
    );
    if (isFill) return this.help("leftIn", node, [written, read, write]);
    return this.help("kept", node, [
      this.context.site(node),
      t.stringLiteral(name),
      isLeft ? this.help("plain", value, [written]) : written,
      read,
      write,
      ...(isOpen && !isLeft ? [t.booleanLiteral(true)] : []),
    ]);
  }

  /** An object that a value is put into: what is active in it is made plain when the derivative ends, if it is still there. */
  protected writtenTo(
    object: Node,
    written: Expression,
    value?: Node,
    inside: "maybeTouched" | "maybeFilled" = "maybeTouched",
  ): Expression {
    if (value && (this.activity.isPrimitive(value) || isFunction(unwrap(value)))) return written;
    const owner = ownerOf(object);
    if (unwrap(object).type === "ThisExpression" && this.constructs === "class") return written;
    const binding = owner.type === "Identifier" ? this.context.bindings.get(owner) : undefined;
    const isInside = binding !== undefined && this.activity.isInside(binding);
    // What it was made to hold may be an outer object all the same.
    if (binding && owner === unwrap(object) && this.#isFresh(binding)) return written;
    this.#touchedBefore ??= touchedBefore(this.context, this.activity, this.root);
    if (this.#touchedBefore.has(object)) return written;
    const isOuter = owner.type === "Identifier" && !isInside && owner.name !== "arguments";
    return this.help(isOuter ? "touched" : inside, object, [written]);
  }

  /** Whether a variable of the marked function only ever holds what was made for it. */
  #isFresh(binding: Binding, asked: readonly Binding[] = []): boolean {
    if (!this.activity.isInside(binding)) return false;
    if (asked.includes(binding)) return true;
    const holds = (node: Node | null | undefined): boolean => {
      if (!node) return true;
      const value = unwrap(node);
      switch (value.type) {
        case "ArrayExpression":
        case "ObjectExpression":
        case "NewExpression":
          return true;
        case "ConditionalExpression":
          return holds(value.consequent) && holds(value.alternate);
        case "Identifier": {
          const other = this.context.bindings.get(value);
          return other !== undefined && this.#isFresh(other, [...asked, binding]);
        }
        case "CallExpression": {
          const callee = unwrap(value.callee);
          if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier")
            return false;
          return callee.property.name === "fill"
            ? holds(callee.object)
            : this.#isMaker(callee, callee.property.name);
        }
        default:
          return value.type.endsWith("Literal");
      }
    };
    const { node } = binding.path;
    if (node.type !== "VariableDeclarator" || node.id !== binding.identifier) return false;
    const loop = binding.path.parentPath?.parentPath?.node;
    if ((loop?.type === "ForOfStatement" || loop?.type === "ForInStatement") && !node.init)
      return false;
    return (
      holds(node.init) &&
      binding.constantViolations.every(
        ({ node: write }) =>
          write.type === "AssignmentExpression" &&
          write.operator === "=" &&
          write.left.type === "Identifier" &&
          holds(write.right),
      )
    );
  }

  /** Whether a method is one of the language that gives something new: a class may give what it keeps. */
  #isMaker({ object }: types.MemberExpression, name: string): boolean {
    if (!makers.has(name)) return false;
    if (name === "of" || name === "from")
      return object.type === "Identifier" && !this.context.bindings.has(object);
    return !this.companions.definesMember(name);
  }

  protected outerWrite(node: Node, name: string): void {
    this.context.diagnostics.report(
      "DUAL005",
      node,
      `an active value is written to '${name}', which is declared outside the marked function, so its derivative would outlive it. ` +
        `Return the value instead, or write primalOf(value) if only the number is wanted.`,
    );
  }

  /** Reads and writes one place, having evaluated what leads to it once. */
  protected place(
    target: Node,
    temporary: () => types.Identifier,
    value?: Node,
  ): { before: Expression[]; read: () => Expression; write: (value: Expression) => Expression } {
    const t = this.t;
    const node = unwrap(target);
    if (node.type === "Identifier") {
      const name = () => at(t.identifier(node.name), node);
      return {
        before: [],
        read: name,
        write: (v) => at(t.assignmentExpression("=", name(), v), node),
      };
    }
    if (node.type !== "MemberExpression") return this.unsupported(node) as never;
    const before: Expression[] = [];
    // A name that is never written needs no copy; everything else is evaluated once.
    const once = (value: Expression, original: Node): (() => Expression) => {
      const inner = unwrap(original);
      if (inner.type === "ThisExpression") return () => t.thisExpression();
      if (inner.type === "Identifier" && this.context.bindings.get(inner)?.constant)
        return () => t.identifier(inner.name);
      if (inner.type === "NumericLiteral" || inner.type === "StringLiteral")
        return () => t.cloneNode(inner);
      const kept = temporary();
      before.push(at(t.assignmentExpression("=", kept, value), original));
      return () => t.cloneNode(kept);
    };
    const object =
      node.object.type === "Super"
        ? () => t.super()
        : once(this.expression(node.object), node.object);
    const holder = () =>
      node.object.type === "Super"
        ? (object() as Expression)
        : this.writtenTo(node.object, object() as Expression, value);
    if (!isPlaceOfElements(node)) {
      // That there is an object yet is found out first.
      if (node.object.type === "Super" && node.computed) before.push(t.thisExpression());
      const key = node.computed
        ? once(this.seen(node.property), node.property)
        : () => t.cloneNode(node.property) as Expression;
      const member = (of: Expression) => at(t.memberExpression(of, key(), node.computed), node);
      return {
        before,
        read: () => member(object() as Expression),
        write: (v) => at(t.assignmentExpression("=", member(holder()), v), node),
      };
    }
    const known = this.memoKey(node, node.property);
    const key = node.computed
      ? once(known ? this.expression(node.property) : this.seen(node.property), node.property)
      : () => this.key(node);
    const ofMemo = () => known?.map((e) => t.cloneNode(e));
    return {
      before,
      read: () => {
        const args = [object() as Expression, key()];
        return known
          ? this.help("getKept", node, [...args, ...(ofMemo() ?? [])])
          : this.help("get", node, args);
      },
      write: (v) => this.store(node, [this.context.site(node), holder(), key(), v], ofMemo()),
    };
  }
}

const isField = (node: types.MemberExpression | types.OptionalMemberExpression): boolean =>
  !node.computed && node.property.type === "Identifier" && fields.has(node.property.name);

/** Whether a member is reached by a key that may be an index, or is one that the language itself asks for its kind. */
export const isPlaceOfElements = (node: types.MemberExpression): boolean =>
  node.object.type !== "Super" &&
  node.property.type !== "PrivateName" &&
  (node.computed ||
    (node.property.type === "Identifier" && /^(length|prototype)$/.test(node.property.name)));

/** What an object that is written to belongs to. */
function ownerOf(object: Node): Node {
  const root = rootOf(object);
  return root.type === "LogicalExpression" || root.type === "AssignmentExpression"
    ? ownerOf(root.right)
    : root;
}

/** Methods that give an array or object that nobody else has. */
const makers = new Set(
  "map filter slice concat flat flatMap toSorted toReversed toSpliced with from of split entries".split(
    " ",
  ),
);
