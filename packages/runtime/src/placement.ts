import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runtimeError } from './errors.ts'
import type { Placement, Provider } from './provider.ts'

/** The library's names of the providers. */
const PROVIDERS: Readonly<Record<Provider, string>> = {
  cpu: 'CPUExecutionProvider',
  cuda: 'CUDAExecutionProvider',
  webgpu: 'WebGpuExecutionProvider',
}

/** An event of the profile, which is in Chrome's trace format; durations are in µs. */
interface TraceEvent {
  readonly cat?: string
  readonly dur?: number
  readonly args?: { readonly op_name?: string; readonly provider?: string }
}

/** Sums up the one profile in a folder, slowest operator first. */
export async function readPlacements(folder: string): Promise<readonly Placement[]> {
  const [file] = await readdir(folder)
  if (!file) throw new Error(`the native library wrote no profile into ${folder}`)
  return sumPlacements(JSON.parse(await readFile(join(folder, file), 'utf8')))
}

/** Kernel runs by operator and provider, slowest first; bodies of loops are among them. */
export function sumPlacements(trace: readonly TraceEvent[]): readonly Placement[] {
  const sums = new Map<string, Placement>()
  for (const { cat, dur = 0, args } of trace) {
    if (cat !== 'Node' || !args?.op_name || !args.provider) continue
    const { op_name: operator, provider } = args
    const { runs, durationMs } = sums.get(`${operator} ${provider}`) ?? { runs: 0, durationMs: 0 }
    sums.set(`${operator} ${provider}`, { operator, provider, runs: runs + 1, durationMs: durationMs + dur / 1000 })
  }
  return [...sums.values()].sort((a, b) => b.durationMs - a.durationMs)
}

/** Throws `ran_elsewhere`, which names the operators, unless all ran on the provider asked for. */
export function requireProvider(placements: readonly Placement[], provider: Provider): void {
  const elsewhere = placements.filter(placement => placement.provider !== PROVIDERS[provider])
  if (elsewhere.length > 0) throw runtimeError('ran_elsewhere', { provider, elsewhere })
}
