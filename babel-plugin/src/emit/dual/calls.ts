import type { types } from "@babel/core";
import { rules } from "dualize/rules";
import { mathName } from "../../analysis/activity.ts";
import { type Asked, askedBy, sidesOf } from "../../analysis/memos.ts";
import { jsonCopied } from "../../analysis/syntax.ts";
import { isFunction, staticKey, unwrap } from "../../ast.ts";
import { Assignments } from "./assignments.ts";
import { at, isPath, isQuiet } from "./base.ts";

type Expression = types.Expression;
type Node = types.Node;

// Made by the language from text or plain numbers; constructing them here keeps the user's line on top of the stack.
const plainConstructors = new Set([
  "Error",
  "TypeError",
  "RangeError",
  "SyntaxError",
  "EvalError",
  "ReferenceError",
  "URIError",
  "AggregateError",
]);

/** Methods that hand elements to a function and look at nothing that it gives. */
const walks = new Set(["map", "flatMap", "forEach", "reduce", "reduceRight"]);

/** Methods that put what they are given into what they are called on. */
const putting = new Set(["push", "unshift", "splice", "fill", "set", "add"]);

/** Functions of the language that put something into their first argument. */
const into = new Set([
  ...["assign", "defineProperty", "defineProperties"].map((name) => `Object.${name}`),
  ...["set", "defineProperty"].map((name) => `Reflect.${name}`),
]);

const keyOf = (callee: types.MemberExpression) => ({
  key: callee.property,
  computed: callee.computed,
});

/** Calls of functions, methods, constructors and tags. */
export abstract class Calls extends Assignments {
  protected call(node: types.CallExpression): Expression {
    const t = this.t;
    const callee = unwrap(node.callee);
    const args = () => node.arguments.map((a) => this.argument(a));
    if (readsNumber(callee)) this.noteText(node, node.arguments[0]);
    const native = (f: Node) => at(t.callExpression(f as Expression, args()), node);
    switch (callee.type) {
      case "Super":
        return at(t.callExpression(at(t.super(), callee), this.superArguments(node, args())), node);
      case "Import":
        return native(at(t.import(), callee));
      case "Identifier": {
        if (this.context.isGlobal(callee, "eval")) {
          this.context.diagnostics.report(
            "DUAL003",
            node,
            `eval cannot be differentiated: its code is known only when it runs. Write the code out, or pass a marked function.`,
          );
        }
        if (this.isLocalFunction(callee)) return native(at(t.identifier(callee.name), callee));
        const dual = this.companions.dualName(callee);
        if (dual) {
          this.helpersUsed++;
          return native(at(t.identifier(dual), callee));
        }
        this.checkKnownUnmarked(node, callee);
        return this.help("call", node, [
          this.context.site(node),
          this.expression(callee),
          ...args(),
        ]);
      }
      case "MemberExpression":
        return this.methodCall(node, callee, args);
      case "OptionalMemberExpression":
        return this.callOfChain(node, callee);
      default:
        return this.help("call", node, [
          this.context.site(node),
          this.expression(callee),
          ...args(),
        ]);
    }
  }

  // A parent class of another module may not be marked, and `super(...)` cannot be called by another name.
  protected superArguments(
    node: types.CallExpression,
    args: (Expression | types.SpreadElement)[],
  ): (Expression | types.SpreadElement)[] {
    const t = this.t;
    const parent = this.context.superClasses.get(node);
    if (args.length === 0 || parent?.type !== "Identifier" || this.companions.isMarkedClass(parent))
      return args;
    return [
      t.spreadElement(
        this.help("superArguments", node, [
          this.context.site(node),
          t.identifier(parent.name),
          t.arrayExpression(args),
        ]),
      ),
    ];
  }

