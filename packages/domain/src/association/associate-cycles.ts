import type { Range } from '../range.ts'
import type { CycleAssociation } from './association.ts'
import { inForceDuring, stretchesInForce } from './in-force.ts'
import { inTimeOrder, type MesEvent } from './mes-event.ts'
import { scannedWithin } from './scanned-within.ts'

/**
 * What the events of a station say of its cycles, in the cycles' order. It depends on what the events are, not on when
 * they came: those of the time from the last job order and variant before the first cycle on are enough.
 */
export function associateCycles(cycles: readonly Range[], events: readonly MesEvent[]): readonly CycleAssociation[] {
  const ordered = inTimeOrder(events)
  const jobOrders = stretchesInForce(ordered, { begins: 'job-order-started', ends: 'job-order-ended' })
  const variants = stretchesInForce(ordered, { begins: 'variant-set', ends: null })
  return cycles.map(cycle => ({
    jobOrder: inForceDuring(cycle, jobOrders),
    serial: scannedWithin(cycle, ordered),
    variant: inForceDuring(cycle, variants),
  }))
}
