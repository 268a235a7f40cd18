"use dual";
import { Odd } from "./round-odd.ts";

export class Even {
  constructor(public n: number) {}
  next(): Odd {
    return new Odd(this.n * this.n);
  }
}
