import { dirname } from 'node:path'
import { recordLost } from '@takt/db'
import { quarantine } from '../spool/quarantine.ts'
import { removeSegment } from '../spool/remove-segment.ts'
import type { KeepContext, KeptCamera } from './keep-context.ts'
import type { KeepItem } from './keep-item.ts'
import { chainEnd, type KeepState } from './keep-state.ts'
import { placeSpooled } from './place-spooled.ts'
import { planSpoilt } from './plan-coverage.ts'
import { reportCoverage } from './report-coverage.ts'
import { saveClock } from './session-clock.ts'

type Spoilt = Extract<KeepItem, { kind: 'spoilt' }>

/** Writes off a segment whose time is known and whose video cannot be kept; nothing is left to write where the chain has passed it. */
export async function keepSpoilt(
  context: KeepContext,
  camera: KeptCamera,
  state: KeepState,
  item: Spoilt,
): Promise<KeepState> {
  const coveredUntilMs = await chainEnd(context, camera, state)
  const placed = await placeSpooled(state, item, { coveredUntilMs, nowMs: context.nowMs() })
  const { clock, placement } = placed
  if (placed.superseded) {
    await dispose(context, item)
    return { ...state, coveredUntilMs }
  }
  const coverage = planSpoilt({ camera: camera.id, coveredUntilMs, placement, outages: state.outages }, item.reason)
  await recordLost(context.db, coverage, coveredUntilMs)
  reportCoverage(context, camera, coverage)
  await saveClock(dirname(item.path), clock)
  await dispose(context, item)
  return { coveredUntilMs: placement.endUtcMs, outages: [], clock }
}

async function dispose({ spool }: KeepContext, { path, file }: Spoilt): Promise<void> {
  if (file === 'quarantine') await quarantine(spool.root, path)
  if (file === 'remove') await removeSegment(path)
  spool.release(path)
}
