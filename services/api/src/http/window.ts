import { apiError } from '../errors.ts'

/** Refuses (`window-refused`) a window that is empty, or longer than `longestMs`. */
export const checkWindow = (
  { from, to }: { readonly from?: Date | undefined; readonly to?: Date | undefined },
  longestMs = Number.POSITIVE_INFINITY,
): void => {
  if (!from || !to) return
  const lengthMs = to.getTime() - from.getTime()
  if (lengthMs <= 0)
    throw apiError('window-refused', {
      why: `it ends at ${to.toISOString()}, not after its start at ${from.toISOString()}`,
    })
  if (lengthMs > longestMs)
    throw apiError('window-refused', {
      why: `it is ${lengthMs / 3_600_000} hours long, more than ${longestMs / 3_600_000}`,
    })
}
