import { expect, test } from 'vitest'
import { renderPng } from './render-png.ts'
import { timelineSvg } from './timeline-svg.ts'

const timeline = {
  title: 'bench <1> & "2"',
  lengthSeconds: 120,
  strips: [
    { name: 'labels', note: '', spans: [{ label: 'pick', startSeconds: 0, endSeconds: 30 }] },
    { name: 'hog', note: 'acc 90', spans: [{ label: 'pack', startSeconds: 60, endSeconds: 60.001 }] },
  ],
  train: [{ startSeconds: 0, endSeconds: 45 }],
  steps: ['pick', 'pack'],
}

test('a timeline has a strip a teller, one axis of round seconds, and names as they are', () => {
  const svg = timelineSvg(timeline)
  expect(svg.match(/\d+ s</g)).toEqual([
    '0 s<',
    '10 s<',
    '20 s<',
    '30 s<',
    '40 s<',
    '50 s<',
    '60 s<',
    '70 s<',
    '80 s<',
    '90 s<',
    '100 s<',
    '110 s<',
    '120 s<',
  ])
  expect(svg).toContain('bench &lt;1&gt; &amp; &quot;2&quot;')
  expect(svg.match(/learnt from/g)).toHaveLength(1)
})

test('it becomes a PNG of its own size', () => {
  const png = Buffer.from(renderPng(timelineSvg(timeline)))
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  expect(png.readUInt32BE(16)).toBe(1600)
})
