import { expect, test } from 'vitest'
import type { DriftKind } from './measure-drift.ts'
import { standingOf, sustainedMs } from './standing.ts'

const minute = 60_000
const series = (...kinds: readonly (DriftKind | null | undefined)[]) =>
  kinds.flatMap((kind, i) => (kind === undefined ? [] : [{ startMs: i * minute, endMs: (i + 1) * minute, kind }]))
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)
const minutes = sustainedMs / minute

test('without a series nothing is known', () => {
  expect(standingOf([])).toEqual({ kind: null, sinceMs: null, due: null })
})

test('drift is told at once, and asks for nothing before it has lasted', () => {
  expect(standingOf(series(null, null, 'light'))).toEqual({ kind: 'light', sinceMs: 2 * minute, due: null })
  expect(standingOf(series(...times(minutes - 1, 'light' as const)))).toMatchObject({ due: null })
  expect(standingOf(series(...times(minutes, 'light' as const)))).toMatchObject({ due: 'adapt', sinceMs: 0 })
})

test('a moved camera asks for a revised view, whatever else a few windows say', () => {
  const kinds = [...times(minutes - 2, 'camera' as const), 'object', 'light'] as const
  expect(standingOf(series(...kinds))).toMatchObject({ kind: 'camera', due: 'revise-view' })
})

test('one calm minute resets nothing; when it is calm now, nothing is due', () => {
  const kinds = times<DriftKind | null>(minutes + 5, 'work')
  kinds[8] = null
  expect(standingOf(series(...kinds))).toMatchObject({ due: 'adapt' })
  expect(standingOf(series(...kinds, null))).toEqual({ kind: null, sinceMs: null, due: null })
})

test('drift on and off is not lasting drift', () => {
  const kinds = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? null : ('work' as const)))
  expect(standingOf(series(...kinds))).toMatchObject({ kind: 'work', due: null })
})

test('few measured windows are not enough, however old the first', () => {
  const kinds = times<DriftKind | undefined>(minutes + 5, undefined)
  for (const at of [0, 4, minutes, minutes + 4]) kinds[at] = 'light'
  expect(standingOf(series(...kinds))).toMatchObject({ kind: 'light', due: null })
})
