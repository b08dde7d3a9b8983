import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../run-command.ts'
import { type ComposedVideo, composeBench, composeStation } from './compose.ts'

let stateDir: string
beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'takt-compose-'))
})
afterAll(() => rm(stateDir, { recursive: true, force: true }))

const probe = async (file: string, entries: string) =>
  (
    await runCommand(
      'ffprobe',
      [...`-v error -select_streams v:0 -of csv=p=0 -show_entries ${entries}`.split(' '), file],
      {
        withinMs: 60_000,
      },
    )
  ).trim()

const expectCameraVideo = async ({ file, lengthSeconds }: ComposedVideo, size: string) => {
  expect(await probe(file, 'stream=codec_name,width,height,has_b_frames,avg_frame_rate,nb_frames')).toBe(
    `h264,${size},0,25/1,${Math.round(lengthSeconds * 25)}`,
  )
  const flags = (await probe(file, 'packet=flags')).split('\n')
  const isKey = flags.map(flag => flag.startsWith('K')).slice(0, 100)
  expect(isKey).toEqual(isKey.map((_, picture) => picture % 25 === 0))
}

/** Mean absolute difference of neighbouring pictures, in 8-bit steps. */
const motion = async (file: string): Promise<readonly number[]> => {
  const filters = 'tblend=all_mode=difference,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-'
  const printed = await runCommand(
    'ffmpeg',
    [...'-nostdin -v error -i'.split(' '), file, '-vf', filters, '-f', 'null', '-'],
    {
      withinMs: 60_000,
    },
  )
  return [...printed.matchAll(/YAVG=([\d.]+)/g)].map(([, value]) => Number(value))
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

test('a station shows motion where the truth has a gesture, little elsewhere, and never a frozen picture', async () => {
  const video = await composeStation({ person: 'hooded-jumper', seed: 5, minutes: 0.3, stateDir })
  await expectCameraVideo(video, '640,480')
  const changes = await motion(video.file)
  const inGesture = (frame: number) =>
    video.truth.some(({ startSeconds, endSeconds }) => frame >= startSeconds * 25 && frame < endSeconds * 25)
  const moving = changes.filter((_, frame) => inGesture(frame))
  const resting = changes.filter((_, frame) => !inGesture(frame))
  expect(mean(moving)).toBeGreaterThan(1.5 * mean(resting))
  expect(Math.min(...resting)).toBeGreaterThan(0)
})

test('a second camera sees the same work in another picture', async () => {
  const common = { person: 'grey-t-shirt', seed: 6, minutes: 0.2, stateDir } as const
  const front = await composeStation({ ...common, view: 'front' })
  const side = await composeStation({ ...common, view: 'side' })
  expect(side.truth).toEqual(front.truth)
  expect(side.file).not.toBe(front.file)
  await expectCameraVideo(side, '640,480')
})

test('what has been rendered is used again, and nothing unfinished is left', async () => {
  const options = { person: 'grey-t-shirt', seed: 6, minutes: 0.2, stateDir } as const
  const { file } = await composeStation(options)
  const { mtimeMs } = await stat(file)
  expect((await composeStation(options)).file).toBe(file)
  expect((await stat(file)).mtimeMs).toBe(mtimeMs)
  expect((await readdir(join(stateDir, 'material'))).filter(name => !name.endsWith('.mp4'))).toEqual([])
})

test('the bench is shown loop after loop, key frames on the second', async () => {
  const video = await composeBench({ seed: 7, minutes: 0.1, stateDir })
  await expectCameraVideo(video, '640,360')
  expect(video.truth.map(({ step }) => step)).toContain('take-pair')
})

test('rendering stops when its owner gives up, and leaves no file behind', async () => {
  const signal = AbortSignal.timeout(300)
  await expect(composeStation({ person: 'hooded-jumper', seed: 8, minutes: 2, stateDir, signal })).rejects.toThrow()
  expect((await readdir(join(stateDir, 'material'))).filter(name => name.includes('unfinished'))).toEqual([])
})
