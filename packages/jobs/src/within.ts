import { jobError } from './errors.ts'

/** The answer, or `jobs-unavailable` after `timeoutMs`; what comes later is dropped. */
export const within = async <Answer>(timeoutMs: number, answer: Promise<Answer>): Promise<Answer> => {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(jobError('jobs-unavailable', { reason: `no answer in ${timeoutMs} ms` })),
    timeoutMs,
  )
  try {
    return await Promise.race([answer, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
