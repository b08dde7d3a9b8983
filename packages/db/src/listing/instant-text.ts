import pg from 'pg'

/** Reads `timestamptz` straight into RFC 3339 UTC with milliseconds, so that rows are documents without a mapping. */
export const instantText = (text: string): string => {
  if (!text.endsWith('+00') || text.length < 22) return new Date(text).toISOString()
  const fraction = text.slice(20, -3)
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, '0').slice(0, 3)}Z`
}

/** Numbers of 64 bits become bigints unless a query casts them; instants become text. For the `types` of a query. */
export const documentTypes = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    oid === pg.types.builtins.TIMESTAMPTZ
      ? instantText
      : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
}
