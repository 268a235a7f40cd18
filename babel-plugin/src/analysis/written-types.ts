import type { types } from "@babel/core";
import { isFunction, staticKey } from "../ast.ts";
import { INERT, type Kind, NUM, unknown } from "./kind.ts";
import { isWord } from "./syntax.ts";

type Node = types.Node;

/**
 * What `typeof name` says of a variable that begins as written: `{ rate: 0.1, mode: "fast" }`. `of` reads types that
 * are asserted there.
 */
export function kindAsWritten(value: Node | null | undefined, of: (type: Node) => Kind): Kind {
  switch (value?.type) {
    case "NumericLiteral":
      return NUM;
    case "UnaryExpression":
      return value.operator === "-" || value.operator === "+" ? NUM : NOT_TOLD;
    case "TSSatisfiesExpression":
      return kindAsWritten(value.expression, of);
    case "TSAsExpression": {
      const { typeAnnotation: type } = value;
      const isConst =
        type.type === "TSTypeReference" &&
        type.typeName.type === "Identifier" &&
        type.typeName.name === "const";
      return isConst ? kindAsWritten(value.expression, of) : of(type);
    }
    case "ArrayExpression": {
      const { elements } = value;
      const areNumbers = elements.every((e) => e && kindAsWritten(e, of).k === "num");
      return areNumbers && elements.length > 0 ? NUMBERS_OF_LIST : NOT_TOLD;
    }
    case "ObjectExpression": {
      const fields = new Map<string, Kind>();
      for (const p of value.properties) {
        const key = p.type === "SpreadElement" ? undefined : staticKey(p as never);
        if (p.type !== "ObjectProperty" || key === undefined) return NOT_TOLD;
        fields.set(key, isFunction(p.value) ? NOT_TOLD : kindAsWritten(p.value, of));
      }
      return { k: "object", fields };
    }
    default:
      return value && isWord(value) ? INERT : NOT_TOLD;
  }
}

const NUMBERS_OF_LIST: Kind = { k: "array", of: NUM };
const NOT_TOLD = unknown("`typeof` something whose type is not written out");
