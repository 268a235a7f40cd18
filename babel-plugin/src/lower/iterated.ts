import type { types } from "@babel/core";
import type { Atom } from "./form.ts";
import { atomCode, type Lowering } from "./lowering.ts";

/** Whether a value is a list whose iterator gives its elements by their places: a class that extends `Array` may have another. */
export function givesItsPlaces(cx: Lowering, v: Atom): types.Expression {
  const { t } = cx.context;
  const member = (of: types.Expression, key: string) => t.memberExpression(of, t.identifier(key));
  const array = () => cx.context.global("Array");
  const iterator = (of: types.Expression) =>
    t.memberExpression(of, member(cx.context.global("Symbol"), "iterator"), true);
  return t.logicalExpression(
    "&&",
    t.callExpression(member(array(), "isArray"), [atomCode(cx, v)]),
    t.binaryExpression("===", iterator(atomCode(cx, v)), iterator(member(array(), "prototype"))),
  );
}
