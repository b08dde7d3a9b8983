import type { Graph, Tensor, TensorOf } from './tensor.ts'

type LoopResult = TensorOf<'loop'>

/** The results of each run of a loop under the first of them; one body on the same inputs is one run. */
export function loopRuns({ tensors }: Graph): ReadonlyMap<Tensor, readonly LoopResult[]> {
  const runs: LoopResult[][] = []
  for (const tensor of tensors) {
    if (tensor.operator !== 'loop') continue
    const run = runs.find(([first]) => first && isSameRun(first, tensor))
    if (run) run.push(tensor)
    else runs.push([tensor])
  }
  return new Map(runs.map(run => [run[0]!, run]))
}

function isSameRun(a: LoopResult, b: LoopResult): boolean {
  if (a.attributes.body !== b.attributes.body) return false
  return a.inputs === b.inputs || a.inputs.every((input, i) => input === b.inputs[i])
}
