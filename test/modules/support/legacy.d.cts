export function fall(t: number): number;
export function blend(a: number, b: number, t: number): number;
export const table: { half(x: number): number };
export class Pendulum {
  constructor(length: number);
  period(): number;
}
