import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { type LabelledVideo, type LabelSpan, MOTION_TIER, TASK_TIER } from '../../src/interchange/labelled-video.ts'

/** A sample in the layout of the tool that it is named for. */
export const sample = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

/** A span of the task tier, or of another. */
export const span = (startSeconds: number, endSeconds: number, label: string, tier = TASK_TIER): LabelSpan => ({
  startSeconds,
  endSeconds,
  label,
  tier,
})

/** Rows of a table of tests, which are named for the reason: the texts can be long. */
export const refusals = (rows: readonly (readonly [text: string, reason: RegExp])[]) =>
  rows.map(([text, reason]) => ({ text, reason }))

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: names have none
  .map(text => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '').trim())
  .filter(text => text !== '' && text.isWellFormed())

const spansOf = (tier: string) =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 90_000 }), name), { maxLength: 6 })
    .map(parts => {
      let ms = 0
      return parts.map(([gap, length, label]) => {
        const start = ms + gap
        ms = start + length
        return span(start / 1000, ms / 1000, label, tier)
      })
    })

const compare = (a: LabelSpan, b: LabelSpan): number =>
  a.startSeconds - b.startSeconds || (a.tier < b.tier ? -1 : a.tier > b.tier ? 1 : 0)

const video = (source: fc.Arbitrary<string | null>, tiers: readonly string[]): fc.Arbitrary<LabelledVideo> =>
  fc.tuple(source, ...tiers.map(spansOf)).map(([source, ...spans]) => ({ source, spans: spans.flat().sort(compare) }))

/** A video's labels on a grid of milliseconds, side by side in each tier, whatever the names contain. */
export const anyVideo: fc.Arbitrary<LabelledVideo> = video(fc.option(name), [TASK_TIER, MOTION_TIER, 'Left & "<hand>"'])

/** Videos of different sources. */
export const anyVideos = (tiers: readonly string[]): fc.Arbitrary<readonly LabelledVideo[]> =>
  fc.uniqueArray(video(name, tiers), { selector: ({ source }) => source, maxLength: 4 })
