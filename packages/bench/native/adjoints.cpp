// Gradients of the kernels: by adjoint code that is written by hand, of those that have some, and by
// ADOL-C where HAS_ADOLC says that it is there. Reads the arguments that the JavaScript kernels get, and
// prints one line of JSON with times in nanoseconds, the value and the gradients.
//
//   adjoints KERNEL MILLISECONDS < arguments
//
// The input is two groups of numbers, each with its count before it: arguments and constants.
#include <cmath>
#ifdef HAS_ADOLC
#include <adolc/adolc.h>
inline adouble exp2(const adouble &x) { return exp(x * M_LN2); }
#endif
#include "kernels.hpp"

typedef std::vector<double> Numbers;

// ---------------------------------------------------------------- by hand
// Each adds the gradient of the value to g, whose numbers are those of x.

static double rosenbrockBack(const Numbers &x, double *g) {
  double sum = 0;
  for (size_t i = 0; i < x.size() - 1; i++) {
    const double a = 1 - x[i];
    const double b = x[i + 1] - x[i] * x[i];
    sum += a * a + 100 * b * b;
    const double gb = 200 * b;
    g[i] -= 2 * a + 2 * x[i] * gb;
    g[i + 1] += gb;
  }
  return sum;
}

static double lotkaVolterraBack(const Numbers &p, double *g) {
  const double h = 0.05;
  const int steps = 100;
  double states[2 * steps];
  double x = p[0], y = p[1];
  const double alpha = p[2], beta = p[3], delta = p[4], gamma = p[5];
  for (int step = 0; step < steps; step++) {
    states[2 * step] = x;
    states[2 * step + 1] = y;
    const double k1x = alpha * x - beta * x * y, k1y = delta * x * y - gamma * y;
    const double x2 = x + (h / 2) * k1x, y2 = y + (h / 2) * k1y;
    const double k2x = alpha * x2 - beta * x2 * y2, k2y = delta * x2 * y2 - gamma * y2;
    const double x3 = x + (h / 2) * k2x, y3 = y + (h / 2) * k2y;
    const double k3x = alpha * x3 - beta * x3 * y3, k3y = delta * x3 * y3 - gamma * y3;
    const double x4 = x + h * k3x, y4 = y + h * k3y;
    x += (h / 6) * (k1x + 2 * k2x + 2 * k3x + alpha * x4 - beta * x4 * y4);
    y += (h / 6) * (k1y + 2 * k2y + 2 * k3y + delta * x4 * y4 - gamma * y4);
  }
  double gx = 1, gy = 0, ga = 0, gb = 0, gd = 0, gg = 0;
  for (int step = steps - 1; step >= 0; step--) {
    const double sx = states[2 * step], sy = states[2 * step + 1];
    const double x2 = sx + (h / 2) * (alpha * sx - beta * sx * sy);
    const double y2 = sy + (h / 2) * (delta * sx * sy - gamma * sy);
    const double x3 = sx + (h / 2) * (alpha * x2 - beta * x2 * y2);
    const double y3 = sy + (h / 2) * (delta * x2 * y2 - gamma * y2);
    const double x4 = sx + h * (alpha * x3 - beta * x3 * y3);
    const double y4 = sy + h * (delta * x3 * y3 - gamma * y3);
    // The cotangents of the slopes, each from what uses it: the sum, and the place of the next.
    const double g4x = (h / 6) * gx, g4y = (h / 6) * gy;
    const double px4 = g4x * (alpha - beta * y4) + g4y * delta * y4;
    const double py4 = g4y * (delta * x4 - gamma) - g4x * beta * x4;
    const double g3x = 2 * g4x + h * px4, g3y = 2 * g4y + h * py4;
    const double px3 = g3x * (alpha - beta * y3) + g3y * delta * y3;
    const double py3 = g3y * (delta * x3 - gamma) - g3x * beta * x3;
    const double g2x = 2 * g4x + (h / 2) * px3, g2y = 2 * g4y + (h / 2) * py3;
    const double px2 = g2x * (alpha - beta * y2) + g2y * delta * y2;
    const double py2 = g2y * (delta * x2 - gamma) - g2x * beta * x2;
    const double g1x = g4x + (h / 2) * px2, g1y = g4y + (h / 2) * py2;
    const double px1 = g1x * (alpha - beta * sy) + g1y * delta * sy;
    const double py1 = g1y * (delta * sx - gamma) - g1x * beta * sx;
    ga += g1x * sx + g2x * x2 + g3x * x3 + g4x * x4;
    gb -= g1x * sx * sy + g2x * x2 * y2 + g3x * x3 * y3 + g4x * x4 * y4;
    gd += g1y * sx * sy + g2y * x2 * y2 + g3y * x3 * y3 + g4y * x4 * y4;
    gg -= g1y * sy + g2y * y2 + g3y * y3 + g4y * y4;
    gx += px1 + px2 + px3 + px4;
    gy += py1 + py2 + py3 + py4;
  }
  const double all[] = {gx, gy, ga, gb, gd, gg};
  for (int i = 0; i < 6; i++) g[i] += all[i];
  return x;
}

