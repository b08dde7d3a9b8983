import type { StoredWork, WorkFound } from '@takt/db/discoveries'
import { apiError } from '../../errors.ts'
import type { DiscoveryRow } from './discovery-document.ts'

/** What a discovery found, if its steps can be named so. Throws `discovery-unnameable`, `invalid-request`. */
export function nameableWork(
  row: Pick<DiscoveryRow, 'id' | 'state' | 'work'>,
  names: ReadonlyMap<number, string>,
): WorkFound {
  const work = row.work as StoredWork | null
  const refuse = (why: string) => apiError('discovery-unnameable', { discovery: row.id, why })
  if (!work) throw refuse(`it is ${row.state}`)
  if (!work.found) throw refuse('it found nothing that repeats')
  const unknown = [...names.keys()].find(step => step > work.stepCount)
  if (unknown !== undefined)
    throw apiError('invalid-request', {
      problems: [{ at: 'names', message: `there are ${work.stepCount} steps`, value: unknown }],
    })
  return work
}
