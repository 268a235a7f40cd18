import type { types } from "@babel/core";
import { type Binding, staticKey, unwrap } from "../../ast.ts";
import type { Kind } from "../kind.ts";
import type { Facts } from "./facts.ts";

type Node = types.Node;

/**
 * What constants of outside are: they hold nothing active, but where they stand among what does (`let sum = ZERO`,
 * `{ ...DEFAULTS, ...options }`) the rest is of their kind. That they are is looked at when the program runs.
 */
export function kindOfOutside(facts: Facts, expression: Node): Kind | undefined {
  const node = unwrap(expression);
  const kind =
    node.type === "Identifier"
      ? kindOfConstant(facts, node)
      : node.type === "MemberExpression"
        ? kindOfStatic(facts, node)
        : undefined;
  return kind?.k === "object" ? kind : undefined;
}

/** The same of instances of classes alone. */
export function instanceOutside(facts: Facts, expression: Node): Kind | undefined {
  const kind = kindOfOutside(facts, expression);
  return kind?.k === "object" && kind.className !== undefined ? kind : undefined;
}

/** The kind of what something begins with that active values are put in the place of. */
export const kindToBeginWith = (facts: Facts, expression: Node): Kind =>
  instanceOutside(facts, expression) ?? facts.kindOf(expression);

function kindOfConstant(facts: Facts, id: types.Identifier): Kind | undefined {
  const binding = facts.context.bindings.get(id);
  if (binding === undefined || facts.isInside(binding) || facts.scratch.has(binding))
    return undefined;
  if (binding.kind === "module") return facts.typeKinds.constantOfOthers(id.name);
  const { node } = binding.path;
  if (node.type !== "VariableDeclarator" || node.id !== binding.identifier || !isConst(binding))
    return undefined;
  const annotated = facts.typeKinds.of((node.id as types.Identifier).typeAnnotation);
  return annotated ?? (node.init ? kindOfMade(facts, node.init) : undefined);
}

const isConst = ({ path, constant }: Binding): boolean =>
  constant && (path.parent as types.VariableDeclaration).kind === "const";

/** `Vec.ZERO` */
function kindOfStatic(facts: Facts, node: types.MemberExpression): Kind | undefined {
  const owner = node.object.type === "Identifier" ? node.object : undefined;
  const name = staticKey({ key: node.property, computed: node.computed });
  const definition = owner && facts.typeKinds.classes.get(owner.name);
  const declared = owner && facts.context.bindings.get(owner)?.path.node;
  if (owner === undefined || definition === undefined || declared !== definition) return undefined;
  const field = definition.body.body.find(
    (m): m is types.ClassProperty =>
      m.type === "ClassProperty" && m.static && staticKey(m as never) === name,
  );
  return (
    field &&
    (facts.typeKinds.of(field.typeAnnotation) ??
      (field.value ? kindOfMade(facts, field.value) : undefined))
  );
}

function kindOfMade(facts: Facts, init: Node): Kind | undefined {
  const made = unwrap(init);
  return made.type === "NewExpression" || made.type === "ObjectExpression"
    ? facts.kindOf(made)
    : undefined;
}
