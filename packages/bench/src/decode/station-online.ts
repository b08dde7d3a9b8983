import { advance, fitHead, openDecoder, STEP_SECONDS, type StepHead, type TimeStep } from '@takt/steps'
import type { Figures } from '../benchmark.ts'
import { significant } from '../measure/round.ts'
import { seededRandom } from './seeded-random.ts'

/** A view's features: 16 places of 192 numbers, as the plant's encoder gives them. */
const dim = 16 * 192
const classes = ['background', ...Array.from({ length: 6 }, (_, step) => `step ${step + 1}`)]
const stepsEach = 12

/** A segment of four seconds. */
const stepsInSegment = 16

/**
 * CPU of one station's decoder as a share of a core: normalising, scoring, deciding at a fixed lag, and the provisional
 * intervals. It is given the steps of a segment at a time, as video comes, and for comparison one at a time, where the
 * steps that wait for their look-ahead are scored again each time.
 */
export async function stationOnline({ minutes, signal }: { minutes: number; signal: AbortSignal }): Promise<Figures> {
  const { observe, classAt } = drawWork()
  const labelled = Array.from({ length: 4 * classes.length * stepsEach }, (_, step) => step)
  const { head } = await fitHead({
    sequences: [{ steps: labelled.map(observe), labels: Int16Array.from(labelled, classAt) }],
    classes,
    options: { evidenceWeight: 0.4, halfLifeSteps: 40 },
    signal,
  })
  const steps = Array.from({ length: Math.round((minutes * 60) / STEP_SECONDS) }, (_, step) => observe(step))
  decodeInTurns(head, steps.slice(0, 480), 1)
  const bySegment = decodeInTurns(head, steps, stepsInSegment)
  return {
    percentOfACore: bySegment.percentOfACore,
    percentOfACoreStepByStep: decodeInTurns(head, steps, 1).percentOfACore,
    features: dim,
    classes: classes.length,
    minutes,
    intervals: bySegment.intervals,
  }
}

/** Work whose steps take three seconds each and look, through noise, like one of as many prototypes. */
function drawWork() {
  const { normal } = seededRandom(3)
  const prototypes = classes.map(() => Float32Array.from({ length: dim }, normal))
  const classAt = (step: number) => Math.floor(step / stepsEach) % classes.length
  const observe = (step: number): TimeStep => {
    return { kind: 'observed', views: { front: prototypes[classAt(step)]!.map(value => value + 2 * normal()) } }
  }
  return { observe, classAt }
}

function decodeInTurns(head: StepHead, steps: readonly TimeStep[], stepsInTurn: number) {
  let state = openDecoder(head, 0)
  let intervals = 0
  const before = process.cpuUsage()
  for (let from = 0; from < steps.length; from += stepsInTurn) {
    const next = advance(head, state, steps.slice(from, from + stepsInTurn))
    state = next.state
    intervals += next.finals.length
  }
  const { user, system } = process.cpuUsage(before)
  const seconds = steps.length * STEP_SECONDS
  return { percentOfACore: significant((user + system) / 1e4 / seconds), intervals }
}
