import type { Range } from '../range.ts'
import { eventName, type FieldAssociation, noEvent } from './association.ts'
import type { MesEvent } from './mes-event.ts'

/** The one serial scanned within a cycle, `[start, end)`, by its first scan. Of several nobody can say which it is. */
export function scannedWithin(cycle: Range, events: readonly MesEvent[]): FieldAssociation {
  const scans = events.filter(
    event => event.type === 'unit-scanned' && event.atMs >= cycle.startUtcMs && event.atMs < cycle.endUtcMs,
  )
  const [first] = scans
  if (!first) return noEvent
  if (scans.some(scan => scan.value !== first.value))
    return { value: null, why: 'several-serials', events: scans.map(eventName) }
  return {
    value: first.value,
    rule: 'scanned-within',
    event: eventName(first),
    marginMs: Math.min(first.atMs - cycle.startUtcMs, cycle.endUtcMs - first.atMs),
  }
}
