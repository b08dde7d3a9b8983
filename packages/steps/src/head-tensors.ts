import { type BorderCalibration, isBorderCalibration } from './border-calibration.ts'
import { StepsError } from './errors.ts'
import { isMotionText, type MotionText, motionTensors, motionText, readMotions } from './motions/motion-file.ts'
import type { HeadKind, ViewScorer } from './scorer-kinds.ts'
import { assembleHead, type HeadParts, MOST_EVIDENCE_WEIGHT, type StepHead } from './step-head.ts'
import { REACH } from './temporal-head/window-network.ts'
import { type FloatTensor, isHeadKind, type TakeTensor, type ViewText, viewFileOf } from './view-tensors.ts'

/** A head as named float32 tensors and text, the shape of a safetensors file. */
export type HeadTensors = {
  readonly tensors: Readonly<Record<string, FloatTensor>>
  readonly metadata: Readonly<Record<string, string>>
}

/** Heads of linear scorers alone, as they have always been written; and heads whose views say of what kind they are. */
const LINEAR_FORMAT = 'takt-step-head-1'
const KINDS_FORMAT = 'takt-step-head-2'

/** What the text carries, as JSON under `head`. */
type HeadText = {
  readonly classes: readonly string[]
  readonly lookAheadSteps: number
  readonly lagSteps: number
  readonly evidenceWeight: number
  /** Left out of files from before it was learnt. */
  readonly calibration?: BorderCalibration
  readonly farthest?: readonly number[] | undefined
  /** Left out where no motions were labelled. */
  readonly motions?: MotionText | undefined
  readonly views: readonly (ViewText & { readonly kind?: HeadKind })[]
}

/** The head as tensors: `durations.hazards`, `transitions.*`, and `views.<index>.*`. */
export function headToTensors(head: StepHead): HeadTensors {
  const classCount = head.classes.length
  const isLinear = head.views.every(({ kind }) => kind === 'linear')
  const text: HeadText = {
    classes: head.classes,
    lookAheadSteps: head.lookAheadSteps,
    lagSteps: head.lagSteps,
    evidenceWeight: head.evidenceWeight,
    calibration: head.calibration,
    farthest: head.farthest,
    motions: head.motions && motionText(head.motions),
    views: head.views.map(scorer => {
      const own = viewFileOf(scorer.kind).text(scorer)
      return isLinear ? own : { kind: scorer.kind, ...own }
    }),
  }
  const ofViews = head.views.flatMap((scorer, index) => {
    const named = Object.entries(viewFileOf(scorer.kind).tensors(scorer))
    return named.map(([name, tensor]) => [`views.${index}.${name}`, tensor] as const)
  })
  return {
    metadata: { format: isLinear ? LINEAR_FORMAT : KINDS_FORMAT, id: head.id, head: JSON.stringify(text) },
    tensors: {
      'durations.hazards': { shape: [classCount, head.durations.maxSteps], data: head.durations.hazards },
      'transitions.next': { shape: [classCount, classCount], data: head.transitions.next },
      'transitions.initial': { shape: [classCount], data: head.transitions.initial },
      ...Object.fromEntries(ofViews),
      ...(head.motions && motionTensors(head.motions)),
    },
  }
}

