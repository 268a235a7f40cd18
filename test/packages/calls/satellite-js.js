// The package's main file starts threads.
import { gstime } from "../node_modules/satellite.js/dist/propagation/gstime.js";
import {
  degreesToRadians,
  eciToEcf,
  geodeticToEcf,
} from "../node_modules/satellite.js/dist/transforms.js";

export const calls = {
  gstime: [gstime, [2459000.5]],
  degreesToRadians: [degreesToRadians, [33]],
  eciToEcf: [eciToEcf, [{ x: 1, y: 2, z: 3 }, 0.3]],
  geodeticToEcf: [geodeticToEcf, [{ longitude: 0.1, latitude: 0.5, height: 1 }]],
};
