import { Functions } from "./dual/functions.ts";

export { at, type Companions } from "./dual/base.ts";

/**
 * Writes the dual form of a function: the same program with every operator that may see an active
 * value replaced by a call that understands it. Nothing else changes, so evaluation order, control
 * flow and identity are those of the original.
 */
export class DualEmitter extends Functions {}
