/** The word that another was probably meant to be: within two slips of it. */
export const closest = (word: string, words: readonly string[]): string | undefined =>
  [1, 2].flatMap((slips) => words.filter((meant) => isWithin(slips, word, meant)))[0];

/** Whether letters left out, put in or changed, so many at most, make one word of another. */
function isWithin(slips: number, a: string, b: string): boolean {
  if (a === b) return true;
  if (a !== "" && a[0] === b[0]) return isWithin(slips, a.slice(1), b.slice(1));
  if (slips === 0) return false;
  const [restOfA, restOfB] = [a.slice(1), b.slice(1)];
  return (
    isWithin(slips - 1, restOfA, restOfB) ||
    isWithin(slips - 1, restOfA, b) ||
    isWithin(slips - 1, a, restOfB)
  );
}