  protected methodCall(
    node: types.CallExpression,
    callee: types.MemberExpression,
    args: () => (Expression | types.SpreadElement)[],
  ): Expression {
    const t = this.t;
    const site = this.context.site(node);
    const math = mathName(this.context, callee);
    if (math !== undefined) {
      const inactive = node.arguments.every(
        (a) => a.type !== "SpreadElement" && this.activity.isPrimitive(a),
      );
      if (inactive) return at(t.callExpression(this.plainMember(callee), args()), node);
      const fused = this.fused(node);
      if (fused) return fused;
      if (rules[math]?.kind === "constant")
        this.noteInteger(node, `Math.${math}`, ...node.arguments);
      this.helpersUsed++;
      const f = t.memberExpression(at(this.context.helper("math"), callee), t.identifier(math));
      return at(t.callExpression(at(f, callee), args()), node);
    }
    const copied =
      callee.object.type === "Identifier" && this.context.isGlobal(callee.object, "JSON")
        ? jsonCopied(node)
        : undefined;
    if (copied) return this.help("jsonCopy", node, [this.expression(copied)]);
    if (callee.object.type === "Super") {
      return this.help("invoke", node, [
        site,
        this.plainMember(callee),
        t.thisExpression(),
        t.arrayExpression(args()),
      ]);
    }
    if (callee.property.type === "PrivateName")
      return this.privateCall(node, callee, callee.property, args);
    const ofMemo = this.memoCall(node, callee, args);
    if (ofMemo) return ofMemo;
    if (node.arguments.every((a) => isQuiet(t, a))) {
      const [f, ...rest] = node.arguments;
      if (walks.has(staticKey(keyOf(callee)) ?? "") && isFunction(f) && !f.async && !f.generator) {
        return this.help("each", node, [
          site,
          this.expression(callee.object),
          this.key(callee),
          this.functionExpression(f),
          ...rest.map((a) => this.argument(a)),
        ]);
      }
      return this.help("callMethod", node, [
        site,
        this.filled(node, callee, this.expression(callee.object)),
        this.key(callee),
        ...this.argumentsOf(node, callee, args),
      ]);
    }
    // The method is read before its arguments run, which may put another one in its place.
    return this.withTemporary((temporary) => {
      const { value, self } = this.linkBase(callee, temporary);
      const holder = this.filled(node, callee, self as Expression);
      return this.help("invoke", node, [
        site,
        value,
        holder,
        t.arrayExpression(this.argumentsOf(node, callee, args)),
      ]);
    });
  }

  /** What asks or fills a memo: an active number finds nothing that was kept for a plain one. */
  protected memoCall(
    node: types.CallExpression,
    callee: types.MemberExpression,
    args: () => (Expression | types.SpreadElement)[],
  ): Expression | undefined {
    const t = this.t;
    if (this.memoQuestion(node) && sidesOf(this.context, node))
      return this.help("sameKey", node, [t.stringLiteral("Object.is"), ...args()]);
    const asked = askedBy(this.context, node);
    const [first] = node.arguments as [Node];
    const sources = this.memoKey(node, asked?.key ?? first);
    if (sources === undefined) {
      if (asked?.by === "map") this.noteFilledElsewhere(node, asked);
      return undefined;
    }
    if (asked?.by === "place") return this.ownAsked(node, asked, callee, args);
    if (asked?.by === "element")
      return this.help("findKept", node, [
        this.context.site(node),
        this.expression(callee.object),
        this.key(callee),
        ...args(),
      ]);
    const [written, value] = args();
    return this.help(value ? "keepFor" : "askKept", node, [
      this.context.site(node),
      this.filled(node, callee, this.expression(callee.object)),
      ...(value ? [] : [this.key(callee)]),
      written as Expression,
      ...(value ? [value] : []),
      ...sources,
    ]);
  }

  /** `Object.hasOwn(object, key)` and `object.hasOwnProperty(key)`. */
  private ownAsked(
    node: types.CallExpression,
    { of, key }: Asked,
    callee: types.MemberExpression,
    args: () => (Expression | types.SpreadElement)[],
  ): Expression | undefined {
    const t = this.t;
    const sources = this.keySources(key);
    if (sources === undefined || ![of, ...sources].every(isPath)) return undefined;
    const list = () => t.arrayExpression(sources.map((s) => this.expression(s)));
    return at(
      t.conditionalExpression(
        this.help("isNewKey", node, [list()]),
        this.help("isKept", node, [this.expression(of), this.expression(key), list()]),
        this.help("callMethod", node, [
          this.context.site(node),
          this.expression(callee.object),
          this.key(callee),
          ...args(),
        ]),
      ),
      node,
    );
  }

