import {
  type Layout,
  needsCompletion,
  type Place,
  parseSignature,
  type Signature,
} from "./signature.ts";
import type { Adjoint } from "./twins.ts";

/** The signature of an adjoint form, read at the first call. */
export function signatureOf(adjoint: Adjoint): Signature {
  adjoint.parsed ??= parseSignature(adjoint.signature);
  return adjoint.parsed;
}

/** How an adjoint form takes its arguments, found out at the first call. */
export function layoutOf(adjoint: Adjoint): Layout {
  adjoint.layout ??= layOut(adjoint);
  return adjoint.layout;
}

function layOut(adjoint: Adjoint): Layout {
  let width = 0;
  const params: Place[] = [];
  for (const [i, { shape, mayBeMissing }] of signatureOf(adjoint).params.entries()) {
    width++;
    const hasAdjoint =
      shape.k !== "n" && shape.k !== "i" && (adjoint.by === undefined || i === adjoint.by);
    params.push({
      shape,
      isNumber: shape.k === "n",
      mayBeMissing,
      beside: hasAdjoint ? width++ : 0,
      needsCompletion: needsCompletion(shape),
    });
  }
  return { width, params };
}
