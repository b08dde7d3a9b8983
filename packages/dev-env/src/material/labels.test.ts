import { expect, test } from 'vitest'
import { parseLabels } from './labels.ts'

const header = 'source,start,end,label\n'

test('a label is a range of seconds in a file', () => {
  expect(parseLabels(`${header}a.mp4,1.50,2,take-left\r\n`, 'x.csv')).toEqual([
    { source: 'a.mp4', startSeconds: 1.5, endSeconds: 2, label: 'take-left' },
  ])
})

test.each([
  ['another header', 'file,start,end,label\n', 1],
  ['an end before the start', `${header}a.mp4,2,1,x`, 2],
  ['an empty range', `${header}a.mp4,1,1,x`, 2],
  ['a negative time', `${header}a.mp4,-1,1,x`, 2],
  ['no number', `${header}a.mp4,0,1,x\na.mp4,NaN,1,x`, 3],
  ['a missing column', `${header}a.mp4,0,1`, 2],
  ['a column too many', `${header}a.mp4,0,1,x,y`, 2],
  ['nothing at all', '', 1],
])('%s is refused with its line', (_, text, line) => {
  expect(() => parseLabels(text, 'x.csv')).toThrow(`x.csv:${line} is not source,start,end,label`)
})
