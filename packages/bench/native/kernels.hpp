// The kernels once more, as C++ templates on the number type, and what measuring them takes. The
// number type and its functions are to be declared before this file is included.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <numeric>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

// std::min and std::max, in JavaScript's order of arguments.
template <class T> inline T least(T a, T b) { return b < a ? b : a; }
template <class T> inline T largest(T a, T b) { return a < b ? b : a; }

using std::cos;
using std::exp;
using std::exp2;
using std::fabs;
using std::log;
using std::sin;
using std::sqrt;
using std::tanh;

typedef std::vector<double> Constants;

// What a kernel gets: the arguments as one list, in the order of the JavaScript ones.
template <class T> struct Input {
  std::vector<T> args;
  Constants constants;
};

// ---------------------------------------------------------------- lotka-volterra
template <class T> T lotkaVolterra(T prey, T predators, T alpha, T beta, T delta, T gamma) {
  const double h = 0.05;
  T x = prey, y = predators;
  for (int step = 0; step < 100; step++) {
    T k1x = alpha * x - beta * x * y;
    T k1y = delta * x * y - gamma * y;
    T x2 = x + (h / 2) * k1x;
    T y2 = y + (h / 2) * k1y;
    T k2x = alpha * x2 - beta * x2 * y2;
    T k2y = delta * x2 * y2 - gamma * y2;
    T x3 = x + (h / 2) * k2x;
    T y3 = y + (h / 2) * k2y;
    T k3x = alpha * x3 - beta * x3 * y3;
    T k3y = delta * x3 * y3 - gamma * y3;
    T x4 = x + h * k3x;
    T y4 = y + h * k3y;
    T k4x = alpha * x4 - beta * x4 * y4;
    T k4y = delta * x4 * y4 - gamma * y4;
    x += (h / 6) * (k1x + 2.0 * k2x + 2.0 * k3x + k4x);
    y += (h / 6) * (k1y + 2.0 * k2y + 2.0 * k3y + k4y);
  }
  return x;
}

// ---------------------------------------------------------------- rosenbrock
template <class T> T rosenbrock(const std::vector<T> &x) {
  T sum = 0.0;
  for (size_t i = 0; i < x.size() - 1; i++) {
    T a = 1.0 - x[i];
    T b = x[i + 1] - x[i] * x[i];
    sum += a * a + 100.0 * b * b;
  }
  return sum;
}

