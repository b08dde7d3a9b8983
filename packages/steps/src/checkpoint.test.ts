import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tinyHead } from '../test/tiny-head.ts'
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts'
import { advance } from './decoder.ts'
import { openDecoder } from './decoder-state.ts'
import { StepsError } from './errors.ts'
import type { TimeStep } from './time-step.ts'

const head = tinyHead(1)
const steps = Array.from({ length: 30 }, (_, i): TimeStep => {
  return { kind: 'observed', views: { front: Float32Array.of(Math.sin(i), Math.cos(i)) } }
})
const bytes = encodeCheckpoint(advance(head, openDecoder(head, 7_000_000_000), steps).state)

const codes = ['checkpoint_malformed', 'checkpoint_version', 'checkpoint_of_other_head']

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof StepsError) return error.code
    throw error
  }
  return 'accepted'
}

describe('decodeCheckpoint', () => {
  it('keeps steps of the absolute grid, which do not fit 32 bits', () => {
    expect(decodeCheckpoint(bytes, head).ahead.seenThrough).toBe(7_000_000_030)
  })

  it('refuses every truncation', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(codes).toContain(codeOf(() => decodeCheckpoint(bytes.subarray(0, length), head)))
    }
  })

  it('refuses a changed byte wherever it is', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = bytes.slice()
        damaged[at]! ^= change
        expect(codes).toContain(codeOf(() => decodeCheckpoint(damaged, head)))
      }),
    )
  })

  it('refuses bytes that are no checkpoint', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), garbage => {
        expect(codes).toContain(codeOf(() => decodeCheckpoint(garbage, head)))
      }),
    )
  })

  it('refuses the checkpoint of another head and names both', () => {
    const other = tinyHead(2)
    expect(() => decodeCheckpoint(bytes, other)).toThrow(new RegExp(`of=${head.id}, head=${other.id}`))
  })

  it('refuses another version', () => {
    const later = bytes.slice()
    later[4] = 9
    expect(codeOf(() => decodeCheckpoint(later, head))).toBe('checkpoint_version')
  })

  it('reads from the middle of a larger buffer', () => {
    const padded = new Uint8Array(bytes.length + 3)
    padded.set(bytes, 3)
    expect(decodeCheckpoint(padded.subarray(3), head)).toEqual(decodeCheckpoint(bytes, head))
  })
})
