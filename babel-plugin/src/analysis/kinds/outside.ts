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

/**
 * The kind of a constant whose fields a literal begins with. Behind other fields it would have to be known which of them
 * it has, to take their place.
 */
export function kindOfBeginning(
  facts: Facts,
  { properties }: types.ObjectExpression,
  spread: types.SpreadElement,
): Kind | undefined {
  const before = properties.slice(0, properties.indexOf(spread) + 1);
  const all = before.map((p) =>
    p.type === "SpreadElement" ? kindOfOutside(facts, p.argument) : undefined,
  );
  return all.includes(undefined) ? undefined : all.at(-1);
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
  return kindOfMade(facts, node.init, (node.id as types.Identifier).typeAnnotation);
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
  return field && kindOfMade(facts, field.value, field.typeAnnotation);
}

/** What is made where it is declared, so that it is there, whatever its type says. */
function kindOfMade(
  facts: Facts,
  init: Node | null | undefined,
  type: Node | null | undefined,
): Kind | undefined {
  const made = init ? unwrap(init) : undefined;
  return made?.type === "NewExpression" || made?.type === "ObjectExpression"
    ? (facts.typeKinds.of(type) ?? facts.kindOf(made))
    : undefined;
}