/** The head that `headToTensors` wrote, with the same id; throws `head_malformed` for anything else. */
export function headFromTensors({ tensors, metadata }: HeadTensors): StepHead {
  const text = parseText(metadata.head)
  const isLinear = metadata.format === LINEAR_FORMAT
  if (!isLinear && metadata.format !== KINDS_FORMAT) throw new StepsError('head_malformed', { format: metadata.format })
  const classCount = text.classes.length
  const take: TakeTensor = (name, shape, fits = Number.isFinite) => takeTensor(tensors, name, shape, fits)
  const hazards = take('durations.hazards', [classCount, undefined], value => value > 0 && value < 1).data
  const maxSteps = hazards.length / classCount
  // A window of evidence, at its longest when a run is closed, must lie within the explicit durations.
  if (maxSteps < 2 * text.lagSteps + text.lookAheadSteps + 2) {
    throw new StepsError('head_malformed', { maxSteps, lagSteps: text.lagSteps, lookAheadSteps: text.lookAheadSteps })
  }
  const views = text.views.map(({ kind = 'linear', ...own }, index): ViewScorer => {
    if (isLinear && kind !== 'linear') throw new StepsError('head_malformed', { view: own.viewId, kind })
    if (kind === 'temporal' && text.lookAheadSteps < REACH) {
      throw new StepsError('head_malformed', { lookAheadSteps: text.lookAheadSteps, reach: REACH })
    }
    const takeOwn: TakeTensor = (name, ...rest) => take(`views.${index}.${name}`, ...rest)
    return viewFileOf(kind).read(own, takeOwn, classCount)
  })
  const isProbability = (value: number) => value >= 0 && value <= 1
  const parts: HeadParts = {
    classes: text.classes,
    views,
    durations: { maxSteps, hazards },
    transitions: {
      next: take('transitions.next', [classCount, classCount], isProbability).data,
      initial: take('transitions.initial', [classCount], value => value > 0 && value <= 1).data,
    },
    lookAheadSteps: text.lookAheadSteps,
    lagSteps: text.lagSteps,
    evidenceWeight: text.evidenceWeight,
    calibration: text.calibration,
    ...(text.farthest && { farthest: text.farthest }),
    ...(text.motions && { motions: readMotions(text.motions, take, text) }),
  }
  const head = assembleHead(parts)
  if (head.id !== metadata.id) throw new StepsError('head_malformed', { id: metadata.id, computed: head.id })
  return head
}

function takeTensor(
  tensors: HeadTensors['tensors'],
  name: string,
  shape: readonly (number | undefined)[],
  fits: (value: number) => boolean,
): FloatTensor {
  const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined
  if (tensor === undefined) throw new StepsError('head_malformed', { missing: name })
  const hasShape =
    tensor.shape.length === shape.length && shape.every((size, i) => (size ?? tensor.shape[i]) === tensor.shape[i])
  const size = tensor.shape.reduce((product, length) => product * length, 1)
  if (!hasShape || size === 0 || tensor.data.length !== size) {
    throw new StepsError('head_malformed', {
      tensor: name,
      shape: tensor.shape.join('x'),
      elements: tensor.data.length,
    })
  }
  const index = tensor.data.findIndex(value => !fits(value))
  if (index >= 0) throw new StepsError('head_malformed', { tensor: name, index, value: tensor.data[index] })
  return tensor
}

function parseText(json: string | undefined): HeadText {
  let text: unknown
  try {
    text = JSON.parse(json ?? '')
  } catch (cause) {
    throw new StepsError('head_malformed', { head: json?.slice(0, 80) }, cause)
  }
  if (!isHeadText(text)) throw new StepsError('head_malformed', { head: json?.slice(0, 80) })
  return text
}

function isHeadText(value: unknown): value is HeadText {
  if (!isRecord(value)) return false
  const { classes, lookAheadSteps, lagSteps, evidenceWeight, calibration, farthest, motions, views } = value
  return (
    Array.isArray(classes) &&
    classes.length >= 2 &&
    classes.every(name => typeof name === 'string') &&
    isWithin(lookAheadSteps, 0, 64) &&
    Number.isInteger(lookAheadSteps) &&
    isWithin(lagSteps, 1, 40) &&
    Number.isInteger(lagSteps) &&
    isWithin(evidenceWeight, Number.MIN_VALUE, MOST_EVIDENCE_WEIGHT) &&
    (calibration === undefined || isBorderCalibration(calibration)) &&
    (farthest === undefined || (Array.isArray(farthest) && farthest.every(value => isWithin(value, 0, 1e18)))) &&
    (motions === undefined || isMotionText(motions, isViewText)) &&
    Array.isArray(views) &&
    views.length > 0 &&
    views.every(isViewText) &&
    new Set(views.map(({ viewId, kind }) => JSON.stringify([viewId, kind]))).size === views.length
  )
}

function isViewText(value: unknown): value is ViewText & { readonly kind?: HeadKind } {
  if (!isRecord(value)) return false
  return (
    (value.kind === undefined || isHeadKind(value.kind)) &&
    typeof value.viewId === 'string' &&
    isWithin(value.temperature, 1e-3, 1e3) &&
    isWithin(value.halfLifeSteps, 1e-3, 1e9) &&
    isWithin(value.priorWeight, 0, 1e9) &&
    isWithin(value.varianceFloor, 1e-6, 1e3)
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most
}
