import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyVideos, refusals, sample, span } from '../../test/interchange/spans.ts'
import { parseLabelStudio, printLabelStudio } from './label-studio.ts'
import { type LabelledVideo, MOTION_TIER, TASK_TIER } from './labelled-video.ts'

const bench: LabelledVideo = {
  source: '/data/upload/1/3f2c9a1b-bench.mp4',
  spans: [span(0.5, 1, 'reach', MOTION_TIER), span(0.5, 2.25, 'pick'), span(2.25, 10, 'screw "M4", tight')],
}

describe('labels of Label Studio', () => {
  it('are the regions of an export "JSON", a tier a control tag, without cancelled work and choices', () => {
    const untouched = { source: '/data/upload/1/untouched.mp4', spans: [] }
    expect(parseLabelStudio(sample('label-studio.json'))).toEqual([bench, untouched])
  })

  it('are the same in an export "JSON-MIN"', () => {
    expect(parseLabelStudio(sample('label-studio-min.json'))).toEqual([bench])
  })

  it('are frames from 1, the last one included, on a video timeline, and seconds on a time series', () => {
    expect(parseLabelStudio(sample('label-studio-timeline.json'), 25)).toEqual([
      { source: 'clip.mp4', spans: [span(0, 1, 'pick'), span(1, 1.04, 'fit')] },
      { source: '/samples/time-series.csv?time=time&values=x', spans: [span(3, 4.5, 'Run', 'label')] },
    ])
    expect(() => parseLabelStudio(sample('label-studio-timeline.json'))).toThrow(/the frame rate .* is needed/)
  })

  it('are the same after writing and reading', () => {
    fc.assert(
      fc.property(anyVideos([TASK_TIER, MOTION_TIER]), videos => {
        expect(parseLabelStudio(printLabelStudio(videos))).toEqual(videos)
      }),
    )
  })

  it('are the same as "JSON-MIN" of what was written', () => {
    fc.assert(
      fc.property(anyVideos([TASK_TIER, MOTION_TIER]), videos => {
        expect(parseLabelStudio(minimised(printLabelStudio(videos)))).toEqual(videos)
      }),
    )
  })

  it('are not written for a video without a name', () => {
    expect(() => printLabelStudio([{ source: null, spans: [] }])).toThrow(/a video without a source/)
  })

  it('are those of the one ground truth where several people annotated', () => {
    const truth = annotation([region('labels', { start: 0, end: 1, labels: ['b'] })], { ground_truth: true })
    const other = annotation([region('labels', { start: 0, end: 1, labels: ['a'] })])
    expect(parseLabelStudio(task([other, truth]))[0]!.spans).toEqual([span(0, 1, 'b')])
    expect(() => parseLabelStudio(task([other, { ...other, id: 8 }]))).toThrow(
      /tasks\[0\]\.annotations, value=\[7,8\], problem=several annotations/,
    )
  })
})

/** What Label Studio's converter makes of tasks with one annotation each. */
function minimised(text: string): string {
  type Result = { from_name: string; value: object }
  const tasks: { data: object; annotations: { result: Result[] }[] }[] = JSON.parse(text)
  return JSON.stringify(
    tasks.map(({ data, annotations }, id) => {
      const byTag = Map.groupBy(annotations[0]!.result, ({ from_name }) => from_name)
      const tags = [...byTag].map(([tag, results]) => [tag, results.map(({ value }) => value)])
      return { ...data, id, ...Object.fromEntries(tags), annotator: 1, annotation_id: id, lead_time: 1 }
    }),
  )
}

const region = (type: string, value: unknown, id = 'r1'): object => ({ id, from_name: TASK_TIER, type, value })
const annotation = (result: unknown, rest: object = {}): object => ({ id: 7, result, ...rest })
const task = (annotations: unknown, data: unknown = { video: 'a.mp4' }): string =>
  JSON.stringify([{ data, annotations }])
