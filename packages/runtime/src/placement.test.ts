import { expect, test } from 'vitest'
import { requireProvider, sumPlacements } from './placement.ts'

const kernel = (op_name: string, provider: string, dur: number) => ({ cat: 'Node', dur, args: { op_name, provider } })

const trace = [
  { cat: 'Session', dur: 900, args: {} },
  kernel('Gemm', 'CUDAExecutionProvider', 1500),
  kernel('TopK', 'CPUExecutionProvider', 300),
  kernel('Gemm', 'CUDAExecutionProvider', 500),
]

test('a profile is summed by operator and provider, slowest first', () => {
  expect(sumPlacements(trace)).toEqual([
    { operator: 'Gemm', provider: 'CUDAExecutionProvider', runs: 2, durationMs: 2 },
    { operator: 'TopK', provider: 'CPUExecutionProvider', runs: 1, durationMs: 0.3 },
  ])
})

test('operators that ran on another provider than the one asked for are refused by name', () => {
  expect(() => requireProvider(sumPlacements(trace), 'cuda')).toThrow(
    expect.objectContaining({
      code: 'ran_elsewhere',
      retryable: false,
      message: 'not all ran on cuda: TopK ran on CPUExecutionProvider',
    }),
  )
  expect(requireProvider(sumPlacements(trace.slice(0, 2)), 'cuda')).toBeUndefined()
})
