import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { DomainError } from './errors.ts'
import { type LabelRow, parseLabelRows } from './label-rows.ts'

const row = (start: LabelRow['start'], end: LabelRow['end'], label = 'pick', source = 'bench'): LabelRow => ({
  source,
  start,
  end,
  label,
})

function problemsOf(rows: readonly LabelRow[], names?: ReadonlySet<string>): readonly string[] {
  try {
    parseLabelRows(rows, names)
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError)
    const { values } = error as DomainError<'labels-invalid'>
    return values.problems.map(problem => `${problem.row} ${problem.code}`)
  }
}

describe('rows of labels', () => {
  it('may be times of day, in any zone', () => {
    const { labels, ranges } = parseLabelRows([row('2026-01-01T09:00:00.5+09:00', '2026-01-01t00:00:02z')])
    const midnight = Date.UTC(2026, 0, 1)
    expect(labels).toEqual([
      { source: 'bench', clock: 'utc', startMs: midnight + 500, endMs: midnight + 2000, label: 'pick' },
    ])
    expect(ranges).toEqual([{ source: 'bench', clock: 'utc', startMs: midnight + 500, endMs: midnight + 2000 }])
  })

  it('may be seconds of a file', () => {
    expect(parseLabelRows([row('1.5', 2)]).labels).toEqual([
      { source: 'bench', clock: 'file', startMs: 1500, endMs: 2000, label: 'pick' },
    ])
  })

  it('declare a range by an empty label; ranges that touch are one', () => {
    const { ranges, labels } = parseLabelRows([row(0, 10, ''), row(10, 20, ' '), row(5, 12)])
    expect(ranges).toEqual([{ source: 'bench', clock: 'file', startMs: 0, endMs: 20_000 }])
    expect(labels).toHaveLength(1)
  })

  it('declare from the first start to the last end of a source that declares nothing else', () => {
    const rows = [row(7, 9), row(1, 2), row(100, 101, 'pick', 'other')]
    expect(parseLabelRows(rows).ranges.map(r => [r.source, r.startMs, r.endMs])).toEqual([
      ['bench', 1000, 9000],
      ['other', 100_000, 101_000],
    ])
  })

  it('may be none', () => {
    expect(parseLabelRows([])).toEqual({ ranges: [], labels: [] })
  })

  it.each<[string, LabelRow, string]>([
    ['a time without a zone', row('2026-01-01T09:00:00', '2026-01-01T09:00:01'), '1 time-invalid,1 time-invalid'],
    ['a day that does not exist', row('2026-02-30T09:00:00Z', '2026-03-05T09:00:00Z'), '1 time-invalid'],
    ['an hour that does not exist', row('2026-02-03T24:00:00Z', '2026-03-05T09:00:00Z'), '1 time-invalid'],
    ['a zone that does not exist', row('2026-02-03T20:00:00+99:00', '2026-03-05T09:00:00Z'), '1 time-invalid'],
    ['NaN', row(Number.NaN, 5), '1 time-invalid'],
    ['infinity', row(0, Number.POSITIVE_INFINITY), '1 time-invalid'],
    ['words for infinity', row('0', 'Infinity'), '1 time-invalid'],
    ['an exponent', row('0', '1e3'), '1 time-invalid'],
    ['a negative second', row(-1, 5), '1 time-invalid'],
    ['an empty time', row('', 5), '1 time-invalid'],
    ['an end at its start', row(5, 5), '1 end-not-after-start'],
    ['an end before its start', row(5, 4), '1 end-not-after-start'],
    ['a time of day and a second', row(5, '2026-02-03T20:00:00Z'), '1 clocks-mixed'],
    ['no source', row(1, 2, 'pick', ' '), '1 source-empty'],
  ])('with %s are refused', (_, wrong, problems) => {
    expect(problemsOf([wrong]).join()).toBe(problems)
  })

  it('of one source do not overlap, and those of two may', () => {
    expect(problemsOf([row(0, 5), row(6, 9), row(4, 5.5)])).toEqual(['3 overlap'])
    expect(problemsOf([row(0, 20), row(1, 2), row(3, 4)])).toEqual(['2 overlap', '3 overlap'])
    expect(problemsOf([row(0, 5), row(4, 6, 'pick', 'other')])).toEqual([])
  })

  it('lie inside the ranges that their source declares', () => {
    expect(problemsOf([row(0, 5, ''), row(4, 6)])).toEqual(['2 outside-range'])
  })

  it('count from one zero for each source', () => {
    expect(problemsOf([row(0, 5), row('2026-02-03T20:00:00Z', '2026-02-03T20:00:01Z')])).toEqual(['2 clocks-mixed'])
  })

  it('name steps that exist, and every unknown name is listed with its row', () => {
    const rows = [row(0, 1, 'weld'), row(1, 2), row(2, 3, 'glue')]
    expect(problemsOf(rows, new Set(['pick']))).toEqual(['1 name-unknown', '3 name-unknown'])
  })

  it('may be a hundred thousand', () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => row(i, i + 1, 'pick', `source ${i % 2}`))
    expect(parseLabelRows(rows).labels).toHaveLength(100_000)
  })

  test('are read or refused, never half', () => {
    const time = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.string(),
      fc.date({ noInvalidDate: true }).map(d => d.toISOString()),
    )
    const anyRow = fc.record({
      source: fc.constantFrom('a', 'b', ''),
      start: time,
      end: time,
      label: fc.constantFrom('', 'x', 'y'),
    })
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 6 }), rows => {
        if (problemsOf(rows).length) return
        const { ranges, labels } = parseLabelRows(rows)
        for (const span of [...ranges, ...labels]) {
          expect(span.endMs).toBeGreaterThan(span.startMs)
          expect(Number.isFinite(span.startMs) && Number.isFinite(span.endMs)).toBe(true)
        }
        expect(labels).toHaveLength(rows.filter(r => r.label).length)
      }),
    )
  })
})