const labelled = (value: unknown): string => task([annotation([region('labels', value)])])
const timeline = (...ranges: unknown[]): string =>
  task([annotation([region('timelinelabels', { ranges, timelinelabels: ['a'] })])])

describe('an export of Label Studio is refused', () => {
  it.each(
    refusals([
      ['', /at=line 1.*JSON/],
      ['{}', /at=tasks, .*not an array/],
      ['[7]', /tasks\[0\], value=7, problem=not an object/],
      [JSON.stringify([{ id: 1, completions: [] }]), /before Label Studio 1\.0/],
      [task({}), /tasks\[0\]\.annotations, .*not an array/],
      [task([7]), /annotations\[0\], value=7/],
      [task([{}]), /annotations\[0\]\.result.*not an array/],
      [task([annotation([7])]), /result\[0\], value=7/],
      [task([], 'a.mp4'), /tasks\[0\]\.data, value="a.mp4"/],
      [task([], { video: '' }), /data\.video, value="", problem=the source is empty/],
      [labelled(null), /result\[0\]\.value, value=null/],
      [labelled({ start: 0, end: 1 }), /not a labelled time/],
      [labelled({ start: 0, end: 1, labels: [] }), /value\.labels, value=\[\], problem=not exactly one label/],
      [labelled({ start: 0, end: 1, labels: ['a', 'b'] }), /value=\["a","b"\], problem=not exactly one label/],
      [labelled({ start: 0, end: 1, labels: [7] }), /labels\[0\], value=7/],
      [labelled({ start: '0', end: 1, labels: ['a'] }), /value\.start, value="0", problem=not a number/],
      [labelled({ start: null, end: 1, labels: ['a'] }), /value\.start, value=null/],
      [labelled({ start: -0.1, end: 1, labels: ['a'] }), /value=-0\.1/],
      [labelled({ start: 1, end: 0, labels: ['a'] }), /the end is not after the start/],
      [labelled({ start: 1592250751951.8, end: 1592251071946.6, labels: ['a'] }), /a date, or not in seconds/],
      [timeline({ start: 1.5, end: 2 }), /ranges\[0\]\.start, value=1\.5, problem=frames are whole/],
      [timeline({ start: 0, end: 2 }), /value=0, problem=frames are whole and count from 1/],
      [timeline({ start: 5, end: 3 }), /the end is not after the start/],
      [timeline(), /not exactly one range/],
      [task([annotation([region('videorectangle', { sequence: [], labels: ['a'] })])]), /value="videorectangle"/],
      [task([annotation([{ type: 'labels', value: { start: 0, end: 1, labels: ['a'] } }])]), /the tier is empty/],
      [
        task([
          annotation([
            region('labels', { start: 0, end: 2, labels: ['a'] }),
            region('labels', { start: 1, end: 3, labels: ['b'] }, 'r2'),
          ]),
        ]),
        /result\[1\]\.value, value=1.*begins before 2/,
      ],
      [
        task([
          annotation([
            region('labels', { start: 0, end: 1, labels: ['a'] }),
            region('labels', { start: 2, end: 3, labels: ['b'] }),
          ]),
        ]),
        /result\[1\], value="task r1", problem=a control tag and region id twice/,
      ],
      [
        JSON.stringify([
          { id: 1, video: 'a.mp4' },
          { id: 1, video: 'a.mp4' },
        ]),
        /tasks\[1\], value="a.mp4".*two tasks, or by two people/,
      ],
    ]),
  )('with $reason', ({ text, reason }) => {
    expect(() => parseLabelStudio(text, 25)).toThrow(reason)
  })

  it('wherever it is cut', () => {
    const whole = sample('label-studio.json').trimEnd()
    for (let end = 0; end < whole.length; end += 7) {
      expect(() => parseLabelStudio(whole.slice(0, end))).toThrow(/format=label-studio, at=line \d+/)
    }
  })
})