  /** What a method is called on: those of lists, Maps and Sets put what they are given into it. */
  protected filled(
    node: types.CallExpression,
    callee: types.MemberExpression,
    object: Expression,
  ): Expression {
    const puts =
      putting.has(staticKey(keyOf(callee)) ?? "") &&
      node.arguments.some(
        (a) => a.type === "SpreadElement" || !(this.activity.isPrimitive(a) || isFunction(a)),
      );
    return puts ? this.writtenTo(callee.object, object, undefined, "maybeFilled") : object;
  }

  /** The arguments of a method: functions of the language put the others into the first. */
  protected argumentsOf(
    node: types.CallExpression,
    callee: types.MemberExpression,
    args: () => (Expression | types.SpreadElement)[],
  ): (Expression | types.SpreadElement)[] {
    const written = args();
    const [first] = node.arguments;
    const [target] = written;
    const isInto =
      callee.object.type === "Identifier" &&
      into.has(`${callee.object.name}.${staticKey(keyOf(callee))}`) &&
      this.context.isGlobal(callee.object, callee.object.name);
    if (!isInto || !first || first.type === "SpreadElement" || target?.type === "SpreadElement")
      return written;
    return [this.writtenTo(first, target as Expression), ...written.slice(1)];
  }

  protected privateCall(
    node: types.CallExpression,
    callee: types.MemberExpression,
    name: types.PrivateName,
    args: () => (Expression | types.SpreadElement)[],
  ): Expression {
    const t = this.t;
    const dual = this.privateMethod(name);
    if (dual !== undefined) {
      this.helpersUsed++;
      const method = t.memberExpression(
        this.expression(callee.object),
        t.privateName(t.identifier(dual)),
      );
      return at(t.callExpression(at(method, callee), args()), node);
    }
    return this.withTemporary((temporary) => {
      const self = temporary();
      const read = t.memberExpression(
        t.assignmentExpression("=", self, this.expression(callee.object)),
        t.cloneNode(name),
      );
      return this.help("invoke", node, [
        this.context.site(node),
        at(read, callee),
        t.cloneNode(self),
        t.arrayExpression(args()),
      ]);
    });
  }

  // Functions of the host that take numbers apart or send them away: nothing of a tangent comes back.
  protected checkKnownUnmarked(node: types.CallExpression, callee: types.Identifier): void {
    if (this.context.isGlobal(callee, "BigInt"))
      this.noteInteger(node, "BigInt", ...(node.arguments as Node[]));
    const name = ["structuredClone", "atob", "btoa", "encodeURIComponent", "fetch"].find((n) =>
      this.context.isGlobal(callee, n),
    );
    const source = this.context.bindings.get(callee)?.path.parent;
    const fromNode =
      source?.type === "ImportDeclaration" && source.source.value.startsWith("node:");
    if (name === undefined && !fromNode) return;
    if (!node.arguments.some((a) => this.activity.isActiveNumber(a))) return;
    this.context.diagnostics.report(
      "DUAL006",
      node,
      `'${callee.name}' is not marked and gets an active value, so its derivative would be lost. ` +
        `Give it primalOf(value) if the derivative does not matter there, or a rule with customJvp().`,
    );
  }

  protected construct(node: types.NewExpression): Expression {
    const t = this.t;
    const callee = unwrap(node.callee);
    if (
      callee.type === "Identifier" &&
      plainConstructors.has(callee.name) &&
      this.context.isGlobal(callee, callee.name)
    ) {
      const args = node.arguments.map((a) =>
        a.type === "SpreadElement"
          ? this.argument(a)
          : a.type === "TemplateLiteral"
            ? this.template(a)
            : this.seen(a),
      );
      return at(t.newExpression(this.expression(callee), args), node);
    }
    const args = node.arguments.map((a) => this.argument(a));
    return this.help("construct", node, [
      this.context.site(node),
      this.expression(callee),
      ...args,
    ]);
  }

