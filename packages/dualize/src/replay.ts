import type { Twin } from "./twins.ts";

/** Whether functions can be run a second time, where functions of other modules have a say in it. */

/** Whether there is tangent code in the program that calls functions which are chosen as it runs. */
export const choices = { areMade: false };

export const holds = (answer: Twin["replayable"]): boolean =>
  typeof answer === "object" ? answer.every((link) => link.isReplayable) : answer === true;

/** Whether the classes of other files whose code is in the forms are those that the plugin has read. */
export const stands = ({ standsOn }: Twin): boolean =>
  standsOn === undefined || standsOn.every((of) => of.isSame);

/** Whether running a function again has no effect but its result. */
export const canReplay = (twin: Twin): boolean => holds(twin.replayable) && stands(twin);

/** Whether all that the tangent form calls elsewhere is called soundly by it. */
export const isSound = (twin: Twin): boolean => {
  if (!stands(twin)) return false;
  const links = twin.replayable ?? twin.contained ?? twin.reaches;
  return typeof links !== "object" || links.every((link) => link.isSound);
};
