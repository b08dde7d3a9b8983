import type { Api } from './api.ts'
import { cliError } from './errors.ts'

interface Station {
  readonly id: string
  readonly name: string
}

/** The station of that name or id. Throws `usage` without one, `station-unknown` with a wrong one. */
export async function findStation(api: Api, name: string | undefined, usage: string): Promise<Station> {
  if (!name) throw cliError('usage', { usage })
  const { items } = await api.json<{ items: Station[] }>('/v1/stations')
  const found = items.find(station => station.name === name || station.id === name)
  if (!found) throw cliError('station-unknown', { station: name, known: items.map(station => station.name) })
  return found
}
