import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type CameraAction, type CameraControl, type CameraTruth, openCameraControl } from './camera-control.ts'
import { projectRoot } from './config.ts'
import { devEnvError } from './errors.ts'
import { startServerProcess, waitUntilReady } from './server-process.ts'

export interface SimulatedCamera {
  readonly name: string
  /** MP4 or Matroska; loops at its true frame rate. */
  readonly file: string
  readonly codec?: 'h264' | 'h265' | 'mjpeg'
  /** False: the film ends, and with it the stream. */
  readonly loop?: boolean
  readonly user?: string
  readonly password?: string
}

export interface CamerasOptions {
  readonly cameras: readonly SimulatedCamera[]
  readonly stateDir: string
  readonly signal?: AbortSignal
}

/** Simulated RTSP cameras. Their films run on whether anyone watches or not; all start at the same instant. */
export interface Cameras extends AsyncDisposable {
  /** Without credentials, as a camera is configured in a plant. */
  url(name: string): string
  /** Refuses connections and drops those there are. */
  unplug(name: string): Promise<void>
  plug(name: string): Promise<void>
  /** Keeps connections and sends nothing. */
  stall(name: string): Promise<void>
  resume(name: string): Promise<void>
  /** Paces the film by `rate` while its media time claims the nominal pace. */
  setRate(name: string, rate: number): Promise<void>
  /** Shifts the camera's own clock, which its sender reports show. */
  setClockOffsetMs(name: string, offsetMs: number): Promise<void>
  /** The UTC instant, in ms, at which picture 0 of the first loop was shown. */
  epochUtcMs(name: string): number
  /** Where the film stands, asked of the simulator now. */
  truth(name: string): Promise<CameraTruth>
  stop(): Promise<void>
}

const readyWithinMs = 60_000
// The system's own interpreter: GStreamer's bindings are installed for that one.
const python = '/usr/bin/python3'
const simulator = join(projectRoot, 'infra/camera-simulator/camera_simulator.py')

/** Starts one simulator process with all cameras on free ports of 127.0.0.1. */
export const startCameras = async ({ cameras, stateDir, signal }: CamerasOptions): Promise<Cameras> => {
  const readyFile = join(stateDir, 'cameras.json')
  await rm(readyFile, { force: true })
  const server = await startServerProcess({
    name: 'cameras',
    command: python,
    args: [simulator, readyFile],
    env: { PYTHONDONTWRITEBYTECODE: '1' },
    input: { text: `${JSON.stringify({ cameras })}\n`, after: 'stay-open' },
    stateDir,
  })
  let control: CameraControl | undefined
  const isReady = async () => {
    const text = await readFile(readyFile, 'utf8').catch(() => undefined)
    if (text !== undefined) control = openCameraControl(JSON.parse(text))
    return control !== undefined
  }
  await waitUntilReady(server, { isReady, withinMs: readyWithinMs, signal })
  return driveCameras(control!, server.stop)
}

const driveCameras = (control: CameraControl, stop: () => Promise<void>): Cameras => {
  const started = (name: string): CameraTruth => {
    const camera = control.started.get(name)
    if (camera === undefined)
      throw devEnvError('camera-unknown', { name, known: [...control.started.keys()].join(', ') })
    return camera
  }
  const act = (action: CameraAction) => async (name: string) => {
    await control.act(started(name).name, action)
  }
  return {
    url: name => `rtsp://127.0.0.1:${started(name).port}/${name}`,
    unplug: act('unplug'),
    plug: act('plug'),
    stall: act('stall'),
    resume: act('resume'),
    setRate: (name, rate) => control.act(started(name).name, 'rate', { rate }),
    setClockOffsetMs: (name, offsetMs) => control.act(started(name).name, 'clock', { offsetMs }),
    epochUtcMs: name => started(name).epochUtcMs,
    truth: name => control.truth(started(name).name),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
