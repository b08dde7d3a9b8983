import { devEnvError } from './errors.ts'

/** What the simulator says of one camera. */
export interface CameraTruth {
  readonly name: string
  readonly port: number
  readonly state: 'plugged' | 'unplugged' | 'stalled'
  readonly epochUtcMs: number
  /** After which the film repeats. */
  readonly lengthMs: number
  readonly pictures: number
  readonly rate: number
  readonly clockOffsetMs: number
  /** Number of the loop that `loopStartsUtcMs` begins with. */
  readonly firstLoopReported: number
  readonly loopStartsUtcMs: readonly number[]
  /** Whether a client is being served. */
  readonly watched: boolean
}

export type CameraAction = 'plug' | 'unplug' | 'stall' | 'resume' | 'rate' | 'clock'

/** The simulator's control port. */
export interface CameraControl {
  readonly started: ReadonlyMap<string, CameraTruth>
  act(name: string, action: CameraAction, body?: Readonly<Record<string, number>>): Promise<void>
  truth(name: string): Promise<CameraTruth>
}

const answerWithinMs = 10_000

/** `ready` is what the simulator wrote when all cameras listened. */
export const openCameraControl = (ready: {
  readonly controlPort: number
  readonly cameras: readonly CameraTruth[]
}): CameraControl => {
  const call = async (path: string, init: RequestInit): Promise<CameraTruth> => {
    const url = `http://127.0.0.1:${ready.controlPort}/cameras/${path}`
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(answerWithinMs) })
    const answer = await response.text()
    if (!response.ok) throw devEnvError('camera-control-failed', { action: path, status: response.status, answer })
    return JSON.parse(answer) as CameraTruth
  }
  return {
    started: new Map(ready.cameras.map(camera => [camera.name, camera])),
    act: async (name, action, body = {}) => {
      await call(`${encodeURIComponent(name)}/${action}`, { method: 'POST', body: JSON.stringify(body) })
    },
    truth: name => call(encodeURIComponent(name), {}),
  }
}
