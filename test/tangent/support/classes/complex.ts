/** Marked method by method. */
export default class Complex {
  re: number;
  im: number;
  constructor(re: number, im: number) {
    this.re = re;
    this.im = im;
  }
  static polar(r: number, t: number): Complex {
    "use dual";
    return new Complex(r * Math.cos(t), r * Math.sin(t));
  }
  mul(o: Complex): Complex {
    "use dual";
    return new Complex(this.re * o.re - this.im * o.im, this.re * o.im + this.im * o.re);
  }
  abs(): number {
    "use dual";
    return Math.hypot(this.re, this.im);
  }
  conj(): Complex {
    return new Complex(this.re, -this.im);
  }
}