// Leaves the derivative of the series, which is not quite the density.
static double normalCdfBack(double x, double &slope) {
  const double t = 1 / (1 + 0.2316419 * std::fabs(x));
  const double density = std::exp((-x * x) / 2) / std::sqrt(2 * M_PI);
  const double c4 = -1.821255978 + t * 1.330274429;
  const double c3 = 1.781477937 + t * c4;
  const double c2 = -0.356563782 + t * c3;
  const double c1 = 0.31938153 + t * c2;
  const double tail = density * t * c1;
  const double dSeries = c1 + t * (c2 + t * (c3 + t * (c4 + t * 1.330274429)));
  slope = std::fabs(x) * tail + density * dSeries * 0.2316419 * t * t;
  return x >= 0 ? 1 - tail : tail;
}

static double blackScholesBack(const Numbers &p, double *g) {
  const double spot = p[0], strike = p[1], rate = p[2], volatility = p[3], years = p[4];
  const double root = std::sqrt(years);
  const double spread = volatility * root;
  const double growth = rate + (volatility * volatility) / 2;
  const double d1 = (std::log(spot / strike) + growth * years) / spread;
  const double d2 = d1 - spread;
  double p1, p2;
  const double n1 = normalCdfBack(d1, p1), n2 = normalCdfBack(d2, p2);
  const double discount = std::exp(-rate * years);
  const double g2 = -strike * discount * p2;
  const double g1 = (spot * p1 + g2) / spread;
  const double gSpread = -g2 - g1 * d1;
  const double gDiscount = -strike * n2 * discount;
  g[0] += n1 + g1 / spot;
  g[1] += -discount * n2 - g1 / strike;
  g[2] += g1 * years - years * gDiscount;
  g[3] += gSpread * root + g1 * years * volatility;
  g[4] += g1 * growth + (gSpread * volatility) / (2 * root) - rate * gDiscount;
  return spot * n1 - strike * discount * n2;
}

static double mixtureBack(const Numbers &p, const Numbers &observations, double *g) {
  const size_t n = p.size() / 3;
  const double *weights = &p[0], *means = &p[n], *sigmas = &p[2 * n];
  Numbers logs(n);
  double total = 0;
  for (double x : observations) {
    double largest = -INFINITY;
    for (size_t k = 0; k < n; k++) {
      const double z = (x - means[k]) / sigmas[k];
      logs[k] = std::log(weights[k]) - std::log(sigmas[k]) - 0.5 * z * z;
      largest = std::max(largest, logs[k]);
    }
    double sum = 0;
    for (size_t k = 0; k < n; k++) sum += logs[k] = std::exp(logs[k] - largest);
    total += largest + std::log(sum);
    for (size_t k = 0; k < n; k++) {
      const double share = logs[k] / sum;
      const double z = (x - means[k]) / sigmas[k];
      g[k] += share / weights[k];
      g[n + k] += (share * z) / sigmas[k];
      g[2 * n + k] += (share * (z * z - 1)) / sigmas[k];
    }
  }
  return total - 0.5 * double(observations.size()) * std::log(2 * M_PI);
}

typedef Body<double> Planet;

