/** What a log shows of an error. Named one by one: clients hang whole requests on their errors, passwords included. */
const shown = [
  'code',
  'retryable',
  'status',
  'details',
  'errno',
  'syscall',
  'address',
  'port',
  'path',
  'signal',
] as const

/** No error is followed further than this along its causes. */
const deepest = 5

/** An error as plain data: type, message, stack, the known fields and its causes. Anything else that was thrown is shown as it is. */
export const serializeError = (error: unknown, depth = 0): unknown => {
  if (!(error instanceof Error)) return error
  const fields = Object.fromEntries(shown.filter(name => name in error).map(name => [name, (error as never)[name]]))
  const causes = depth < deepest && error.cause !== undefined ? { cause: serializeError(error.cause, depth + 1) } : {}
  const parts =
    depth < deepest && error instanceof AggregateError
      ? { errors: error.errors.map(each => serializeError(each, depth + 1)) }
      : {}
  return { type: error.name, message: error.message, stack: error.stack, ...fields, ...causes, ...parts }
}
