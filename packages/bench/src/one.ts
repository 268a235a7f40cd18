// One task in a process of its own, started by run.ts: what other code leaves behind in the engine's
// type feedback and in its heap does not reach it.
import { bytesPerCall } from "./allocation.ts";
import { measureBuildCost } from "./build-cost.ts";
import { check, type PreparedPeer, preparePeer } from "./check.ts";
import { dualOnlyForm, handWrittenForm, jvpForm, plainBatch, tangentForm } from "./forms.ts";
import { measureJacobianAllocation } from "./jacobian-allocation.ts";
import type { Kernel, KernelName } from "./kernel.ts";
import { kernels } from "./kernels/index.ts";
import {
  type Batch,
  type Candidate,
  fullEffort,
  interleave,
  oneAfterTheOther,
  quickEffort,
} from "./measure.ts";
import { runNative } from "./native.ts";
import { measureOverhead } from "./overhead.ts";
import type { Allocation, Beside, PeerResult, Task } from "./result.ts";

const task: Task = JSON.parse(process.argv[2]);
const effort = "quick" in task && task.quick ? quickEffort : fullEffort;
const report = await carryOut();
// Some peers leave threads behind that would keep the process alive.
process.send?.(report, () => process.exit(0));

async function carryOut(): Promise<unknown> {
  switch (task.what) {
    case "check":
      return { fallback: check(kernelNamed(task.kernel), task.native) };
    case "beside":
      return beside(kernelNamed(task.kernel), task.native);
    case "dual": {
      const kernel = kernelNamed(task.kernel);
      return oneAfterTheOther(plainBatch(kernel), async () => dualOnlyForm(kernel).batch, effort);
    }
    case "peer":
      return peer(kernelNamed(task.kernel), task.peer);
    case "allocation":
      return allocation(kernelNamed(task.kernel));
    case "jacobian":
      return { jacobian: measureJacobianAllocation() };
    case "build":
      return measureBuildCost(task.kernels);
    case "overhead":
      return { overhead: measureOverhead(effort) };
  }
}

function kernelNamed(name: KernelName): Kernel {
  const kernel = kernels.find((candidate) => candidate.name === name);
  if (!kernel) throw new Error(`no kernel named ${name}`);
  return kernel;
}

function beside(kernel: Kernel, native: boolean): Beside {
  const tangent = tangentForm(kernel);
  const jvp = jvpForm(kernel);
  const candidates: Candidate[] = [{ name: "hand", batch: handWrittenForm(kernel).batch }];
  if (tangent) candidates.push({ name: "tangent", batch: tangent.batch });
  if (jvp) candidates.push({ name: "jvp", batch: jvp.batch });
  if (native) candidates.push(...nativeCandidates(kernel));
  const { plain, timings } = interleave(plainBatch(kernel), candidates, effort);
  return { plainNs: plain, timings: Object.fromEntries(timings) };
}

function nativeCandidates(kernel: Kernel): Candidate[] {
  let last = runNative(kernel, 1);
  return [
    {
      name: "C++ dual",
      sample: () => {
        last = runNative(kernel, effort.batchMs);
        return last.dual;
      },
    },
    // From the same run of the binary.
    { name: "C++ plain", sample: () => last.plain },
  ];
}

async function peer(kernel: Kernel, name: string): Promise<PeerResult> {
  let prepared: PreparedPeer = { none: "" };
  const prepare = async (): Promise<Batch> => {
    prepared = await preparePeer(name, kernel);
    return "none" in prepared ? (count) => count : prepared.batch;
  };
  const timing = await oneAfterTheOther(plainBatch(kernel), prepare, effort);
  // As TypeScript sees it, nothing was assigned.
  const found = prepared as PreparedPeer;
  return "none" in found ? found : { ...timing, error: found.error };
}

function allocation(kernel: Kernel): Allocation {
  const bytes = (form: { batch: Batch } | undefined) => form && bytesPerCall(form.batch);
  return {
    plain: bytesPerCall(plainBatch(kernel)),
    hand: bytesPerCall(handWrittenForm(kernel).batch),
    tangent: bytes(tangentForm(kernel)),
    jvp: bytes(jvpForm(kernel)),
  };
}
