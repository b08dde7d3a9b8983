import type { TimeRange } from '../time-range.ts'
import { escapeXml } from './escape-xml.ts'
import { stepColours } from './step-colours.ts'

/** A stretch of one step on a strip. */
export interface TimelineSpan extends TimeRange {
  readonly label: string
}

/** One line of the picture: what somebody says was done when. */
export interface TimelineStrip {
  readonly name: string
  /** Said in small letters under the name. */
  readonly note: string
  readonly spans: readonly TimelineSpan[]
}

export interface Timeline {
  readonly title: string
  readonly lengthSeconds: number
  readonly strips: readonly TimelineStrip[]
  /** What was learnt from: shaded, and marked as such. */
  readonly train: readonly TimeRange[]
  /** The steps in the order of their colours. */
  readonly steps: readonly string[]
}

const WIDTH = 1600
const MARGIN = { left: 210, right: 30, top: 70 } as const
const STRIP = { height: 46, gap: 26 } as const
const AXIS_HEIGHT = 40
const LEGEND = { columns: 4, rowHeight: 26 } as const
const MOST_TICKS = 16

/** Strips of steps over one axis of seconds, with a legend: an SVG document. */
export function timelineSvg(timeline: Timeline): string {
  const { title, lengthSeconds, strips, train, steps } = timeline
  const colours = stepColours(steps)
  const x = (seconds: number) => MARGIN.left + (seconds / lengthSeconds) * (WIDTH - MARGIN.left - MARGIN.right)
  const top = (strip: number) => MARGIN.top + strip * (STRIP.height + STRIP.gap)
  const bottom = top(strips.length) - STRIP.gap
  const legendTop = bottom + AXIS_HEIGHT + 24
  const height = legendTop + Math.ceil(steps.length / LEGEND.columns) * LEGEND.rowHeight + 10
  const parts = [
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text({ x: 24, y: 38, size: 22 }, title),
    ...train.flatMap(({ startSeconds, endSeconds }) => [
      rect(
        {
          x: x(startSeconds),
          y: MARGIN.top - 12,
          width: x(endSeconds) - x(startSeconds),
          height: bottom - MARGIN.top + 24,
        },
        '#eef2f7',
      ),
      text({ x: x(startSeconds) + 4, y: MARGIN.top - 16, size: 13, fill: '#5b6b80' }, 'learnt from'),
    ]),
    ...strips.flatMap(({ name, note, spans }, row) => [
      text({ x: 24, y: top(row) + 20, size: 16 }, name),
      text({ x: 24, y: top(row) + 39, size: 12, fill: '#5b6b80' }, note),
      rect({ x: x(0), y: top(row), width: x(lengthSeconds) - x(0), height: STRIP.height }, '#f6f6f6'),
      ...spans.map(({ startSeconds, endSeconds, label }) =>
        rect(
          {
            x: x(startSeconds),
            y: top(row),
            width: Math.max(1, x(endSeconds) - x(startSeconds)),
            height: STRIP.height,
          },
          colours.get(label) ?? '#000000',
        ),
      ),
    ]),
    ...ticks(lengthSeconds).flatMap(seconds => [
      rect({ x: x(seconds), y: MARGIN.top - 6, width: 1, height: bottom - MARGIN.top + 14 }, '#00000022'),
      text({ x: x(seconds), y: bottom + 26, size: 13, anchor: 'middle' }, `${seconds} s`),
    ]),
    ...steps.flatMap((step, index) => {
      const left = 24 + (index % LEGEND.columns) * ((WIDTH - 48) / LEGEND.columns)
      const y = legendTop + Math.floor(index / LEGEND.columns) * LEGEND.rowHeight
      return [
        rect({ x: left, y, width: 18, height: 18 }, colours.get(step)!),
        text({ x: left + 26, y: y + 14, size: 14 }, step),
      ]
    }),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="DejaVu Sans">${parts.join('\n')}</svg>`
}

/** Whole, round seconds, at most sixteen of them. */
function ticks(lengthSeconds: number): readonly number[] {
  const every = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].find(s => lengthSeconds / s <= MOST_TICKS) ?? 7200
  return Array.from({ length: Math.floor(lengthSeconds / every) + 1 }, (_, i) => i * every)
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const rect = ({ x, y, width, height }: Box, fill: string): string =>
  `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${height}" fill="${fill}"/>`

interface Lettering {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly fill?: string
  readonly anchor?: 'start' | 'middle'
}

const text = ({ x, y, size, fill = '#1c2733', anchor = 'start' }: Lettering, content: string): string =>
  `<text x="${x.toFixed(1)}" y="${y}" font-size="${size}" fill="${fill}" text-anchor="${anchor}">${escapeXml(content)}</text>`
