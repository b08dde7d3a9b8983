import { type ByteReader, type ByteWriter, byteReader, byteWriter } from './binary.ts'
import type { DecidedSegment, DecoderState } from './decoder-state.ts'
import { StepsError } from './errors.ts'
import { fingerprint } from './fingerprint.ts'
import { partCount, scorersOf } from './motions/motion-model.ts'
import { MOST_MOTION_STEPS } from './motions/motions-of-interval.ts'
import { kindOf } from './scorer-kinds.ts'
import type { StepHead } from './step-head.ts'

/** "TKDC" and a version; the body follows, then its fingerprint. */
const MAGIC = 0x43444b54
const VERSION = 2
const HEADER = 8
const FINGERPRINT = 16

/**
 * A decoder's state as bytes: magic, version, fingerprint of the body, body. Everything is kept in the precision the
 * decoder works in, so that going on from a checkpoint equals never having stopped, bit for bit.
 */
export function encodeCheckpoint(state: DecoderState): Uint8Array {
  const body = byteWriter()
  body.text(state.headId)
  body.float64(state.ahead.seenThrough)
  body.float64(state.ahead.readyThrough)
  body.float64(state.originStep)
  body.float64(state.decidedThrough)
  body.float64(state.weighedThrough)
  body.uint32(state.evidence.length)
  for (const scores of state.evidence) body.array(scores)
  body.uint32(state.path.length)
  for (const segment of state.path) writeSegment(body, segment)
  for (const view of state.ahead.views) kindOf(view).write(body, view)
  if (state.motionEvidence.length > 0) {
    body.uint32(state.motionEvidence.length)
    for (const evidence of state.motionEvidence) body.array(evidence)
  }

  const bytes = body.bytes()
  const whole = byteWriter()
  whole.uint32(MAGIC)
  whole.uint32(VERSION)
  const digits = new TextEncoder().encode(fingerprint([bytes]))
  whole.array(new Int8Array(digits.buffer, digits.byteOffset, digits.length))
  whole.array(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length))
  return whole.bytes()
}

/**
 * The state that `encodeCheckpoint` wrote, for the head it was made with. Throws `checkpoint_malformed`,
 * `checkpoint_version` or `checkpoint_of_other_head`.
 */
export function decodeCheckpoint(bytes: Uint8Array, head: StepHead): DecoderState {
  try {
    return readState(openBody(bytes), head)
  } catch (cause) {
    if (cause instanceof StepsError) throw cause
    throw new StepsError('checkpoint_malformed', { bytes: bytes.length }, cause)
  }
}

function openBody(bytes: Uint8Array): ByteReader {
  const header = byteReader(bytes)
  const magic = header.uint32()
  const version = header.uint32()
  if (magic !== MAGIC) throw new StepsError('checkpoint_malformed', { magic: magic.toString(16) })
  if (version !== VERSION) throw new StepsError('checkpoint_version', { version, expected: VERSION })
  const digits = new TextDecoder().decode(bytes.subarray(HEADER, HEADER + FINGERPRINT))
  const body = bytes.subarray(HEADER + FINGERPRINT)
  if (fingerprint([body]) !== digits) throw new StepsError('checkpoint_malformed', { fingerprint: digits })
  return byteReader(body)
}

function readState(body: ByteReader, head: StepHead): DecoderState {
  const headId = body.text()
  if (headId !== head.id) throw new StepsError('checkpoint_of_other_head', { of: headId, head: head.id })
  const seenThrough = body.float64()
  const readyThrough = body.float64()
  const originStep = body.float64()
  const decidedThrough = body.float64()
  const weighedThrough = body.float64()
  const ordered = [originStep, weighedThrough, decidedThrough, readyThrough, seenThrough]
  if (!ordered.every((step, i) => Number.isSafeInteger(step) && (i === 0 || ordered[i - 1]! <= step))) {
    throw new StepsError('checkpoint_malformed', { steps: ordered.join(' ') })
  }
  const evidence = body.list(4 * head.lagSteps + 2, () => body.float32Array(head.classes.length))
  const path = body.list(4 * head.lagSteps + 2, () => readSegment(body))
  const views = scorersOf(head).map(scorer => kindOf(scorer).read(body, scorer, head.lookAheadSteps))
  const motionEvidence = readMotions(body, head)
  if (body.remaining() > 0) throw new StepsError('checkpoint_malformed', { trailingBytes: body.remaining() })
  const ahead = { seenThrough, readyThrough, views }
  return { headId, ahead, originStep, decidedThrough, weighedThrough, evidence, motionEvidence, path }
}

/** What was kept of motions; a state that kept nothing of them wrote nothing. */
function readMotions(body: ByteReader, { motions, lagSteps }: StepHead): Float32Array[] {
  if (motions === undefined || body.remaining() === 0) return []
  const most = MOST_MOTION_STEPS + 2 * lagSteps + 2
  return body.list(most, () => body.float32Array(partCount(motions)))
}

function writeSegment(body: ByteWriter, segment: DecidedSegment) {
  const { classIndex, startStep, startSdSeconds, startOffsetSeconds, probabilitySum } = segment
  body.uint32(classIndex)
  body.float64(startStep)
  body.float64(startSdSeconds ?? Number.NaN)
  body.float64(startOffsetSeconds)
  body.float64(probabilitySum)
}

function readSegment(body: ByteReader): DecidedSegment {
  const classIndex = body.uint32()
  const startStep = body.float64()
  const startSd = body.float64()
  return {
    classIndex,
    startStep,
    startSdSeconds: Number.isNaN(startSd) ? null : startSd,
    startOffsetSeconds: body.float64(),
    probabilitySum: body.float64(),
  }
}
