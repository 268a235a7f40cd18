/** Where in the user's source something happened: `file:line:column`, recorded when the plugin ran. */
export type Site = string;

/**
 * Every error that dualize throws while a program runs. `code` is stable and has an entry in
 * docs/errors.md; `site` is the place in the user's source, where the plugin recorded one.
 */
export class DualizeError extends Error {
  override readonly name = "DualizeError";
  /** Set by stacks.ts. */
  static trim?: (error: DualizeError) => void;
  constructor(
    readonly code: string,
    message: string,
    readonly site?: Site,
  ) {
    super(`${code}: ${message}${site ? `\n  at ${site}` : ""}`);
    DualizeError.trim?.(this);
  }
}

/** Whether a derivative went wrong, and not an ordinary call, which throws where transforms are asked for the wrong thing. */
export const isOfDerivative = (error: unknown): boolean =>
  error instanceof DualizeError && !/10[2379]$/.test(error.code);

/** What a `catch` of marked code lets by: what went wrong with a derivative is nothing that the code knows of. */
export function passOn(error: unknown): void {
  if (isOfDerivative(error)) throw error;
}

const nameOf = (f: unknown): string =>
  typeof f === "function" && f.name ? `'${f.name}'` : "this function";

export const unmarkedCallee = (f: unknown, site?: Site): DualizeError =>
  new DualizeError(
    "DUAL101",
    `${nameOf(f)} has no "use dual" mark and was called with an active value, so its derivative would be lost. ` +
      `Put "use dual" at the top of it, give it a rule with customJvp(), or pass stopGradient(value) if its derivative is meant to be zero.`,
    site,
  );

export const noTwin = (f: unknown): DualizeError =>
  new DualizeError(
    "DUAL102",
    `${nameOf(f)} has no twin in this copy of dualize. ${
      /^'bound /.test(nameOf(f))
        ? `Write (x) => f(x) instead.`
        : `Mark it "use dual" and run babel-plugin-dualize on its file, or use dualForm.`
    }`,
  );

export const shapeMismatch = (path: string, found: string, expected: string): DualizeError =>
  new DualizeError(
    "DUAL103",
    `the tangent at ${path} is ${found}, but the primal there is ${expected}. ` +
      `A tangent has the shape of its primal; null is zero.`,
  );

export const cotangentMismatch = (path: string, found: string, expected: string): DualizeError =>
  new DualizeError(
    "DUAL103",
    `the cotangent of ${path} is ${found}, but the value there is ${expected}. ` +
      `A cotangent has the shape of its value; null is zero.`,
  );

export const leakedDual = (where: string): DualizeError =>
  new DualizeError(
    "DUAL104",
    `${where} holds an active value of a derivative that has ended. ` +
      `Return it, or keep primalOf(value).`,
  );

export const unmarkedArithmetic = (): DualizeError =>
  new DualizeError(
    "DUAL105",
    `an active value reached an operator in unmarked code. ` +
      `Mark it, call add, mul and so on, or hand it primalOf(value).`,
  );

export const plainTypedArray = (site?: Site): DualizeError =>
  new DualizeError(
    "DUAL106",
    `an active value was written to a typed array that was made in unmarked code; such an array can only hold plain numbers. ` +
      `Make the array inside the marked function, or pass it to the marked function as an argument.`,
    site,
  );

export const notScalar = (call: string, what: string, found: string, mend: string): DualizeError =>
  new DualizeError("DUAL107", `${call} needs ${what}, but found ${found}. ${mend}`);

export const unsupportedValue = (what: string, mend: string, site?: Site): DualizeError =>
  new DualizeError("DUAL108", `${what}. ${mend}`, site);

export const badArgument = (call: string, expected: string, found: string): DualizeError =>
  new DualizeError("DUAL109", `${call} expects ${expected}, but found ${found}.`);
