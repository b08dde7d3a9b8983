import { expect, it } from 'vitest'
import { DomainError } from './errors.ts'

it('an error names its code, the values at fault and what caused it', () => {
  const cause = new Error('below')
  const error = new DomainError('coverage-overlap', { coveredUntilMs: 9, startUtcMs: 8 }, cause)
  expect(error).toMatchObject({ name: 'DomainError', code: 'coverage-overlap', retryable: false, cause })
  expect(error.message).toBe('coverage reaches until 9, but the next segment starts at 8')
})
