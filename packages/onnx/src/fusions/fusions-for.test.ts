import { expect, test } from 'vitest'
import { fusionsFor } from './fusions-for.ts'

test('float32 models are for every provider', () => {
  for (const provider of ['cpu', 'cuda', 'webgpu'] as const) {
    expect(fusionsFor({ provider, precision: 'float32' }).length).toBeGreaterThan(0)
  }
})

test.each(['cuda', 'webgpu'] as const)('an int8 model for %s is refused', provider => {
  expect(() => fusionsFor({ provider, precision: 'int8' })).toThrow(
    expect.objectContaining({
      code: 'unsupported_precision',
      retryable: false,
      message: `int8 models do not run on the provider ${provider}`,
    }),
  )
})
