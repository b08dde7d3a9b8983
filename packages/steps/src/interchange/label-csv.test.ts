import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyVideo, anyVideos, refusals, sample, span } from '../../test/interchange/spans.ts'
import { parseLabelCsv, printLabelCsv } from './label-csv.ts'
import { MOTION_TIER, TASK_TIER } from './labelled-video.ts'

describe('labels as CSV', () => {
  it('are start, end and label of one video', () => {
    expect(parseLabelCsv('start,end,label\n0,1.5,pick\n1.5,2,fit\n')).toEqual([
      { source: null, spans: [span(0, 1.5, 'pick'), span(1.5, 2, 'fit')] },
    ])
  })

  it('may have a byte order mark, Windows line ends, quotes, sources and tiers', () => {
    expect(parseLabelCsv(sample('labels.csv'))).toEqual([
      {
        source: 'bench.mp4',
        spans: [span(0.5, 1, 'reach', MOTION_TIER), span(0.5, 2.25, 'pick'), span(2.25, 10, 'screw "M4", tight')],
      },
      { source: 'other.mp4', spans: [span(0, 10, 'wait')] },
    ])
  })

  it('name their columns in any order, and any case', () => {
    expect(parseLabelCsv('Label,End,Start\npick,2,1\n')[0]!.spans).toEqual([span(1, 2, 'pick')])
  })

  it('are written with no more columns than they need', () => {
    expect(printLabelCsv([{ source: null, spans: [span(0, 1.5, 'pick, "twice"')] }])).toBe(
      'start,end,label\n0,1.5,"pick, ""twice"""\n',
    )
    expect(printLabelCsv([])).toBe('start,end,label\n')
  })

  it('are the same after writing and reading, whatever the names contain', () => {
    const labelled = (one: { spans: readonly unknown[] }) => one.spans.length > 0
    fc.assert(
      fc.property(
        fc.oneof(
          anyVideo.map(one => [one]),
          anyVideos([TASK_TIER, MOTION_TIER]),
        ),
        videos => {
          expect(parseLabelCsv(printLabelCsv(videos))).toEqual(videos.filter(labelled))
        },
      ),
    )
  })
})

describe('a CSV is refused', () => {
  it.each(
    refusals([
      ['', /the heading lacks start, end, label/],
      ['start,end\n0,1\n', /line 1.*the heading lacks label/],
      ['start,end,label,start\n0,1,a,0\n', /line 1.*value="start".*a column twice/],
      ['start,end,label,note\n0,1,a,b\n', /line 1.*value="note".*no such column/],
      ['start;end;label\n0;1;a\n', /columns are separated by commas/],
      ['start,end,label\n0,5,1,5,a\n', /line 2.*5 fields under 3 columns: decimal commas/],
      ['start,end,label\n"0,5",1,a\n', /line 2, value="0,5".*a decimal comma: seconds are written 1.5/],
      ['start,end,label\n\n0,1,a\n1,2\n', /line 4.*2 fields under 3 columns/],
      ['start,end,label\n0,1,"a\n', /line 2.*[Qq]uote/],
      ['start,end,label\n0,1,a"b\n', /line 2.*[Qq]uote/],
      ['start,end,label\n-1,1,a\n', /line 2, value=-1.*before the beginning/],
      ['start,end,label\nNaN,1,a\n', /line 2, value="NaN".*not a number of seconds/],
      ['start,end,label\n0,Infinity,a\n', /value="Infinity"/],
      ['start,end,label\n0,1e999,a\n', /value=Infinity.*not a finite number/],
      ['start,end,label\n0,0x10,a\n', /value="0x10"/],
      ['start,end,label\n0,00:01:30,a\n', /value="00:01:30"/],
      ['start,end,label\n,1,a\n', /value="".*not a number of seconds/],
      ['start,end,label\n0,1732435200,a\n', /value=1732435200.*a date, or not in seconds/],
      ['start,end,label\n2,1,a\n', /line 2, value=\[2,1\].*the end is not after the start/],
      ['start,end,label\n1,1,a\n', /the end is not after the start/],
      ['start,end,label\n0,1,\n', /line 2.*the label is empty/],
      ['start,end,label\n0,1,"a\nb"\n', /line 2.*control characters/],
      [`start,end,label\n0,1,${'a'.repeat(201)}\n`, /line 2.*longer than 200 characters/],
      ['start,end,label\n0,2,a\n5,6,b\n1,3,c\n', /line 4, value=1.*begins before 2, where "a" of line 2 ends/],
      ['start,end,label\n0,1,a\n0,1,a\n', /line 3.*begins before 1/],
    ]),
  )('with $reason', ({ text, reason }) => {
    expect(() => parseLabelCsv(text)).toThrow(reason)
  })

  it('when it is gigantic', () => {
    expect(() => parseLabelCsv('0'.repeat(2 ** 24 + 1))).toThrow(/more than 16777216 characters/)
    expect(() => parseLabelCsv(`start,end,label\n${'0,1,a\n'.repeat(200_001)}`)).toThrow(/more than 200000 labels/)
    expect(() => parseLabelCsv(','.repeat(2 ** 24))).toThrow(/line 1, problem=more than 64 columns/)
    expect(() => parseLabelCsv(`start,end,label\n0,1,"${'a\n'.repeat(2 ** 23 - 20)}`)).toThrow(
      /line 2.*a quote is not closed/,
    )
  })

  it('or read, and nothing else, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary-ascii' }), anyBrokenCsv), text => {
        expectFault(() => parseLabelCsv(text))
      }),
    )
  })
})

const anyBrokenCsv = fc
  .tuple(anyVideo, fc.nat(400), fc.string({ maxLength: 3 }))
  .map(([video, at, noise]) => printLabelCsv([video]).slice(0, at) + noise)

function expectFault(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    expect((error as Error).name).toBe('StepsError')
    expect((error as Error).message).toMatch(/format=csv, at=/)
  }
}

it('labels that no file may hold are not written either', () => {
  const print = (spans: Parameters<typeof span>[]) => () =>
    printLabelCsv([{ source: null, spans: spans.map(one => span(...one)) }])
  expect(print([[0, Number.NaN, 'a']])).toThrow(/videos\[0\]\.spans\[0\], value=NaN/)
  expect(print([[0, 1, 'a\nb']])).toThrow(/control characters/)
  expect(print([[0, 1, '\ud800']])).toThrow(/half a character/)
  expect(
    print([
      [0, 2, 'a'],
      [1, 3, 'b'],
    ]),
  ).toThrow(/spans\[1\].*begins before 2/)
  const twice = { source: 'a', spans: [] }
  expect(() => printLabelCsv([twice, twice])).toThrow(/videos\[1\], value="a", problem=two videos of one source/)
})
