import { mapNamed, random } from '@takt/nn'
import type { NamedTensors } from '@takt/onnx'
import type { HeadRecipe } from './head-recipes.ts'
import { groupLengths, groupOf } from './length-groups.ts'
import { type Known, lessons } from './lessons.ts'
import { SequenceFeed, schedule } from './sequence-feed.ts'
import type { SequenceHead } from './sequence-head.ts'
import type { TrainingOfLengths } from './training-of-lengths.ts'

export type CourseOptions = {
  readonly head: Omit<SequenceHead, 'networks'>
  readonly recipe: HeadRecipe
  readonly seed: number
  readonly training: TrainingOfLengths
  readonly signal: AbortSignal | undefined
}

/** Changes of pace in a step of median length. */
const KNOTS_A_STEP = 12

/**
 * How a network learns from sequences, an epoch a call, which gives its mean loss: every sequence once, one a step, those
 * of a length together, in an order that is drawn. The next one is read while a step is made.
 */
export function openCourse(known: readonly Known[], options: CourseOptions): (epoch: number) => Promise<number> {
  const { head, recipe, seed, training, signal } = options
  const { network, sizes, standard } = head
  const groups = groupLengths(known.map(({ sequence }) => sequence.times))
  const { stepLength } = sizes
  const borderSteps = Math.round(recipe.border * stepLength)
  const lesson = lessons(known, { classCount: sizes.classes, balance: recipe.balance, borderSteps })
  const feed = new SequenceFeed({ ...sizes, longest: groups.at(-1)! }, standard)

  return async epoch => {
    const draw = random(seed, `epoch ${epoch}`)
    const order = drawnOrder(known, { groups, draw })
    const read = async (at: number) => {
      const each = order[at]
      if (!each) return undefined
      const length = groupOf(groups, each.sequence.times)
      const knotSteps = Math.max(1, Math.round(stepLength / KNOTS_A_STEP))
      const showing = { length, augmentation: recipe.augmentation, knotSteps, dropout: network.dropout, draw }
      const inputs = await feed.lesson(each.sequence, lesson(each), showing)
      const step = epoch * known.length + at + 1
      return { length, inputs: { ...oneStep(inputs), ...schedule(recipe.rate, recipe.decay, step) } }
    }
    let loss = 0
    let next = read(0)
    for (let at = 0; at < order.length; at++) {
      signal?.throwIfAborted()
      const { length, inputs } = (await next)!
      next = read(at + 1)
      // It is waited for in the next round, and may fail before.
      next.catch(() => {})
      loss += (await training.advance(length, inputs)) / order.length
    }
    return loss
  }
}

/** Sequences by groups of a length, both in an order that is drawn: another model is a handing over of the state. */
function drawnOrder(
  known: readonly Known[],
  { groups, draw }: { readonly groups: readonly number[]; readonly draw: () => number },
): readonly Known[] {
  return shuffled(groups, draw).flatMap(group => {
    return shuffled(
      known.filter(({ sequence }) => groupOf(groups, sequence.times) === group),
      draw,
    )
  })
}

function shuffled<T>(items: readonly T[], draw: () => number): readonly T[] {
  const list = [...items]
  for (let last = list.length - 1; last > 0; last--) {
    const other = Math.floor(draw() * (last + 1))
    ;[list[last], list[other]] = [list[other]!, list[last]!]
  }
  return list
}

/** Inputs as stacks of one step. */
const oneStep = (inputs: NamedTensors): NamedTensors =>
  mapNamed(inputs, value => ({ ...value, shape: [1, ...value.shape] }))
