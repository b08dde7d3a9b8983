import { backoffMs, createAsyncEvent, sleep } from '@takt/service/loop'
import { quarantine } from '../spool/quarantine.ts'
import { keepCaptured } from './keep-captured.ts'
import type { KeepContext, KeptCamera } from './keep-context.ts'
import { faultOf, type KeepFault } from './keep-faults.ts'
import type { KeepItem } from './keep-item.ts'
import { keepOutage } from './keep-outage.ts'
import { keepSessionEnd } from './keep-session-end.ts'
import { keepSpoilt } from './keep-spoilt.ts'
import { type KeepState, nothingKept } from './keep-state.ts'

/** Keeps one camera's items, one after the other, in the order they were added. */
export interface Keeper {
  readonly camera: KeptCamera
  add(item: KeepItem): void
  /** Items that wait. */
  readonly waiting: number
  /** Keeps what is added until `finish`; resolves when nothing is left, or at the first failure after `finish`. */
  run(signal: AbortSignal): Promise<void>
  /** Nothing more will be added. */
  finish(): void
}

const backoff = { firstMs: 500, capMs: 15_000 }

export function createKeeper(context: KeepContext, camera: KeptCamera): Keeper {
  const items: KeepItem[] = []
  const wake = createAsyncEvent()
  let state = nothingKept
  let failures = 0
  const finishing = new AbortController()

  /** Keeps the first item; on failure the item stays, or gives way to what the fault makes of it. */
  const keepFirst = async (item: KeepItem): Promise<'kept' | KeepFault> => {
    try {
      state = await (stepOf[item.kind] as KeepStep<KeepItem>)(context, camera, state, item)
      items.shift()
      failures = 0
      return 'kept'
    } catch (error) {
      failures += 1
      const fault = faultOf(error)
      context.metrics.keepFailures.inc({ camera: camera.name })
      if (fault !== 'moved') context.events.keepFailed({ cameraId: camera.id, failures, error })
      state = { ...state, coveredUntilMs: undefined }
      if (fault === 'spoilt' && item.kind === 'segment')
        items[0] = { ...item, kind: 'spoilt', reason: 'upload-failed', file: 'quarantine' }
      if (fault === 'timeless' && 'path' in item) {
        await setAside(context, item.path)
        items.shift()
      }
      return fault
    }
  }

  return {
    camera,
    add: item => {
      addItem(items, item)
      wake.notify()
    },
    get waiting() {
      return items.length
    },
    finish: () => {
      finishing.abort()
      wake.notify()
    },
    run: async signal => {
      const impatient = AbortSignal.any([signal, finishing.signal])
      while (!signal.aborted) {
        const item = items[0]
        if (item) {
          const outcome = await keepFirst(item)
          if (outcome === 'again' && finishing.signal.aborted) return
          if (outcome === 'unknown-camera') return context.events.spoolOfUnknownCamera({ cameraId: camera.id })
          if (outcome !== 'kept') await sleep(backoffMs(failures, Math.random(), backoff), impatient)
        } else if (finishing.signal.aborted) return
        else await wake.wait(60_000, signal)
      }
    },
  }
}

type KeepStep<Item> = (context: KeepContext, camera: KeptCamera, state: KeepState, item: Item) => Promise<KeepState>

const stepOf: { readonly [Kind in KeepItem['kind']]: KeepStep<Extract<KeepItem, { kind: Kind }>> } = {
  segment: keepCaptured,
  spoilt: keepSpoilt,
  outage: keepOutage,
  'session-end': keepSessionEnd,
}

/** An outage that goes on replaces its beginning, so that a long one does not pile up while Postgres is away. */
function addItem(items: KeepItem[], next: KeepItem): void {
  const tail = items.at(-1)
  // The first item may be under way.
  const goesOn = items.length > 1 && tail?.kind === 'outage' && next.kind === 'outage' && tail.reason === next.reason
  if (goesOn) items[items.length - 1] = { ...next, settled: tail.settled || next.settled }
  else items.push(next)
}

/** A segment that covers no time leaves the work. */
async function setAside({ spool }: KeepContext, path: string): Promise<void> {
  await quarantine(spool.root, path)
  spool.release(path)
}