  protected taggedTemplate(node: types.TaggedTemplateExpression): Expression {
    const t = this.t;
    const tag = unwrap(node.tag);
    const quasi = this.template(node.quasi);
    const site = this.context.site(node);
    const write = (f: Expression, self: Expression) =>
      at(t.taggedTemplateExpression(this.help("tagged", node, [site, f, self]), quasi), node);
    if (tag.type !== "MemberExpression" || tag.object.type === "Super")
      return write(this.expression(tag), this.context.global("undefined"));
    return this.withTemporary((temporary) => {
      const self = temporary();
      const key = tag.computed
        ? this.seen(tag.property)
        : (t.cloneNode(tag.property) as Expression);
      const f = t.memberExpression(
        t.assignmentExpression("=", self, this.expression(tag.object)),
        key,
        tag.computed,
      );
      return write(f, t.cloneNode(self));
    });
  }

  /** A private method as a value; it cannot be given its twin where it is declared, so it gets it here. */
  protected privateValue(
    node: types.MemberExpression | types.OptionalMemberExpression,
    object: Expression,
    temporary: () => types.Identifier,
  ): { value: Expression; self: types.Identifier } {
    const t = this.t;
    const self = temporary();
    const name = node.property as types.PrivateName;
    const method = at(
      t.memberExpression(t.assignmentExpression("=", self, object), t.cloneNode(name)),
      node,
    );
    const dual = this.privateMethod(name);
    if (!dual || dual === name.id.name)
      return { value: dual ? this.help("dualForm", node, [method]) : method, self };
    const form = t.memberExpression(t.cloneNode(self), t.privateName(t.identifier(dual)));
    return {
      value: this.help("twin", node, [
        method,
        t.objectExpression([t.objectProperty(t.identifier("dual"), form)]),
      ]),
      self,
    };
  }

  /** The name under which the dual form of a private method is to be found, if there is one. */
  protected privateMethod(name: types.PrivateName): string | undefined {
    const member = this.context.privateMembers.get(name);
    if (member?.node.type !== "ClassPrivateMethod" || member.node.kind !== "method")
      return undefined;
    const owner = member.parentPath?.parentPath;
    // A class that is itself written inside the marked function is in dual form already.
    if (owner?.findParent((p) => p.node === this.root)) return name.id.name;
    return this.companions.privateDualName(member.node);
  }

  /** The value that a chain or call starts from, and for a member the object it is of, evaluated once. */
  protected linkBase(
    expression: Node,
    temporary: () => types.Identifier,
  ): { value: Expression; self?: Expression } {
    const t = this.t;
    const node = unwrap(expression);
    if (node.type !== "MemberExpression") return { value: this.expression(node) };
    if (node.object.type === "Super")
      return { value: this.plainMember(node), self: t.thisExpression() };
    const inner = unwrap(node.object);
    const isFixed =
      inner.type === "ThisExpression" ||
      (inner.type === "Identifier" && this.context.bindings.get(inner)?.constant);
    const value = this.expression(inner);
    if (node.property.type === "PrivateName") return this.privateValue(node, value, temporary);
    const self = isFixed ? t.cloneNode(value) : temporary();
    const object = isFixed ? value : t.assignmentExpression("=", self as types.Identifier, value);
    const read = node.computed
      ? this.help("get", node, [object, this.expression(node.property)])
      : at(t.memberExpression(object, t.cloneNode(node.property) as Expression), node);
    return { value: read, self: t.cloneNode(self) };
  }

  protected argument(node: Node): Expression | types.SpreadElement {
    return node.type === "SpreadElement"
      ? at(this.t.spreadElement(this.iterated(node.argument)), node)
      : this.expression(node);
  }
}

/** Functions that read a number, not a whole one, from text. */
const readers = new Set(["Number", "parseFloat", "Number.parseFloat", "JSON.parse"]);

function readsNumber(callee: Node): boolean {
  if (callee.type === "Identifier") return readers.has(callee.name);
  if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return false;
  return readers.has(`${callee.object.name}.${staticKey(keyOf(callee))}`);
}
