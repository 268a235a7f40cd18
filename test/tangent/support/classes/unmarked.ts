/** Not marked. */
export class Plain {
  constructor(public x: number) {}
  twice(): number {
    return this.x * 2;
  }
}