// ---------------------------------------------------------------- black-scholes
template <class T> T normalCdf(T x) {
  T t = 1.0 / (1.0 + 0.2316419 * fabs(x));
  T density = exp((-x * x) / 2.0) / std::sqrt(2 * M_PI);
  T tail =
      density * t *
      (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x >= 0.0 ? T(1.0 - tail) : tail;
}

template <class T> T blackScholes(T spot, T strike, T rate, T volatility, T years) {
  T spread = volatility * sqrt(years);
  T d1 = (log(spot / strike) + (rate + volatility * volatility / 2.0) * years) / spread;
  T d2 = d1 - spread;
  return spot * normalCdf(d1) - strike * exp(-rate * years) * normalCdf(d2);
}

// ---------------------------------------------------------------- gaussian-mixture
template <class T>
T mixtureLogLikelihood(const std::vector<T> &weights, const std::vector<T> &means,
                       const std::vector<T> &sigmas, const Constants &observations) {
  T total = 0.0;
  for (double x : observations) {
    std::vector<T> logs;
    for (size_t k = 0; k < weights.size(); k++) {
      T z = (x - means[k]) / sigmas[k];
      logs.push_back(log(weights[k]) - log(sigmas[k]) - 0.5 * z * z);
    }
    T largest = *std::max_element(logs.begin(), logs.end());
    T sum = 0.0;
    for (const T &value : logs) sum += exp(value - largest);
    total += largest + log(sum);
  }
  return total - 0.5 * double(observations.size()) * std::log(2 * M_PI);
}

// ---------------------------------------------------------------- lu-solve
template <class T> using Matrix = std::vector<std::vector<T>>;

template <class T> std::vector<T> luSolve(const Matrix<T> &a, const std::vector<T> &b) {
  const int n = int(b.size());
  Matrix<T> lu = a;
  std::vector<T> x = b;
  for (int k = 0; k < n; k++) {
    int pivot = k;
    for (int i = k + 1; i < n; i++) {
      if (fabs(lu[i][k]) > fabs(lu[pivot][k])) pivot = i;
    }
    if (pivot != k) {
      std::swap(lu[k], lu[pivot]);
      std::swap(x[k], x[pivot]);
    }
    for (int i = k + 1; i < n; i++) {
      lu[i][k] /= lu[k][k];
      for (int j = k + 1; j < n; j++) lu[i][j] -= lu[i][k] * lu[k][j];
    }
  }
  for (int i = 1; i < n; i++) {
    for (int j = 0; j < i; j++) x[i] -= lu[i][j] * x[j];
  }
  for (int i = n - 1; i >= 0; i--) {
    for (int j = i + 1; j < n; j++) x[i] -= lu[i][j] * x[j];
    x[i] /= lu[i][i];
  }
  return x;
}

// ---------------------------------------------------------------- n-body
template <class T> struct Body {
  T x, y, z, vx, vy, vz, mass;
};

template <class T> void advance(std::vector<Body<T>> &bodies, T dt) {
  for (size_t i = 0; i < bodies.size(); i++) {
    Body<T> &a = bodies[i];
    for (size_t j = i + 1; j < bodies.size(); j++) {
      Body<T> &b = bodies[j];
      T dx = a.x - b.x;
      T dy = a.y - b.y;
      T dz = a.z - b.z;
      T distance2 = dx * dx + dy * dy + dz * dz;
      T pull = dt / (distance2 * sqrt(distance2));
      a.vx -= dx * b.mass * pull;
      a.vy -= dy * b.mass * pull;
      a.vz -= dz * b.mass * pull;
      b.vx += dx * a.mass * pull;
      b.vy += dy * a.mass * pull;
      b.vz += dz * a.mass * pull;
    }
  }
  for (Body<T> &body : bodies) {
    body.x += dt * body.vx;
    body.y += dt * body.vy;
    body.z += dt * body.vz;
  }
}

template <class T> T energy(const std::vector<Body<T>> &bodies) {
  T total = 0.0;
  for (size_t i = 0; i < bodies.size(); i++) {
    const Body<T> &a = bodies[i];
    total += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz);
    for (size_t j = i + 1; j < bodies.size(); j++) {
      const Body<T> &b = bodies[j];
      T dx = a.x - b.x;
      T dy = a.y - b.y;
      T dz = a.z - b.z;
      total -= (a.mass * b.mass) / sqrt(dx * dx + dy * dy + dz * dz);
    }
  }
  return total;
}

template <class T> T nBody(const std::vector<Body<T>> &bodies, T dt) {
  std::vector<Body<T>> system = bodies;
  for (int step = 0; step < 10; step++) advance(system, dt);
  return energy(system);
}

// ---------------------------------------------------------------- vec3
template <class T> struct Vec3 {
  T x, y, z;
  Vec3 add(const Vec3 &o) const { return {x + o.x, y + o.y, z + o.z}; }
  Vec3 scale(const T &s) const { return {x * s, y * s, z * s}; }
  Vec3 scale(double s) const requires(!std::is_same_v<T, double>) {
    return {x * s, y * s, z * s};
  }
  T dot(const Vec3 &o) const { return x * o.x + y * o.y + z * o.z; }
  T length() const { return sqrt(dot(*this)); }
};

template <class T> T orbitEnergy(T x, T y, T z, T vx, T vy, T vz, T sun) {
  const double dt = 0.02;
  Vec3<T> position{x, y, z};
  Vec3<T> velocity{vx, vy, vz};
  for (int step = 0; step < 25; step++) {
    T r = position.length();
    Vec3<T> pull = position.scale(-sun / (r * r * r));
    velocity = velocity.add(pull.scale(dt));
    position = position.add(velocity.scale(dt));
  }
  return velocity.dot(velocity) / 2.0 - sun / position.length();
}

