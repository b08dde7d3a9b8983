import { logEvidence } from '../evidence.ts'
import { type MotionModel, partCount } from './motion-model.ts'

/** Exponent of a step's evidence: neighbouring steps see nearly the same, so each counts for less than one. */
const EVIDENCE_WEIGHT = 0.4

/**
 * Log evidence of every task's parts at one step, `[part]`, one task after the other: as `logEvidence` has it among the
 * parts of one task, since which task it is has been decided elsewhere.
 */
export function motionEvidence(model: MotionModel, logitsByView: readonly (Float64Array | undefined)[]): Float32Array {
  const evidence = new Float32Array(partCount(model))
  let at = 0
  for (const { parts } of model.tasks) {
    const own = logitsByView.map(logits => logits?.subarray(at, at + parts.length))
    evidence.set(logEvidence({ classes: parts, evidenceWeight: EVIDENCE_WEIGHT }, own), at)
    at += parts.length
  }
  return evidence
}
