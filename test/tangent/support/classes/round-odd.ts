"use dual";
import { Even } from "./round-even.ts";

export class Odd {
  constructor(public n: number) {}
  next(): Even {
    return new Even(this.n + Math.sin(this.n));
  }
}
