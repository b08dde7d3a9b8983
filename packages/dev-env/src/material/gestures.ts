import { join } from 'node:path'
import { materialDirectory, readLabels } from './labels.ts'

/** The frame rate of every clip. */
export const clipFramesPerSecond = 30

/** One recorded gesture; frames before `startFrame` and from `endFrame` on show the person at rest. */
export interface Gesture {
  readonly name: string
  readonly file: string
  readonly startFrame: number
  readonly endFrame: number
}

/** A person whose gestures make up one station's process: with clothes mixed, they would give the step away. */
export interface Performer {
  /** Opens every cycle. */
  readonly first: string
  /** In their usual order. */
  readonly others: readonly string[]
  /** Left out of some cycles. */
  readonly optional: string
}

export const performers = {
  'hooded-jumper': { first: 'again', others: ['brother', 'help', 'no', 'student', 'yes'], optional: 'student' },
  'grey-t-shirt': { first: 'please', others: ['bird', 'milk', 'sorry', 'thanks'], optional: 'milk' },
} as const satisfies Readonly<Record<string, Performer>>

export type Person = keyof typeof performers

/** The gestures a person makes, the first of the process first. */
export const readGestures = async (person: Person): Promise<readonly Gesture[]> => {
  const labels = await readLabels(join(materialDirectory, 'asl-gestures.labels.csv'))
  const { first, others } = performers[person]
  return [first, ...others].map(name => {
    const label = labels.find(({ label }) => label === name)
    if (label === undefined) throw new TypeError(`asl-gestures.labels.csv has no ${name}`)
    return {
      name,
      file: join(materialDirectory, label.source),
      startFrame: Math.round(label.startSeconds * clipFramesPerSecond),
      endFrame: Math.round(label.endSeconds * clipFramesPerSecond),
    }
  })
}
