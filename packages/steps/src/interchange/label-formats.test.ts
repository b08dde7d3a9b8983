import { expect, it } from 'vitest'
import { span } from '../../test/interchange/spans.ts'
import { labelFormats } from './label-formats.ts'
import type { LabelFormat } from './label-place.ts'

const writtenAt = new Date(0)
const video = { source: 'a.mp4', spans: [span(0, 1.5, 'pick'), span(1.5, 2, 'fit')] }

it.each(Object.keys(labelFormats) as LabelFormat[])('%s gives back the video it was given', format => {
  const { parse, print } = labelFormats[format]
  expect(parse(print([video], writtenAt))).toEqual([video])
})

it('an EAF is of one video', () => {
  expect(() => labelFormats.elan.print([], writtenAt)).toThrow(/format=elan, at=videos, value=0/)
})
