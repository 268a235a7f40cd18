import { dual } from "dualize";
import type { Packages } from "./load.ts";

/** A function of numbers that computes with a package. */
export interface Case {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a package gives is of no type
  readonly f: (...xs: any[]) => any;
  readonly at: readonly number[];
}

const marked = (name: string, f: Case["f"], ...at: number[]): Case => ({ name, f, at });

/** What is tried of each package. All functions give a number. */
export const casesOf = (p: Packages): Readonly<Record<string, readonly Case[]>> => ({
  "@thi.ng/vectors": [
    marked(
      "dot, mag",
      dual((x, y) => p.vectors.dot([x, y, 1], [y, x, 2]) * p.vectors.mag([x, y])),
      1.2,
      0.7,
    ),
    marked(
      "add, mulN",
      dual((x, y) => p.vectors.mulN([], p.vectors.add([], [x, y], [y, 2]), x)[0]),
      1.2,
      0.7,
    ),
    marked(
      "normalize",
      dual((x, y) => p.vectors.normalize([], [x, y])[1]),
      1.2,
      0.7,
    ),
    marked(
      "cross3",
      dual((x, y) => p.vectors.cross3([], [x, y, 1], [y, 1, x])[2]),
      1.2,
      0.7,
    ),
    marked(
      "dist",
      dual((x, y) => p.vectors.dist([x, y], [1, 2])),
      1.2,
      0.7,
    ),
    marked(
      "rotate",
      dual((x, t) => p.vectors.rotate([], [x, 1], t)[0]),
      1.2,
      0.7,
    ),
  ],
  "astronomy-engine": [
    marked(
      "SiderealTime",
      dual((t) => p.astronomy.SiderealTime(t)),
      9000.25,
    ),
    marked(
      "HelioDistance",
      dual((t) => p.astronomy.HelioDistance("Mars", t)),
      9000.25,
    ),
    marked(
      "HelioVector",
      dual((t) => p.astronomy.HelioVector("Jupiter", t).x),
      9000.25,
    ),
    marked(
      "Refraction",
      dual((a) => p.astronomy.Refraction("normal", a)),
      12.5,
    ),
    marked(
      "AngleBetween",
      dual((x, y) => p.astronomy.AngleBetween({ x, y, z: 1 }, { x: 1, y: x, z: y })),
      1.2,
      0.7,
    ),
  ],
  "bezier-js": [
    marked(
      "get",
      dual((x, t) => new p.bezier.Bezier(0, 0, x, 1, 2, 3, 4, x).get(t).y),
      1.2,
      0.3,
    ),
    marked(
      "length",
      dual((x) => new p.bezier.Bezier(0, 0, x, 1, 2, 3, 4, x).length()),
      1.2,
    ),
    marked(
      "derivative",
      dual((x, t) => new p.bezier.Bezier(0, 0, x, 1, 2, 3).derivative(t).x),
      1.2,
      0.3,
    ),
    marked(
      "normal",
      dual((x, t) => new p.bezier.Bezier(0, 0, x, 1, 2, 3).normal(t).x),
      1.2,
      0.3,
    ),
    marked(
      "curvature",
      dual((x, t) => new p.bezier.Bezier(0, 0, x, 1, 2, 3, 4, 0).curvature(t).k),
      1.2,
      0.3,
    ),
  ],
  "cannon-es": [
    marked(
      "Vec3",
      dual((x, y) => new p.cannon.Vec3(x, y, 1).cross(new p.cannon.Vec3(y, 2, x)).length()),
      1.2,
      0.7,
    ),
    marked(
      "Quaternion.vmult",
      dual((x, a) => {
        const q = new p.cannon.Quaternion();
        q.setFromAxisAngle(new p.cannon.Vec3(0, 0, 1), a);
        return q.vmult(new p.cannon.Vec3(x, 1, 2)).x;
      }),
      1.2,
      0.7,
    ),
    marked(
      "Mat3.solve",
      dual(
        (x, y) =>
          new p.cannon.Mat3([x, 1, 0, 1, y, 2, 0, 1, 3]).solve(new p.cannon.Vec3(1, x, y)).y,
      ),
      1.2,
      3.7,
    ),
    marked(
      "Vec3.lerp",
      dual((x, t) => {
        const v = new p.cannon.Vec3();
        new p.cannon.Vec3(x, 1, 2).lerp(new p.cannon.Vec3(3, x, 1), t, v);
        return v.x * v.y;
      }),
      1.2,
      0.3,
    ),
  ],
  "cubic-spline": [
    marked(
      "at",
      dual((x) => new p.Spline.default([0, 1, 2, 3], [1, 3, 0, 2]).at(x)),
      1.3,
    ),
    marked(
      "at, by the values",
      dual((y) => new p.Spline.default([0, 1, 2, 3], [1, y, 0, 2]).at(1.3)),
      2.2,
    ),
  ],
  "d3-ease": [
    ...[
      "easeCubicInOut",
      "easeSinIn",
      "easeExpOut",
      "easeBounceOut",
      "easeElasticOut",
      "easeBackInOut",
      "easeCircleIn",
      "easeQuad",
    ].map((name) =>
      marked(
        name,
        dual((t) => p.ease[name](t)),
        0.37,
      ),
    ),
    marked(
      "easePolyIn.exponent",
      dual((t) => p.ease.easePolyIn.exponent(2.5)(t)),
      0.37,
    ),
  ],
  "d3-geo": [
    marked(
      "geoDistance",
      dual((x, y) => p.geo.geoDistance([x, y], [30, 10])),
      12,
      47,
    ),
    marked(
      "geoLength",
      dual((x, y) =>
        p.geo.geoLength({
          type: "LineString",
          coordinates: [
            [0, 0],
            [x, y],
            [30, 20],
          ],
        }),
      ),
      10,
      12,
    ),
    marked(
      "geoArea",
      dual((x, y) =>
        p.geo.geoArea({
          type: "Polygon",
          coordinates: [
            [
              [0, 0],
              [0, y],
              [x, y],
              [x, 0],
              [0, 0],
            ],
          ],
        }),
      ),
      10,
      12,
    ),
    marked(
      "geoInterpolate",
      dual((x, t) => p.geo.geoInterpolate([x, 10], [30, 20])(t)[0]),
      12,
      0.3,
    ),
    ...[
      "geoMercatorRaw",
      "geoOrthographicRaw",
      "geoStereographicRaw",
      "geoEquirectangularRaw",
      "geoAzimuthalEqualAreaRaw",
      "geoNaturalEarth1Raw",
      "geoEqualEarthRaw",
      "geoGnomonicRaw",
    ].map((name) =>
      marked(
        name,
        dual((x, y) => p.geo[name](x, y)[1]),
        0.3,
        0.7,
      ),
    ),
    marked(
      "geoMercator",
      dual((x, y) => p.geo.geoMercator()([x, y])[1]),
      12,
      47,
    ),
    marked(
      "geoRotation",
      dual((x, y) => p.geo.geoRotation([10, 20])([x, y])[0]),
      12,
      47,
    ),
  ],
  "d3-interpolate": [
    marked(
      "interpolateNumber",
      dual((a, t) => p.interpolate.interpolateNumber(a, 3)(t)),
      1.2,
      0.3,
    ),
    marked(
      "interpolateNumberArray",
      dual((a, t) => p.interpolate.interpolateNumberArray([a, 1], [3, a])(t)[0]),
      1.2,
      0.3,
    ),
    marked(
      "interpolateArray",
      dual((a, t) => p.interpolate.interpolateArray([a, 1], [3, a])(t)[1]),
      1.2,
      0.3,
    ),
    marked(
      "interpolateBasis",
      dual((t) => p.interpolate.interpolateBasis([1, 3, 2, 5])(t)),
      0.3,
    ),
    marked(
      "interpolateZoom",
      dual((x, t) => p.interpolate.interpolateZoom([x, 1, 2], [3, 2, 1])(t)[2]),
      1.2,
      0.3,
    ),
  ],
  "fft.js": [
    marked(
      "transform",
      dual((x) => {
        const f = new p.FFT.default(4);
        const out = f.createComplexArray();
        f.transform(out, f.toComplexArray([x, 1, x * x, 2], null));
        return out[2] * out[3];
      }),
      1.2,
    ),
  ],
  fmin: [
    marked(
      "nelderMead",
      dual((a) => p.fmin.nelderMead((v: number[]) => (v[0]! - a) ** 2 + a, [1]).fx),
      1.2,
    ),
  ],
  "gl-matrix": [
    marked(
      "vec3.dot, cross, length",
      dual((x, y) => {
        const { vec3 } = p.glMatrix;
        const c = vec3.cross([0, 0, 0], [x, y, 1], [y, 2, x]);
        return vec3.dot(c, [x, 1, 2]) * vec3.length(c);
      }),
      1.2,
      0.7,
    ),
    marked(
      "vec3.normalize, lerp",
      dual((x, t) => {
        const { vec3 } = p.glMatrix;
        return vec3.normalize([0, 0, 0], vec3.lerp([0, 0, 0], [x, 1, 2], [3, x, 1], t))[0];
      }),
      1.2,
      0.3,
    ),
    marked(
      "mat4.perspective, invert",
      dual((x) => {
        const { mat4 } = p.glMatrix;
        const m = mat4.perspective(mat4.create(), x, 1.5, 0.1, 10);
        return mat4.invert(mat4.create(), m)[5];
      }),
      1.2,
    ),
    marked(
      "mat4.rotateX, multiply",
      dual((x, y) => {
        const { mat4 } = p.glMatrix;
        const m = mat4.rotateX(mat4.create(), mat4.create(), x);
        return mat4.multiply(mat4.create(), m, mat4.fromZRotation(mat4.create(), y))[6];
      }),
      1.2,
      0.7,
    ),
    marked(
      "mat3.determinant",
      dual((x, y) => p.glMatrix.mat3.determinant([x, 1, 2, y, x, 3, 1, y, 4])),
      1.2,
      0.7,
    ),
    marked(
      "quat.slerp",
      dual((x, t) => {
        const { quat } = p.glMatrix;
        const q = quat.setAxisAngle([0, 0, 0, 1], [0, 0, 1], x);
        return quat.slerp([0, 0, 0, 1], q, [0, 0.6, 0, 0.8], t)[2];
      }),
      1.2,
      0.3,
    ),
    marked(
      "vec2.rotate",
      dual((x, a) => p.glMatrix.vec2.rotate([0, 0], [x, 1], [0.5, 0.2], a)[0]),
      1.2,
      0.7,
    ),
  ],
  jstat: [
    marked(
      "normal.pdf",
      dual((x, s) => p.jstat.jStat.normal.pdf(x, 0, s)),
      0.7,
      1.2,
    ),
    marked(
      "normal.cdf",
      dual((x) => p.jstat.jStat.normal.cdf(x, 0, 1)),
      0.7,
    ),
    marked(
      "gammaln",
      dual((x) => p.jstat.jStat.gammaln(x)),
      3.3,
    ),
    marked(
      "beta.pdf",
      dual((x, a) => p.jstat.jStat.beta.pdf(x, a, 2)),
      0.3,
      2.5,
    ),
    marked(
      "normal(…).pdf",
      dual((x) => p.jstat.jStat.normal(1, 2).pdf(x)),
      0.7,
    ),
    marked(
      "weibull.cdf",
      dual((x, k) => p.jstat.jStat.weibull.cdf(x, 2, k)),
      0.7,
      1.5,
    ),
    marked(
      "mean, variance",
      dual((x, y) => p.jstat.jStat.mean([x, y, 3]) * p.jstat.jStat.variance([x, y, 3])),
      1.2,
      0.7,
    ),
  ],
  "ml-levenberg-marquardt": [
    marked(
      "levenbergMarquardt",
      dual(
        (y) =>
          p.lm.levenbergMarquardt(
            { x: [0, 1, 2, 3], y: [1, y, 5, 7] },
            ([a, b]: number[]) =>
              (t: number) =>
                a! + b! * t,
            { initialValues: [1, 1], damping: 1e-3, maxIterations: 30 },
          ).parameterValues[1],
      ),
      3.2,
    ),
  ],
  "ml-matrix": [
    marked(
      "Matrix.mmul, trace",
      dual((x, y) =>
        new p.matrix.Matrix([
          [x, 1],
          [y, 2],
        ])
          .mmul(
            new p.matrix.Matrix([
              [1, x],
              [y, 3],
            ]),
          )
          .trace(),
      ),
      1.2,
      0.7,
    ),
    marked(
      "determinant",
      dual((x, y) =>
        p.matrix.determinant(
          new p.matrix.Matrix([
            [x, 1, 0],
            [y, 2, x],
            [1, 0, y],
          ]),
        ),
      ),
      1.2,
      0.7,
    ),
    marked(
      "solve",
      dual((x, y) =>
        p.matrix
          .solve(
            new p.matrix.Matrix([
              [x, 1],
              [y, 2],
            ]),
            new p.matrix.Matrix([[1], [x]]),
          )
          .get(0, 0),
      ),
      3.2,
      0.7,
    ),
    marked(
      "inverse",
      dual((x, y) =>
        p.matrix
          .inverse(
            new p.matrix.Matrix([
              [x, 1],
              [y, 2],
            ]),
          )
          .get(0, 1),
      ),
      3.2,
      0.7,
    ),
    marked(
      "CholeskyDecomposition",
      dual((x, y) =>
        new p.matrix.CholeskyDecomposition(
          new p.matrix.Matrix([
            [x, y],
            [y, 2],
          ]),
        ).lowerTriangularMatrix.get(1, 1),
      ),
      3.2,
      0.7,
    ),
    marked(
      "LuDecomposition",
      dual(
        (x, y) =>
          new p.matrix.LuDecomposition(
            new p.matrix.Matrix([
              [x, 1],
              [y, 2],
            ]),
          ).determinant,
      ),
      3.2,
      0.7,
    ),
    marked(
      "QrDecomposition",
      dual((x, y) =>
        new p.matrix.QrDecomposition(
          new p.matrix.Matrix([
            [x, 1],
            [y, 2],
          ]),
        ).upperTriangularMatrix.get(0, 0),
      ),
      3.2,
      0.7,
    ),
    marked(
      "SingularValueDecomposition",
      dual(
        (x, y) =>
          new p.matrix.SingularValueDecomposition(
            new p.matrix.Matrix([
              [x, 1],
              [y, 2],
            ]),
          ).norm2,
      ),
      3.2,
      0.7,
    ),
    marked(
      "EigenvalueDecomposition",
      dual(
        (x, y) =>
          new p.matrix.EigenvalueDecomposition(
            new p.matrix.Matrix([
              [x, y],
              [y, 2],
            ]),
          ).realEigenvalues[0],
      ),
      3.2,
      0.7,
    ),
  ],
  numeric: [
    marked(
      "dot",
      dual((x, y) => p.numeric.default.dot([x, y, 1], [y, 2, x])),
      1.2,
      0.7,
    ),
    marked(
      "det",
      dual((x, y) =>
        p.numeric.default.det([
          [x, 1],
          [y, 2],
        ]),
      ),
      1.2,
      0.7,
    ),
    marked(
      "solve",
      dual(
        (x, y) =>
          p.numeric.default.solve(
            [
              [x, 1],
              [y, 2],
            ],
            [1, x],
          )[0],
      ),
      3.2,
      0.7,
    ),
    marked(
      "norm2",
      dual((x, y) => p.numeric.default.norm2([x, y])),
      1.2,
      0.7,
    ),
    marked(
      "spline",
      dual((x) => p.numeric.default.spline([0, 1, 2, 3], [1, 3, 0, 2]).at(x)),
      1.3,
    ),
  ],
  odex: [
    marked(
      "Solver.solve",
      dual((k) => {
        const solver = new p.odex.Solver(1);
        return solver.solve((_t: number, y: number[]) => [-k * y[0]!], 0, [1], 1).y[0];
      }),
      1.2,
    ),
  ],
  regression: [
    marked(
      "linear",
      dual(
        (y) =>
          p.regression.default.linear(
            [
              [0, 1],
              [1, y],
              [2, 4],
            ],
            { precision: 12 },
          ).equation[0],
      ),
      2.2,
    ),
  ],
  "satellite.js": [
    marked(
      "gstime",
      dual((j) => p.gstime.gstime(j)),
      2459000.25,
    ),
    marked(
      "geodeticToEcf",
      dual((x, y) => p.transforms.geodeticToEcf({ longitude: x, latitude: y, height: 0.3 }).x),
      0.3,
      0.7,
    ),
    marked(
      "eciToGeodetic",
      dual(
        (x, y) => p.transforms.eciToGeodetic({ x: x * 7000, y: y * 7000, z: 1000 }, 0.3).latitude,
      ),
      0.6,
      0.7,
    ),
    marked(
      "ecfToLookAngles",
      dual(
        (x) =>
          p.transforms.ecfToLookAngles(
            { longitude: 0.3, latitude: 0.7, height: 0.1 },
            { x: x * 7000, y: 3000, z: 5000 },
          ).elevation,
      ),
      0.6,
    ),
  ],
  "simple-statistics": [
    ...[
      "mean",
      "variance",
      "standardDeviation",
      "geometricMean",
      "harmonicMean",
      "rootMeanSquare",
      "sampleSkewness",
      "sampleKurtosis",
      "sum",
      "medianAbsoluteDeviation",
      "median",
      "max",
    ].map((name) =>
      marked(
        name,
        dual((x, y) => p.statistics[name]([x, y, 3.3, 5])),
        1.2,
        0.7,
      ),
    ),
    marked(
      "sampleCorrelation",
      dual((x, y) => p.statistics.sampleCorrelation([x, y, 3], [1, 2, x])),
      1.2,
      0.7,
    ),
    marked(
      "linearRegression",
      dual(
        (y) =>
          p.statistics.linearRegression([
            [0, 1],
            [1, y],
            [2, 4],
          ]).m,
      ),
      2.2,
    ),
    marked(
      "errorFunction",
      dual((x) => p.statistics.errorFunction(x)),
      0.7,
    ),
    marked(
      "logit",
      dual((x) => p.statistics.logit(x)),
      0.3,
    ),
    marked(
      "gammaln",
      dual((x) => p.statistics.gammaln(x)),
      3.3,
    ),
  ],
  "simplex-noise": [
    marked(
      "createNoise2D",
      dual((x, y) => p.noise.createNoise2D(() => 0.5)(x, y)),
      0.31,
      0.72,
    ),
    marked(
      "createNoise3D",
      dual((x, y) => p.noise.createNoise3D(() => 0.5)(x, y, 0.2)),
      0.31,
      0.72,
    ),
  ],
  three: [
    marked(
      "Vector3",
      dual(
        (x, y) =>
          new p.vector3.Vector3(x, y, 1).cross(new p.vector3.Vector3(y, 2, x)).normalize().x,
      ),
      1.2,
      0.7,
    ),
    marked(
      "Vector3.applyQuaternion",
      dual(
        (x, a) =>
          new p.vector3.Vector3(x, 1, 2).applyQuaternion(
            new p.quaternion.Quaternion().setFromAxisAngle(new p.vector3.Vector3(0, 0, 1), a),
          ).x,
      ),
      1.2,
      0.7,
    ),
    marked(
      "Matrix4.invert",
      dual(
        (x) =>
          new p.matrix4.Matrix4().set(x, 1, 0, 0, 0, x, 1, 0, 1, 0, 2, 0, 0, 0, 0, 1).invert()
            .elements[0],
      ),
      1.2,
    ),
    marked(
      "Matrix4.makeRotationX, determinant",
      dual((x, y) =>
        new p.matrix4.Matrix4()
          .makeRotationX(x)
          .scale(new p.vector3.Vector3(y, 2, 3))
          .determinant(),
      ),
      1.2,
      0.7,
    ),
    marked(
      "Quaternion.slerp",
      dual(
        (x, t) =>
          new p.quaternion.Quaternion(0, 0, Math.sin(x), Math.cos(x)).slerp(
            new p.quaternion.Quaternion(0, 0.6, 0, 0.8),
            t,
          ).z,
      ),
      0.6,
      0.3,
    ),
    marked(
      "Color.setHSL",
      dual((h, l) => new p.color.Color().setHSL(h, 0.5, l).g),
      0.3,
      0.6,
    ),
    marked(
      "MathUtils",
      dual(
        (x, t) =>
          p.mathUtils.lerp(x, 3, t) *
          p.mathUtils.smootherstep(t, 0, x) *
          p.mathUtils.damp(x, 1, 2, t),
      ),
      1.2,
      0.3,
    ),
  ],
});
