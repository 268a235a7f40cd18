export class Meter {
  total: number;
  #scale = 2;

  constructor(x: number) {
    this.total = x * x;
  }

  get half(): number {
    return this.total / this.#scale;
  }

  read(k: number): number {
    "use dual";
    return this.half * k ** 2;
  }
}
