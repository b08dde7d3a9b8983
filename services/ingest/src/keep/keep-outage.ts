import { recordLost } from '@takt/db'
import type { KeepContext, KeptCamera } from './keep-context.ts'
import type { KeepItem } from './keep-item.ts'
import { chainEnd, type KeepState } from './keep-state.ts'
import { addOutage, outagesAfter } from './outages.ts'
import { planLost } from './plan-coverage.ts'
import { reportCoverage } from './report-coverage.ts'

type OutageItem = Extract<KeepItem, { kind: 'outage' }>

/** Remembers why video is missing, and writes the time off once none can come any more, so that stations go on. */
export async function keepOutage(
  context: KeepContext,
  camera: KeptCamera,
  state: KeepState,
  { reason, untilMs, settled }: OutageItem,
): Promise<KeepState> {
  const outages = addOutage(state.outages, { reason, untilMs })
  if (!settled) return { ...state, outages }
  const coveredUntilMs = await chainEnd(context, camera, state)
  const coverage = planLost({ camera: camera.id, coveredUntilMs, outages, untilMs })
  await recordLost(context.db, coverage, coveredUntilMs)
  reportCoverage(context, camera, coverage)
  const endMs = coverage.at(-1)?.endUtcMs ?? coveredUntilMs
  return { ...state, coveredUntilMs: endMs, outages: outagesAfter(outages, endMs ?? untilMs) }
}
