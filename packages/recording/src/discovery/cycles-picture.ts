import type { DiscoveredWork } from '@takt/steps'
import { timelineSvg } from '../picture/timeline-svg.ts'

/** What is drawn of a step that has no name yet. */
export const stepName = (step: number): string => `step ${step}`

/** The cycles of a recording one under the other, each from its own start, with their steps: an SVG document. */
export function cyclesSvg(title: string, work: DiscoveredWork & { readonly found: true }): string {
  const strips = work.cycles.map(({ startSeconds, endSeconds, whole, certainty, steps }, index) => ({
    name: `${index + 1}: ${(endSeconds - startSeconds).toFixed(1)} s`,
    note: `from ${startSeconds.toFixed(1)} s · ${whole ? 'certainty' : 'cut, certainty'} ${certainty.toFixed(2)}`,
    spans: steps.map(({ step, ...span }) => ({
      label: stepName(step),
      startSeconds: span.startSeconds - startSeconds,
      endSeconds: span.endSeconds - startSeconds,
    })),
  }))
  const lengthSeconds = Math.max(...work.cycles.map(({ startSeconds, endSeconds }) => endSeconds - startSeconds))
  const steps = Array.from({ length: work.stepCount }, (_, index) => stepName(index + 1))
  return timelineSvg({ title, lengthSeconds, strips, train: [], steps })
}
