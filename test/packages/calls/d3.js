import { easeBounceOut, easeCubicInOut, easeElasticOut } from "d3-ease";
import { geoEqualEarthRaw, geoMercatorRaw, geoNaturalEarth1Raw } from "d3-geo";
import { interpolateArray, interpolateNumber } from "d3-interpolate";

export const calls = {
  easeCubicInOut: [easeCubicInOut, [0.3]],
  easeElasticOut: [easeElasticOut, [0.3]],
  easeBounceOut: [easeBounceOut, [0.3]],
  geoMercatorRaw: [geoMercatorRaw, [0.3, 0.4]],
  geoNaturalEarth1Raw: [geoNaturalEarth1Raw, [0.3, 0.4]],
  geoEqualEarthRaw: [geoEqualEarthRaw, [0.3, 0.4]],
  interpolateNumber: [
    (a) => {
      "use dual";
      return interpolateNumber(a, 3)(0.3);
    },
    [1.5],
  ],
  interpolateArray: [
    (a) => {
      "use dual";
      return interpolateArray([a, 1], [3, 4])(0.3)[0];
    },
    [1.5],
  ],
};
