import type { SegmentationFigures } from '@takt/steps'

/** A line a method, with percentages as the field prints them. */
export function figureLines(title: string, results: Readonly<Record<string, SegmentationFigures>>): readonly string[] {
  const row = ({ accuracy, edit, f1At10, f1At25, f1At50 }: SegmentationFigures) =>
    [accuracy, edit, f1At10, f1At25, f1At50].map(figure => (figure?.toFixed(1) ?? '–').padStart(8)).join('')
  const heading = ['acc', 'edit', 'F1@10', 'F1@25', 'F1@50'].map(name => name.padStart(8)).join('')
  return [
    `${title.padEnd(12)}${heading}`,
    ...Object.entries(results).map(([name, figures]) => `${name.padEnd(12)}${row(figures)}`),
  ]
}
