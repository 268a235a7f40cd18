/** A spring that comes to rest. */
export function oscillation(t: number): number {
  "use dual";
  return Math.exp(-t / 4) * Math.cos(3 * t);
}
