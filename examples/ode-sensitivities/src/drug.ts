/** A drug that is swallowed, goes into the blood, and is removed from it. */

export interface Drug {
  /** What was swallowed, in mg. */
  dose: number;
  /** Share of what is in the gut that goes into the blood, per hour. */
  absorption: number;
  /** Share of what is in the blood that is removed, per hour. */
  elimination: number;
  /** Volume that the blood's share is spread over, in litres. */
  volume: number;
}

export const PARAMETERS = ["dose", "absorption", "elimination", "volume"] as const;
export type Parameter = (typeof PARAMETERS)[number];

/** What is in gut and blood when it begins, in mg. */
export function start({ dose }: Drug): number[] {
  "use dual";
  return [dose, 0];
}

/** How fast the amounts in gut and blood change, in mg per hour. */
export function flow([gut, blood]: number[], { absorption, elimination }: Drug): number[] {
  "use dual";
  const absorbed = absorption * gut;
  return [-absorbed, absorbed - elimination * blood];
}
