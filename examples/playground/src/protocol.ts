/** What the page and its worker say to each other. */

/** A place in the source that something is to be said of; lines and columns from 1. */
export interface Remark {
  readonly severity: "error" | "note";
  readonly code: string | undefined;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** Where it ends; of what the parser says, and of errors while it runs, only the beginning is known. */
  readonly endLine?: number | undefined;
  readonly endColumn?: number | undefined;
}

/** The forms of derivative code, in the order of their tabs; the last is the whole file. */
export const forms = ["tangent", "adjoint", "second", "dual", "all"] as const;

export type Form = (typeof forms)[number];

/** A function that can be drawn: of one number or of two. */
export interface Drawable {
  readonly name: string;
  readonly dimension: 1 | 2;
}

export interface Compiled {
  readonly remarks: readonly Remark[];
  /** The emitted code; undefined where there is an error. */
  readonly code: Readonly<Record<Form, string>> | undefined;
  readonly functions: readonly Drawable[];
}

export type Range = readonly [from: number, to: number];

/** f, f′ and f″ at places in a range. */
export interface Curve {
  readonly x: Float64Array;
  readonly orders: readonly [Float64Array, Float64Array, Float64Array];
}

/** Values of a function of two numbers on a grid, row by row from below, and gradients on a coarser one. */
export interface Field {
  readonly size: number;
  readonly values: Float64Array;
  readonly arrows: readonly {
    readonly at: readonly number[];
    readonly gradient: readonly number[];
  }[];
}

/** All there is to know at a point; one row and column for a function of one number. */
export interface At {
  readonly value: number;
  readonly gradient: readonly number[];
  readonly hessian: readonly (readonly number[])[];
  /** The way of steepest descent from there; of functions of two numbers. */
  readonly descent: readonly (readonly number[])[];
}

/** Nanoseconds that a call takes. */
export interface Times {
  readonly f: number;
  readonly jvp: number;
  readonly grad: number;
}

export interface Requests {
  compile: { ask: { source: string }; answer: Compiled };
  curve: { ask: { name: string; range: Range }; answer: Curve };
  field: { ask: { name: string; x: Range; y: Range }; answer: Field };
  at: { ask: { name: string; point: readonly number[]; x: Range; y: Range }; answer: At };
  time: { ask: { name: string; point: readonly number[] }; answer: Times };
}

export type Kind = keyof Requests;

export type Request = {
  [K in Kind]: { readonly id: number; readonly kind: K } & Readonly<Requests[K]["ask"]>;
}[Kind];

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };
