import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyVideos, refusals, sample, span } from '../../test/interchange/spans.ts'
import { parseActivityNet, printActivityNet } from './activitynet.ts'
import { type LabelledVideo, MOTION_TIER, TASK_TIER } from './labelled-video.ts'

describe('labels as ActivityNet JSON', () => {
  it('are the segments of each video of its database, in order of time', () => {
    expect(parseActivityNet(sample('activitynet.json'))).toEqual([
      { source: '---9CpRcKoU', spans: [span(0.01, 6.25, 'Opening a bottle'), span(6.25, 12.64, 'Drinking beer')] },
      { source: 'held-out', spans: [] },
    ])
  })

  it('are written with all that the official evaluation asks for', () => {
    const text = printActivityNet([{ source: 'a', spans: [span(0, 1.5, 'pick')] }])
    expect(JSON.parse(text)).toEqual({
      version: 'VERSION 1.3',
      taxonomy: [],
      database: { a: { subset: 'training', annotations: [{ segment: [0, 1.5], label: 'pick' }] } },
    })
  })

  it('are the same after writing and reading', () => {
    // An object has its numeric keys first, so that the order of videos may change.
    const bySource = (videos: readonly LabelledVideo[]) => videos.toSorted((a, b) => (a.source! < b.source! ? -1 : 1))
    fc.assert(
      fc.property(anyVideos([TASK_TIER]), videos => {
        expect(bySource(parseActivityNet(printActivityNet(videos)))).toEqual(bySource(videos))
      }),
    )
  })

  it('have room for one tier, and for no video without a name', () => {
    const spans = [span(0, 1, 'a'), span(0, 1, 'b', MOTION_TIER)]
    expect(() => printActivityNet([{ source: 'a', spans }])).toThrow(/room for one tier/)
    expect(() => printActivityNet([{ source: null, spans: [] }])).toThrow(/a video without a source/)
  })
})

const video = (annotations: unknown): string => JSON.stringify({ database: { v1: { annotations } } })
const segment = (...times: unknown[]): string => video([{ segment: times, label: 'a' }])

describe('an ActivityNet file is refused', () => {
  it.each(
    refusals([
      ['', /line 1.*JSON/],
      [sample('activitynet.json').slice(0, 300), /at=line \d+.*JSON/],
      ['[]', /the document, value=\[\], problem=not an object/],
      ['null', /not an object/],
      ['{}', /no `database`/],
      ['{"results": {}}', /predictions \(`results`\), not labels/],
      ['{"database": []}', /at=database, .*not an object/],
      ['{"database": {"v1": []}}', /at=database\.v1, .*not an object/],
      ['{"database": {"v1": {}}}', /at=database\.v1\.annotations, .*not an array/],
      [video({}), /database\.v1\.annotations, .*not an array/],
      [video([7]), /annotations\[0\], value=7, problem=not an object/],
      [video([{ segment: [0, 1] }]), /annotations\[0\]\.label.*not a string/],
      [video([{ segment: [0, 1], label: '' }]), /annotations\[0\], value="", problem=the label is empty/],
      [segment(0), /annotations\[0\]\.segment, value=\[0\], problem=not a start and an end/],
      [segment('0', '1'), /segment\[0\], value="0", problem=not a number/],
      [segment(null, 1), /segment\[0\], value=null/],
      [segment(-1, 1), /annotations\[0\], value=-1/],
      [segment(2, 1), /value=\[2,1\].*the end is not after the start/],
      [segment(0, 1e12), /a date, or not in seconds/],
      ['{"database": {"v1": {"annotations": [{"segment": [0, NaN], "label": "a"}]}}}', /at=line 1.*JSON/],
      ['{"database": {"v1": {"annotations": [{"segment": [0, 1e999], "label": "a"}]}}}', /value=Infinity/],
      [
        video([
          { segment: [0, 2], label: 'a' },
          { segment: [1, 3], label: 'b' },
        ]),
        /annotations\[1\], value=1.*begins before 2, where "a" of database\.v1\.annotations\[0\] ends/,
      ],
      [
        '{"database": {"v1": {"annotations": []},\n"v1": {"annotations": []}}}',
        /line 2, value="v1", problem=a key twice/,
      ],
      ['{"database": {"\\u0061": {"annotations": []}, "a": {"annotations": []}}}', /value="a", problem=a key twice/],
      [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, /not an object/],
    ]),
  )('with $reason', ({ text, reason }) => {
    expect(() => parseActivityNet(text)).toThrow(reason)
  })

  it('with no surprise from a video named __proto__', () => {
    const text = '{"database": {"__proto__": {"annotations": [{"segment": [0, 1], "label": "constructor"}]}}}'
    expect(parseActivityNet(text)).toEqual([{ source: '__proto__', spans: [span(0, 1, 'constructor')] }])
    expect(() => parseActivityNet('{"__proto__": {"database": {}}}')).toThrow(/no `database`/)
  })

  it('or read, and nothing else, wherever it is cut', () => {
    const whole = sample('activitynet.json')
    for (let end = 0; end < whole.trimEnd().length; end++) {
      expect(() => parseActivityNet(whole.slice(0, end))).toThrow(/format=activitynet, at=line \d+/)
    }
  })
})