// ---------------------------------------------------------------- functional
template <class T> T sum(const std::vector<T> &values) {
  return std::accumulate(values.begin(), values.end(), T(0.0));
}

template <class T>
T ridgeLoss(const std::vector<T> &coefficients, T ridge, const Constants &constants) {
  const size_t n = constants.size() / 2;
  auto model = [&](double x) {
    return std::accumulate(coefficients.begin(), coefficients.end(), T(0.0),
                           [x](T value, T c) { return value * x + c; });
  };
  std::vector<T> residuals(n);
  for (size_t i = 0; i < n; i++) residuals[i] = model(constants[i]) - constants[n + i];
  std::vector<T> squares(n);
  std::transform(residuals.begin(), residuals.end(), squares.begin(), [](T r) { return r * r; });
  std::vector<T> penalty(coefficients.size());
  std::transform(coefficients.begin(), coefficients.end(), penalty.begin(),
                 [](T c) { return c * c; });
  return sum(squares) / double(n) + ridge * sum(penalty);
}

// ---------------------------------------------------------------- imported
template <class T> T lerp(T a, T b, T t) { return a + (b - a) * t; }
template <class T> T clamp(T x, double low, double high) { return least(largest(x, T(low)), T(high)); }
template <class T> T smoothstep(T low, double high, double x) {
  T t = clamp<T>((x - low) / (high - low), 0, 1);
  return t * t * (3.0 - 2.0 * t);
}
template <class T> T sigmoid(T x) { return 1.0 / (1.0 + exp(-x)); }

template <class T> T toneCurveError(T exposure, T contrast, T middle, T toe) {
  T error = 0.0;
  for (int i = 0; i <= 32; i++) {
    double luminance = i / 32.0;
    T exposed = luminance * exp2(exposure);
    T curve = sigmoid<T>(contrast * (exposed - middle));
    T blended = lerp(exposed, curve, smoothstep(toe, 1, luminance));
    T difference = clamp(blended, 0, 1) - std::sqrt(luminance);
    error += difference * difference;
  }
  return error / 33.0;
}

// ---------------------------------------------------------------- recursion
template <class T> T bell(T t, T width) {
  T z = t / width;
  return exp(-0.5 * (z * z));
}

template <class T>
T adaptive(T width, T low, T high, T atLow, T atMiddle, T atHigh, double tolerance) {
  T quarter = (high - low) / 4.0;
  T atLeft = bell<T>(low + quarter, width);
  T atRight = bell<T>(high - quarter, width);
  T whole = (quarter / 3.0) * 2.0 * (atLow + 4.0 * atMiddle + atHigh);
  T halves =
      (quarter / 3.0) * (atLow + 4.0 * atLeft + 2.0 * atMiddle + 4.0 * atRight + atHigh);
  T error = (halves - whole) / 15.0;
  if (fabs(error) <= tolerance) return halves + error;
  T middle = (low + high) / 2.0;
  return adaptive(width, low, middle, atLow, atLeft, atMiddle, tolerance / 2) +
         adaptive(width, middle, high, atMiddle, atRight, atHigh, tolerance / 2);
}

template <class T> T area(T width, T low, T high) {
  T atMiddle = bell<T>((low + high) / 2.0, width);
  return adaptive<T>(width, low, high, bell<T>(low, width), atMiddle, bell<T>(high, width), 1e-8);
}

// ---------------------------------------------------------------- ray-march
template <class T> T length2(T x, T y) { return sqrt(x * x + y * y); }
template <class T> T length3(T x, T y, T z) { return sqrt(x * x + y * y + z * z); }

template <class T> T smoothMin(T a, T b, T k) {
  T h = largest<T>(k - fabs(a - b), 0.0) / k;
  return least(a, b) - (h * h * k) / 4.0;
}

