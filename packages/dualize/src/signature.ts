/**
 * Signatures of tangent forms, as the plugin writes them: `n` number, `i` inert, `[k]` array of k,
 * `(k,l)` tuple, `f8` and `f4` float arrays, `ns` either of `[n]`, `f8` and `f4`, `{x:k}` object, `#Name{…}` instance (`#*{…}` of any class), `<k,l:m>` function, `|k,l|` one of several,
 * `v` a result that nobody looks at; `?` after a parameter that may be missing.
 */
export type Shape =
  | { readonly k: "n" | "i" | "v" | "f8" | "f4" | "ns" }
  | { readonly k: "[]"; readonly of: Shape }
  | { readonly k: "()"; readonly of: readonly Shape[] }
  | { readonly k: "|"; readonly of: readonly Shape[] }
  | {
      readonly k: "{}";
      readonly fields: readonly (readonly [name: string, shape: Shape])[];
      readonly className: string;
      /** The fields where all are numbers: such an object is told at little cost. */
      readonly numbers: readonly string[] | undefined;
      /** Zeros for an object of numbers: to copy them is faster than to make them. */
      zeros?: object;
    }
  | {
      readonly k: "<>";
      readonly text: string;
      readonly params: readonly Shape[];
      readonly returns: Shape;
    };

export interface Parameter {
  readonly shape: Shape;
  readonly mayBeMissing: boolean;
  /** Whether it is a list of numbers, as an array. */
  readonly isArray: boolean;
  /** Whether it is a list of numbers, as a Float64Array. */
  readonly isView: boolean;
}

/** What a function takes and gives. */
export interface Kinds {
  readonly params: readonly Parameter[];
  readonly returns: Shape;
}

export interface Signature extends Kinds {
  /** Whether all parameters are numbers, and the result is one. */
  readonly isScalar: boolean;
  /** Whether all parameters are numbers or lists of them. */
  readonly isFlat: boolean;
  /** Whether a shadow of the result is not yet what the caller gets. */
  readonly needsCompletion: boolean;
}

/** How an adjoint form takes its arguments. */
export interface Layout {
  readonly params: readonly Place[];
  /** How many values the form takes before the cotangent. */
  readonly width: number;
}

export interface Place {
  readonly shape: Shape;
  readonly isNumber: boolean;
  readonly mayBeMissing: boolean;
  /** Where the adjoint stands that the form takes beside the argument; 0 where it takes none. */
  readonly beside: number;
  /** Whether the adjoint is not yet what the caller gets. */
  readonly needsCompletion: boolean;
}

/** Whether a tangent form returns `{ p, t }`: values that travel with a shadow. A number's tangent goes by the slot. */
export const isPaired = (shape: Shape): boolean => !"niv".includes(shape.k);

/** A list of numbers, whatever its make. */
export const isFlatList = (shape: Shape): boolean =>
  shape.k === "f8" ||
  shape.k === "f4" ||
  shape.k === "ns" ||
  (shape.k === "[]" && shape.of.k === "n");

/** Whether a shadow of this shape is not yet what the caller gets. */
export function needsCompletion(shape: Shape): boolean {
  switch (shape.k) {
    case "i":
    case "<>":
    case "f4":
    case "ns":
    case "|":
      return true;
    case "[]":
      return needsCompletion(shape.of);
    case "()":
      return shape.of.some(needsCompletion);
    case "{}":
      return shape.fields.some(([, of]) => needsCompletion(of));
    default:
      return false;
  }
}

const parsed = new Map<string, Signature>();

/** Reads a signature; each text once. */
export function parseSignature(text: string): Signature {
  let signature = parsed.get(text);
  if (signature === undefined) {
    signature = new Reader(text).signature();
    parsed.set(text, signature);
  }
  return signature;
}

class Reader {
  #at = 0;
  constructor(private readonly text: string) {}

  #peek(): string {
    return this.text[this.#at] ?? "";
  }
  #take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.#at)) return false;
    this.#at += expected.length;
    return true;
  }
  #until(stops: string): string {
    const start = this.#at;
    while (this.#peek() !== "" && !stops.includes(this.#peek())) this.#at++;
    return this.text.slice(start, this.#at);
  }

  signature(): Signature {
    const params: Parameter[] = [];
    while (!this.#take(":")) {
      const shape = this.#shape();
      params.push({
        shape,
        mayBeMissing: this.#take("?"),
        isArray: shape.k === "ns" || (shape.k === "[]" && shape.of.k === "n"),
        isView: shape.k === "ns" || shape.k === "f8",
      });
      this.#take(",");
    }
    const returns = this.#shape();
    const isScalar = returns.k === "n" && params.every((p) => p.shape.k === "n" && !p.mayBeMissing);
    const isFlat = params.every(({ shape }) => shape.k === "n" || isFlatList(shape));
    return { params, returns, isScalar, isFlat, needsCompletion: needsCompletion(returns) };
  }

  #list(end: string): Shape[] {
    const shapes: Shape[] = [];
    while (!this.#take(end)) {
      shapes.push(this.#shape());
      this.#take(",");
    }
    return shapes;
  }

  #shape(): Shape {
    const start = this.#at;
    if (this.#take("ns")) return { k: "ns" };
    if (this.#take("f8")) return { k: "f8" };
    if (this.#take("f4")) return { k: "f4" };
    if (this.#take("[")) {
      const of = this.#shape();
      this.#take("]");
      return { k: "[]", of };
    }
    if (this.#take("(")) return { k: "()", of: this.#list(")") };
    if (this.#take("|")) return { k: "|", of: this.#list("|") };
    if (this.#take("<")) {
      const params = this.#list(":");
      const returns = this.#shape();
      this.#take(">");
      return { k: "<>", text: this.text.slice(start, this.#at), params, returns };
    }
    if (this.#take("#") || this.#peek() === "{") {
      const className = this.#until("{");
      this.#take("{");
      const fields: [string, Shape][] = [];
      while (!this.#take("}")) {
        const name = this.#until(":");
        this.#take(":");
        fields.push([name, this.#shape()]);
        this.#take(",");
      }
      const areNumbers = fields.every(([, shape]) => shape.k === "n");
      const numbers = areNumbers ? fields.map(([name]) => name) : undefined;
      return { k: "{}", fields, className, numbers };
    }
    if (this.#take("n")) return { k: "n" };
    if (this.#take("v")) return { k: "v" };
    this.#take("i");
    return { k: "i" };
  }
}
