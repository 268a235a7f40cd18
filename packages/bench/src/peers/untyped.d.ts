// The parts that the benchmark uses of peers that come without types.

declare module "ad.js" {
  /** A number, or one that carries a derivative. */
  type Num = number | Tape;

  interface Tape {
    readonly primal: number;
    readonly sensitivity: number;
  }

  type Unary = (x: Num) => Num;
  type Binary = (x: Num, y: Num) => Num;
  type Compare = (x: Num, y: Num) => boolean;

  interface Ad {
    add: Binary;
    sub: Binary;
    mul: Binary;
    div: Binary;
    gt: Compare;
    lt: Compare;
    geq: Compare;
    leq: Compare;
    maths: Record<"sqrt" | "exp" | "log" | "sin" | "cos" | "abs", Unary> & { pow: Binary };
    tapify(x: number): Tape;
    yGradientR(y: Num): void;
  }

  export default function ad(options: { mode?: "r"; noHigher?: boolean }): Ad;
}

declare module "ganja.js" {
  interface Multivector extends Float64Array {
    s: number;
    Add(other: Multivector): Multivector;
    Sub(other: Multivector): Multivector;
    Mul(other: Multivector): Multivector;
    Div(other: Multivector): Multivector;
    Scale(factor: number): Multivector;
    Exp(): Multivector;
  }

  interface Algebra {
    new (coefficients: ArrayLike<number>): Multivector;
  }

  export default function makeAlgebra(options: {
    dual: number;
    baseType: Float64ArrayConstructor;
  }): Algebra;
}

declare module "adnn/ad/index.js" {
  /** A number on the graph. */
  interface Node {
    backprop(): void;
  }

  type Num = number | Node;
  type Unary = (x: Num) => Num;
  type Binary = (x: Num, y: Num) => Num;

  const ad: {
    scalar: Record<"add" | "sub" | "mul" | "div" | "pow", Binary> &
      Record<"sqrt" | "exp" | "log" | "sin" | "cos" | "abs" | "tanh", Unary>;
    lift(x: number): Node;
    value(x: Num): number;
    derivative(x: Node): number;
  };
  export default ad;
  export type { Node };
}