template <class T> T scene(T x, T y, T z, T blend) {
  T sphere = length3<T>(x, y - 0.3, z) - 0.5;
  T torus = length2<T>(length2(x, z) - 0.8, y) - 0.25;
  T floor = y + 0.5;
  return least(smoothMin(sphere, torus, blend), floor);
}

template <class T> T rayMarch(T x, T y, T z, T yaw, T pitch, T blend) {
  T dx = cos(pitch) * sin(yaw);
  T dy = sin(pitch);
  T dz = cos(pitch) * cos(yaw);
  T t = 0.0;
  for (int step = 0; step < 64; step++) {
    T d = scene<T>(x + t * dx, y + t * dy, z + t * dz, blend);
    if (d < 1e-9) break;
    t += d;
    if (t > 20.0) break;
  }
  return t;
}

// ---------------------------------------------------------------- neural-network
template <class T>
T networkError(const Matrix<T> &hidden, const std::vector<T> &biases, const std::vector<T> &output,
               T bias, const Matrix<double> &inputs, const std::vector<double> &targets) {
  T error = 0.0;
  for (size_t s = 0; s < inputs.size(); s++) {
    const std::vector<double> &input = inputs[s];
    T prediction = bias;
    for (size_t j = 0; j < hidden.size(); j++) {
      T activation = biases[j];
      for (size_t k = 0; k < input.size(); k++) activation += hidden[j][k] * input[k];
      prediction += output[j] * tanh(activation);
    }
    T miss = prediction - targets[s];
    error += miss * miss;
  }
  return error / double(inputs.size());
}

// ---------------------------------------------------------------- cubic-spline
template <class T>
T spline(T x, const std::vector<T> &ys, const std::vector<T> &bends, const Constants &knots) {
  size_t low = 0, high = knots.size() - 1;
  if (x <= knots[low]) return ys[low];
  if (x >= knots[high]) return ys[high];
  while (high - low > 1) {
    size_t middle = (low + high) >> 1;
    if (x < knots[middle]) high = middle;
    else low = middle;
  }
  double h = knots[high] - knots[low];
  T a = (knots[high] - x) / h;
  T b = (x - knots[low]) / h;
  T bend = (a * a * a - a) * bends[low] + (b * b * b - b) * bends[high];
  return a * ys[low] + b * ys[high] + (bend * h * h) / 6.0;
}

template <class T>
T resample(const std::vector<T> &ys, const std::vector<T> &bends, T shift, T stretch,
           const Constants &knots) {
  T total = 0.0;
  for (int k = 0; k < 40; k++) {
    T y = spline<T>(shift + stretch * double(k), ys, bends, knots);
    total += y * y;
  }
  return total;
}

// ---------------------------------------------------------------- newton
template <class T> T orbitRadius(T meanAnomaly, T eccentricity, T axis) {
  T anomaly = meanAnomaly;
  T change = 1.0;
  while (fabs(change) > 1e-12) {
    change = (anomaly - eccentricity * sin(anomaly) - meanAnomaly) /
             (1.0 - eccentricity * cos(anomaly));
    anomaly -= change;
  }
  return axis * (1.0 - eccentricity * cos(anomaly));
}

template <class T> std::vector<T> slice(const std::vector<T> &from, size_t start, size_t count) {
  return std::vector<T>(from.begin() + start, from.begin() + start + count);
}

template <class T> Matrix<T> matrixOf(const std::vector<T> &from, size_t rows, size_t columns) {
  Matrix<T> m;
  for (size_t i = 0; i < rows; i++) m.push_back(slice(from, i * columns, columns));
  return m;
}

