import { apiError } from '../errors.ts'

/** Prisma's code for a unique constraint. */
const uniqueViolation = 'P2002'

/** Runs a write; that its name is taken becomes `name-taken`. */
export const refuseTakenName = async <Result>(
  what: string,
  name: string,
  write: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await write()
  } catch (cause) {
    if ((cause as { code?: string }).code !== uniqueViolation) throw cause
    throw apiError('name-taken', { what, name }, { cause })
  }
}

/** What was found, or `not-found`. */
export const found = <Row>(row: Row | null | undefined, what: string, id: string): Row => {
  if (row === null || row === undefined) throw apiError('not-found', { what, id })
  return row
}

/** What another document names, or `reference-unknown`. */
export const referenced = <Row>(
  row: Row | null | undefined,
  at: { readonly what: string; readonly id: string; readonly at: string },
): Row => {
  if (row === null || row === undefined) throw apiError('reference-unknown', at)
  return row
}