static void energyBack(const std::vector<Planet> &bodies, std::vector<Planet> &g) {
  for (size_t i = 0; i < bodies.size(); i++) {
    const Planet &a = bodies[i];
    Planet &ga = g[i];
    ga.mass += 0.5 * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz);
    ga.vx += a.mass * a.vx;
    ga.vy += a.mass * a.vy;
    ga.vz += a.mass * a.vz;
    for (size_t j = i + 1; j < bodies.size(); j++) {
      const Planet &b = bodies[j];
      Planet &gb = g[j];
      const double dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
      const double distance2 = dx * dx + dy * dy + dz * dz;
      const double inverse = 1 / std::sqrt(distance2);
      ga.mass -= b.mass * inverse;
      gb.mass -= a.mass * inverse;
      const double along = (a.mass * b.mass * inverse) / distance2;
      ga.x += along * dx;
      ga.y += along * dy;
      ga.z += along * dz;
      gb.x -= along * dx;
      gb.y -= along * dy;
      gb.z -= along * dz;
    }
  }
}

// Back over a step, from bodies with the speeds after it and the places before it.
static double advanceBack(const std::vector<Planet> &bodies, std::vector<Planet> &g, double dt) {
  double gdt = 0;
  for (size_t i = 0; i < bodies.size(); i++) {
    const Planet &body = bodies[i];
    Planet &to = g[i];
    gdt += body.vx * to.x + body.vy * to.y + body.vz * to.z;
    to.vx += dt * to.x;
    to.vy += dt * to.y;
    to.vz += dt * to.z;
  }
  for (size_t i = 0; i < bodies.size(); i++) {
    const Planet &a = bodies[i];
    Planet &ga = g[i];
    for (size_t j = i + 1; j < bodies.size(); j++) {
      const Planet &b = bodies[j];
      Planet &gb = g[j];
      const double dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
      const double distance2 = dx * dx + dy * dy + dz * dz;
      const double inverse = 1 / (distance2 * std::sqrt(distance2));
      const double pull = dt * inverse;
      const double alongA = dx * ga.vx + dy * ga.vy + dz * ga.vz;
      const double alongB = dx * gb.vx + dy * gb.vy + dz * gb.vz;
      const double gPull = a.mass * alongB - b.mass * alongA;
      gb.mass -= pull * alongA;
      ga.mass += pull * alongB;
      gdt += inverse * gPull;
      const double gDistance = (3 * pull * gPull) / distance2;
      const double forA = b.mass * pull, forB = a.mass * pull;
      const double gx = forB * gb.vx - forA * ga.vx - gDistance * dx;
      const double gy = forB * gb.vy - forA * ga.vy - gDistance * dy;
      const double gz = forB * gb.vz - forA * ga.vz - gDistance * dz;
      ga.x += gx;
      ga.y += gy;
      ga.z += gz;
      gb.x -= gx;
      gb.y -= gy;
      gb.z -= gz;
    }
  }
  return gdt;
}

static double nBodyBack(const std::vector<Planet> &bodies, double dt, double *into) {
  const int steps = 10;
  std::vector<Planet> system = bodies, states[steps];
  for (int step = 0; step < steps; step++) {
    states[step] = system;
    advance(system, dt);
    for (size_t i = 0; i < system.size(); i++) {
      states[step][i].vx = system[i].vx;
      states[step][i].vy = system[i].vy;
      states[step][i].vz = system[i].vz;
    }
  }
  const double value = energy(system);
  std::vector<Planet> g(bodies.size(), Planet{});
  energyBack(system, g);
  double gdt = 0;
  for (int step = steps - 1; step >= 0; step--) gdt += advanceBack(states[step], g, dt);
  for (const Planet &from : g) {
    const double all[] = {from.x, from.y, from.z, from.vx, from.vy, from.vz, from.mass};
    for (double x : all) *into++ += x;
  }
  *into += gdt;
  return value;
}