// Builds the arguments of a kernel once, and hands a call of it on. False where there is none of the name.
template <class T, class Run>
bool bind(const std::string &name, Input<T> &in, Run run) {
  std::vector<T> &a = in.args;
  if (name == "lotka-volterra")
    return run([&] { return lotkaVolterra(a[0], a[1], a[2], a[3], a[4], a[5]); });
  if (name == "rosenbrock") return run([&] { return rosenbrock(a); });
  if (name == "black-scholes")
    return run([&] { return blackScholes(a[0], a[1], a[2], a[3], a[4]); });
  if (name == "gaussian-mixture") {
    const size_t n = a.size() / 3;
    std::vector<T> weights = slice(a, 0, n), means = slice(a, n, n), sigmas = slice(a, 2 * n, n);
    return run([&] { return mixtureLogLikelihood(weights, means, sigmas, in.constants); });
  }
  if (name == "lu-solve") {
    const size_t n = size_t(std::sqrt(double(a.size())));
    Matrix<T> m = matrixOf(a, n, n);
    std::vector<T> b = slice(a, n * n, n);
    return run([&] { return luSolve(m, b); });
  }
  if (name == "n-body") {
    std::vector<Body<T>> bodies;
    for (size_t i = 0; i + 7 < a.size(); i += 7)
      bodies.push_back({a[i], a[i + 1], a[i + 2], a[i + 3], a[i + 4], a[i + 5], a[i + 6]});
    T dt = a.back();
    return run([&] { return nBody(bodies, dt); });
  }
  if (name == "vec3")
    return run([&] { return orbitEnergy(a[0], a[1], a[2], a[3], a[4], a[5], a[6]); });
  if (name == "functional") {
    std::vector<T> coefficients = slice(a, 0, a.size() - 1);
    T ridge = a.back();
    return run([&] { return ridgeLoss(coefficients, ridge, in.constants); });
  }
  if (name == "imported") return run([&] { return toneCurveError(a[0], a[1], a[2], a[3]); });
  if (name == "recursion") return run([&] { return area(a[0], a[1], a[2]); });
  if (name == "ray-march")
    return run([&] { return rayMarch(a[0], a[1], a[2], a[3], a[4], a[5]); });
  if (name == "neural-network") {
    // hidden: 4 weights a unit; then biases, output weights and the last bias.
    const size_t units = (a.size() - 1) / 6;
    Matrix<T> hidden = matrixOf(a, units, 4);
    std::vector<T> biases = slice(a, 4 * units, units), output = slice(a, 5 * units, units);
    T bias = a.back();
    const size_t samples = in.constants.size() / 5;
    Matrix<double> inputs = matrixOf(in.constants, samples, 4);
    std::vector<double> targets = slice(in.constants, 4 * samples, samples);
    return run([&] { return networkError(hidden, biases, output, bias, inputs, targets); });
  }
  if (name == "cubic-spline") {
    const size_t n = in.constants.size();
    std::vector<T> ys = slice(a, 0, n), bends = slice(a, n, n);
    T shift = a[2 * n], stretch = a[2 * n + 1];
    return run([&] { return resample(ys, bends, shift, stretch, in.constants); });
  }
  if (name == "newton") return run([&] { return orbitRadius(a[0], a[1], a[2]); });
  return false;
}

// ---------------------------------------------------------------- measuring

// Hides a value from the optimiser, so that a call with the same arguments is not hoisted.
template <class T> inline void opaque(T &value) { asm volatile("" : "+m"(value) : : "memory"); }

// Nanoseconds a call, the median of five batches that share the time. Processor time, which leaves
// out what other processes do meanwhile.
template <class F> double timed(F call, double milliseconds) {
  auto batch = [&](long n) {
    timespec start, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    for (long i = 0; i < n; i++) call();
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    return double(end.tv_sec - start.tv_sec) * 1e9 + double(end.tv_nsec - start.tv_nsec);
  };
  long n = 1;
  while (batch(n) < 2e5) n *= 2;
  const double wanted = milliseconds * 1e6 / 5;
  n = std::max(1L, long(double(n) * (wanted / batch(n))));
  std::vector<double> times;
  for (int i = 0; i < 5; i++) times.push_back(batch(n) / double(n));
  std::sort(times.begin(), times.end());
  return times[2];
}

static std::vector<double> readGroup() {
  size_t count = 0;
  if (std::scanf("%zu", &count) != 1) std::exit(2);
  std::vector<double> values(count);
  for (double &value : values) {
    if (std::scanf("%lf", &value) != 1) std::exit(2);
  }
  return values;
}

