import type { types } from "@babel/core";
import { isFunction, staticKey, unwrap } from "../../ast.ts";
import { at } from "./base.ts";
import { arithmetic, integer } from "./operators.ts";
import { isPlaceOfElements, Targets } from "./targets.ts";

type Expression = types.Expression;
type Node = types.Node;

/** `=`, `+=` and its like, `++` and `--`: each target is evaluated once. */
export abstract class Assignments extends Targets {
  protected update(node: types.UpdateExpression, discarded: boolean): Expression {
    const t = this.t;
    const target = unwrap(node.argument);
    if (this.activity.isPrimitive(target) && target.type === "Identifier") {
      return at(t.updateExpression(node.operator, t.identifier(target.name), node.prefix), node);
    }
    return this.withTemporary((temporary) => {
      const place = this.place(target, temporary, target);
      const changed = (from: Expression) =>
        this.help(node.operator === "++" ? "increment" : "decrement", node, [from]);
      const old = this.help("numeric", node, [place.read()]);
      if (node.prefix || discarded)
        return this.sequence(place.before, place.write(changed(old)), node);
      const kept = temporary();
      const keep = t.assignmentExpression("=", kept, old);
      const write = place.write(changed(t.cloneNode(kept)));
      return at(t.sequenceExpression([...place.before, keep, write, t.cloneNode(kept)]), node);
    });
  }

  protected assignment(node: types.AssignmentExpression, discarded: boolean): Expression {
    const t = this.t;
    const { operator } = node;
    const left = unwrap(node.left);
    if (operator === "=") {
      if (this.isOuterWrite(left, node.right)) {
        const value = this.kept(left, node, node.right, this.expression(node.right));
        return at(
          t.assignmentExpression("=", t.identifier((left as types.Identifier).name), value),
          node,
        );
      }
      if (left.type === "MemberExpression" && isPlaceOfElements(left)) {
        const object = this.writtenTo(left.object, this.expression(left.object), node.right);
        const ofMemo = this.memoKey(left, left.property);
        const key = ofMemo ? this.expression(left.property) : this.key(left);
        return this.store(
          node,
          [this.context.site(left), object, key, this.expression(node.right)],
          ofMemo,
        );
      }
      if (left.type === "Identifier")
        return at(
          t.assignmentExpression(
            "=",
            at(t.identifier(left.name), left),
            this.named(node.right, nameGivenBy(node.left)),
          ),
          node,
        );
      const target =
        left.type === "MemberExpression"
          ? this.memberTarget(left, node.right)
          : this.isPlain(node.right)
            ? this.pattern(left)
            : this.target(left);
      const taken = (value: Expression) => this.takenApart(left, node.right, value);
      const assigned = (value: Expression) =>
        at(t.assignmentExpression("=", target as never, value), node);
      const value = this.assigned(left, node.right);
      if (discarded || left.type === "MemberExpression") return assigned(taken(value));
      // It gives what was taken apart, not what it was taken apart as.
      return this.withTemporary((temporary) => {
        const kept = temporary();
        const keep = t.assignmentExpression("=", kept, value);
        return this.sequence([assigned(taken(keep))], t.cloneNode(kept), node);
      });
    }
    if (operator === "&&=" || operator === "||=" || operator === "??=")
      return this.logicalAssignment(node, left);
    const binary = operator.slice(0, -1);
    if (integer.has(binary)) this.noteBits(node, operator, left, node.right);
    const inactive = this.activity.isPrimitive(left) && this.activity.isPrimitive(node.right);
    if (inactive && left.type === "Identifier") {
      return at(
        t.assignmentExpression(operator, t.identifier(left.name), this.expression(node.right)),
        node,
      );
    }
    return this.withTemporary((temporary) => {
      const place = this.place(left, temporary, arithmetic[binary] ? undefined : left);
      // The old value is read before the right side runs, which may change it.
      const old = place.read();
      const helper = arithmetic[binary];
      const value = helper
        ? (this.fusedWith(binary, left, old, node.right, node) ??
          this.arithmetic(helper, binary, node, old, this.expression(node.right), left, node.right))
        : t.binaryExpression(binary as never, ...this.operands(left, node.right, old));
      const written =
        helper && this.isOuterWrite(left, node.right)
          ? this.kept(left, node, node.right, value)
          : value;
      return this.sequence(place.before, place.write(written), node);
    });
  }

  private assigned(left: Node, value: Node): Expression {
    const f = unwrap(value);
    const isMethod = left.type === "MemberExpression" && isFunction(f);
    const key = isMethod ? staticKey({ key: left.property, computed: left.computed }) : undefined;
    return isMethod && key !== undefined
      ? this.marked(f, this.functionExpression(f), key)
      : this.expression(value);
  }

  /** Whether what is taken apart holds nothing active: a literal is inactive, whatever is in it. */
  protected isPlain(value: Node): boolean {
    const node = unwrap(value);
    const binding = node.type === "Identifier" ? this.context.bindings.get(node) : undefined;
    const declarator = binding?.path.node;
    // What is used once has not been written into.
    const isAsDeclared = binding?.constant === true && binding.references === 1;
    if (
      isAsDeclared &&
      declarator?.type === "VariableDeclarator" &&
      declarator.id === binding.identifier
    )
      if (declarator.init) return this.isPlain(declarator.init);
    switch (node.type) {
      case "ArrayExpression":
        return node.elements.every((e) => e === null || this.isPlain(e));
      case "ObjectExpression":
        return node.properties.every((p) => p.type === "ObjectProperty" && this.isPlain(p.value));
      default:
        return this.activity.isPrimitive(node);
    }
  }

  protected logicalAssignment(node: types.AssignmentExpression, left: Node): Expression {
    const t = this.t;
    this.noteMemo(node);
    return this.withTemporary((temporary) => {
      const place = this.place(left, temporary, node.right);
      const kept = temporary();
      const read = t.assignmentExpression("=", kept, place.read());
      const right = this.named(node.right, nameGivenBy(node.left));
      const write = place.write(
        this.isOuterWrite(left, node.right) ? this.kept(left, node, node.right, right) : right,
      );
      const old = t.cloneNode(kept);
      const value =
        node.operator === "??="
          ? t.logicalExpression("??", read, write)
          : node.operator === "&&="
            ? t.conditionalExpression(this.help("plain", left, [read]), write, old)
            : t.conditionalExpression(this.help("plain", left, [read]), old, write);
      return this.sequence(place.before, at(value, node), node);
    });
  }
}

/** The name that a function without one gets where it is assigned: in parentheses a variable gives none. */
const nameGivenBy = (left: Node): string | undefined =>
  left.type === "Identifier" && !left.extra?.parenthesized ? left.name : undefined;
