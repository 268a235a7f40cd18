import { Dual, type Num } from "./dual-number.ts";

const described = (x: Num): string =>
  x instanceof Dual ? `Dual(${described(x.primal)}, ${described(x.tangent)})` : String(x);

// For debuggers and `console.log` of unmarked code. Not in the class: a bundle of `jvp` alone makes no duals that anyone sees.
Object.defineProperty(Dual.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  configurable: true,
  value(this: Dual) {
    return described(this);
  },
});
