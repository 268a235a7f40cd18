import type { Replayable, Twin } from "./twins.ts";

/** Whether functions can be run a second time, where functions of other modules have a say in it. */

/** Whether there is tangent code in the program that calls functions which are chosen as it runs. */
export const choices = { areMade: false };

export const holds = (answer: Twin["replayable"]): boolean =>
  typeof answer === "object" ? answer.every((link) => link.isReplayable) : answer === true;

/** Whether the classes of other files whose code is in the forms are those that the plugin has read. */
export const stands = ({ standsOn }: Twin): boolean =>
  standsOn === undefined || standsOn.every((of) => of.isSame);

/** Whether running a function again has no effect but its result, as far as its code alone tells. */
export const canReplay = (twin: Twin): boolean => holds(twin.replayable) && stands(twin);

/** The same, also where functions of other modules are given what they might write into: whether they do. */
export const changesNothing = (twin: Twin): boolean =>
  canReplay(twin) || (twin.quiet === true && stands(twin) && linksOf(twin).every((l) => l.isQuiet));

/** Whether all that the tangent form calls elsewhere is called soundly by it. */
export const isSound = (twin: Twin): boolean =>
  stands(twin) && linksOf(twin).every((link) => link.isSound);

/** The functions of other modules that have a say. */
function linksOf(twin: Twin): readonly Replayable[] {
  const links = twin.replayable ?? twin.contained ?? twin.reaches;
  return typeof links === "object" ? links : [];
}
