import { stepMs, type UtcMs } from '@takt/domain'
import type { TimeStep } from '@takt/steps'
import type { StationReader } from './station-reader.ts'

/** Slots read at once, a minute: it bounds what a read holds besides the steps. */
const slotsPerRead = (60 * 1000) / stepMs

/** The time steps of the slots `[fromSlot, toSlot)`, as far as they are settled. Throws what reading throws, or the signal's reason. */
export async function readSteps(
  reader: StationReader,
  source: Parameters<StationReader['read']>[0],
  {
    fromSlot,
    toSlot,
    nowMs,
    signal,
  }: { readonly fromSlot: number; readonly toSlot: number; readonly nowMs: UtcMs; readonly signal: AbortSignal },
): Promise<readonly TimeStep[]> {
  const steps: TimeStep[] = []
  while (steps.length < toSlot - fromSlot) {
    signal.throwIfAborted()
    const from = fromSlot + steps.length
    const range = { fromSlot: from, toSlot: Math.min(from + slotsPerRead, toSlot), nowMs }
    const { slots } = await reader.read(source, range)
    if (slots.length === 0) break
    steps.push(...slots.map(slot => slot.step))
  }
  return steps
}
