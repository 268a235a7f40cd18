/**
 * Where a hand-written function of a number leaves its tangent; the value is what it returns. Of
 * the ways JavaScript has to return two numbers this is the fastest, and it allocates nothing.
 */
export const slot = new Float64Array(1);

/** The same for a function that returns a list. */
export const shadow: { tangent: number[] } = { tangent: [] };
