import pg from 'pg'

/** Reads `timestamptz` straight into RFC 3339 UTC with milliseconds, so that rows are documents without a mapping. */
export const instantText = (text: string): string => {
  if (!text.endsWith('+00') || text.length < 22) return new Date(text).toISOString()
  const fraction = text.slice(20, -3)
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, '0').slice(0, 3)}Z`
}

const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [pg.types.builtins.TIMESTAMPTZ]: instantText,
  [pg.types.builtins.INT8]: BigInt,
}

/** The `types` of a query whose rows are documents: instants become text, and numbers of 64 bits bigints. */
export const documentTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => parsers[oid] ?? pg.types.getTypeParser(oid, format),
}
