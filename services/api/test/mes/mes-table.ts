/** A change as the feed lists it and as a webhook's event has it as data. */
export interface Change {
  readonly entity: 'interval' | 'cycle'
  readonly id: string
  readonly revision: number
  readonly kind: string
  readonly body: unknown
}

/**
 * What an MES keeps: the last revision of each timing and cycle. A change that is not newer than what is kept changes
 * nothing, so that a message may come twice.
 */
export function createMesTable() {
  const rows = new Map<string, { readonly revision: number; readonly body: unknown | null }>()
  return {
    apply: ({ entity, id, revision, kind, body }: Change): void => {
      const key = `${entity} ${id}`
      if (revision > (rows.get(key)?.revision ?? 0))
        rows.set(key, { revision, body: kind === 'tombstone' ? null : body })
    },
    /** What stands, by entity and id. */
    standing: () =>
      Object.fromEntries([...rows].filter(([, row]) => row.body !== null).map(([key, row]) => [key, row.body])),
  }
}
