/** The conditions of a query and their values; every value is a parameter, none is text of the statement. */
export interface Where {
  /** Adds a condition on a value; the condition is told the parameter's name. */
  and(condition: (parameter: string) => string, value: unknown): void
  /** A parameter outside the conditions, such as a limit. */
  parameter(value: unknown): string
  sql(): string
  readonly values: readonly unknown[]
}

export const createWhere = (): Where => {
  const conditions: string[] = []
  const values: unknown[] = []
  const parameter = (value: unknown) => `$${values.push(value)}`
  return {
    and: (condition, value) => void conditions.push(condition(parameter(value))),
    parameter,
    sql: () => (conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''),
    values,
  }
}