static double orbitRadiusBack(const Numbers &p, double *g) {
  const double mean = p[0], eccentricity = p[1], axis = p[2];
  Numbers anomalies;
  double anomaly = mean, change = 1;
  while (std::fabs(change) > 1e-12) {
    anomalies.push_back(anomaly);
    change = (anomaly - eccentricity * std::sin(anomaly) - mean) /
             (1 - eccentricity * std::cos(anomaly));
    anomaly -= change;
  }
  const double cosine = std::cos(anomaly);
  double ga = axis * eccentricity * std::sin(anomaly);
  g[1] -= axis * cosine;
  while (!anomalies.empty()) {
    const double e = anomalies.back();
    anomalies.pop_back();
    const double sine = std::sin(e), cosine = std::cos(e);
    const double slope = 1 - eccentricity * cosine;
    const double step = (e - eccentricity * sine - mean) / slope;
    const double gStep = -ga / slope;
    g[0] -= gStep;
    g[1] += gStep * (step * cosine - sine);
    // The residual's part of the step cancels the anomaly itself.
    ga = -gStep * step * eccentricity * sine;
  }
  g[0] += ga;
  g[2] += 1 - eccentricity * cosine;
  return axis * (1 - eccentricity * cosine);
}

// Hands a call that adds to a gradient on, as `bind` does a call of the kernel.
template <class Run>
bool bindByHand(const std::string &name, Numbers &x, const Constants &constants, double *g, Run run) {
  if (name == "rosenbrock") return run([&] { return rosenbrockBack(x, g); });
  if (name == "lotka-volterra") return run([&] { return lotkaVolterraBack(x, g); });
  if (name == "black-scholes") return run([&] { return blackScholesBack(x, g); });
  if (name == "gaussian-mixture") return run([&] { return mixtureBack(x, constants, g); });
  if (name == "newton") return run([&] { return orbitRadiusBack(x, g); });
  if (name == "n-body") {
    std::vector<Planet> bodies;
    for (size_t i = 0; i + 7 < x.size(); i += 7)
      bodies.push_back({x[i], x[i + 1], x[i + 2], x[i + 3], x[i + 4], x[i + 5], x[i + 6]});
    return run([&] { return nBodyBack(bodies, x.back(), g); });
  }
  return false;
}

static void print(const char *name, const Numbers &numbers) {
  std::printf(",\"%s\":[", name);
  for (size_t i = 0; i < numbers.size(); i++) std::printf("%s%.17g", i ? "," : "", numbers[i]);
  std::printf("]");
}

int main(int argc, char **argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: adjoints KERNEL MILLISECONDS < arguments\n");
    return 2;
  }
  const std::string name = argv[1];
  const double ms = std::atof(argv[2]);
  Numbers x = readGroup();
  const Numbers constants = readGroup();

  double value = 0, sink = 0;
  Input<double> input{x, constants};
  double ns = 0;
  auto measured = [&](auto call) {
    value = call();
    ns = timed([&] {
      opaque(x[0]);
      opaque(input.args[0]);
      sink += call();
    }, ms);
    return true;
  };
  const bool known = bind<double>(name, input, [&](auto call) {
    if constexpr (std::is_same_v<decltype(call()), double>) return measured(call);
    else return false;
  });
  if (!known) {
    std::fprintf(stderr, "no kernel named %s that gives a number\n", name.c_str());
    return 2;
  }
  std::printf("{\"plain\":%.6g,\"value\":%.17g", ns, value);

  Numbers g(x.size());
  Numbers first;
  if (bindByHand(name, x, constants, g.data(), [&](auto call) {
        call();
        first = g;
        return measured(call);
      })) {
    std::printf(",\"hand\":%.6g", ns);
    print("handGradient", first);
  }
#ifdef HAS_ADOLC
  // As its manual has it: taped once, and the tape gone over for each gradient. Kernels whose branches
  // depend on values would have to be taped again elsewhere, which takes longer.
  trace_on(1);
  Input<adouble> active{std::vector<adouble>(x.size()), constants};
  for (size_t i = 0; i < x.size(); i++) active.args[i] <<= x[i];
  bind<adouble>(name, active, [&](auto call) {
    if constexpr (std::is_same_v<decltype(call()), adouble>) {
      adouble y = call();
      y >>= value;
      return true;
    } else return false;
  });
  trace_off();
  measured([&] {
    gradient(1, int(x.size()), x.data(), g.data());
    return g[0];
  });
  std::printf(",\"adolc\":%.6g", ns);
  print("adolcGradient", g);
#endif
  opaque(sink);
  std::printf("}\n");
  return 0;
}
