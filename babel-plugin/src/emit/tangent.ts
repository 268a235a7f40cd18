import { Functions } from "./tangent/functions.ts";

export { Fallback, type TangentModule } from "./tangent/value.ts";

/**
 * Writes the tangent form of a function: the program as it stands, with the tangent of every active
 * number in a variable of its own, and a shadow beside every active array, object and function.
 * Throws `Fallback` where that can't be proven right.
 */
export class TangentEmitter extends Functions {}
