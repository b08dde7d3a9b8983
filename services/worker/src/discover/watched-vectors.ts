import type { TimeStep } from '@takt/steps'

/** A station's time as discovery sees it. */
export interface WatchedVectors {
  /** All views of a time step in one vector; where it is missing, that of the step before it. */
  readonly vectors: readonly Float32Array[]
  /** Whether a time step is missing. */
  readonly missing: readonly boolean[]
}

/** A view counts when it is there in this share of the observed time. */
const USUALLY = 0.9

/**
 * The views that are usually there, side by side in the order of their names; a step that lacks one of them is missing.
 * Steps before the first observed one show what that does. Without an observed step there is no vector.
 */
export function watchedVectors(steps: readonly TimeStep[]): WatchedVectors {
  const observed = steps.filter(step => step.kind === 'observed')
  const counts = new Map<string, number>()
  for (const { views } of observed) for (const view of Object.keys(views)) counts.set(view, (counts.get(view) ?? 0) + 1)
  const views = [...counts].filter(([, count]) => count >= USUALLY * observed.length).map(([view]) => view)
  const inOrder = views.toSorted()
  const seen = steps.map(step => {
    const parts = step.kind === 'observed' ? inOrder.map(view => step.views[view]) : []
    return parts.length > 0 && parts.every(part => part !== undefined) ? joined(parts) : null
  })
  let last = seen.find(vector => vector !== null)
  if (!last) return { vectors: [], missing: steps.map(() => true) }
  const vectors = seen.map(vector => (last = vector ?? last!))
  return { vectors, missing: seen.map(vector => vector === null) }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const vector = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    vector.set(part, at)
    at += part.length
  }
  return vector
}
