import { HelioDistance, HelioVector, Refraction, SiderealTime } from "astronomy-engine";

export const calls = {
  SiderealTime: [SiderealTime, [9000.25]],
  HelioDistance: [
    (t) => {
      "use dual";
      return HelioDistance("Mars", t);
    },
    [9000.25],
  ],
  HelioVector: [
    (t) => {
      "use dual";
      return HelioVector("Jupiter", t).x;
    },
    [9000.25],
  ],
  Refraction: [
    (h) => {
      "use dual";
      return Refraction("normal", h);
    },
    [12.5],
  ],
};
