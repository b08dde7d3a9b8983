const prefix = '#/components/schemas/'

/** The schemas that a document refers to from outside of them, directly or by way of each other. */
export const referencedSchemas = <Schema>(
  from: unknown,
  schemas: Readonly<Record<string, Schema>>,
): Readonly<Record<string, Schema>> => {
  const kept = new Set<string>()
  const follow = (part: unknown): void => {
    for (const name of namesIn(part)) {
      if (kept.has(name) || !(name in schemas)) continue
      kept.add(name)
      follow(schemas[name])
    }
  }
  follow(from)
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => kept.has(name)))
}

const namesIn = (part: unknown): readonly string[] => {
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' && value.startsWith(prefix)
      ? [value.slice(prefix.length)]
      : namesIn(value),
  )
}
