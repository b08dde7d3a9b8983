import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cameras, startCameras } from '../src/cameras.ts'
import { runCommand } from '../src/run-command.ts'
import { capture, codedPictures, referenceTimes } from './captured-clock.ts'

let stateDir: string
let film: string
let cameras: Cameras

const filmSeconds = 20
const pictureMs = 40
const ticksPerSecond = 90_000

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'takt-cameras-'))
  film = join(stateDir, 'film.mp4')
  const source = `testsrc2=size=320x240:rate=25:duration=${filmSeconds}`
  const encode = (codec: string, file: string) =>
    runCommand('ffmpeg', `-nostdin -v error -f lavfi -i ${source} ${codec} -g 25 ${join(stateDir, file)}`.split(' '), {
      withinMs: 60_000,
    })
  await encode('-c:v libx264 -preset ultrafast -bf 0 -threads 1', 'film.mp4')
  await encode('-c:v libx265 -preset ultrafast -x265-params log-level=none:bframes=0', 'film-h265.mp4')
  await encode('-c:v mjpeg -pix_fmt yuvj420p', 'film-mjpeg.mkv')
  await encode('-c:v libx264 -preset ultrafast -bf 0 -threads 1 -t 6', 'short.mp4')
  cameras = await startCameras({
    stateDir,
    cameras: [
      { name: 'bench', file: film },
      { name: 'guarded', file: film, user: 'viewer', password: 'pässword' },
      { name: 'hevc', file: join(stateDir, 'film-h265.mp4'), codec: 'h265' },
      { name: 'jpeg', file: join(stateDir, 'film-mjpeg.mkv'), codec: 'mjpeg' },
    ],
  })
})

afterAll(async () => {
  await cameras?.stop()
  await rm(stateDir, { recursive: true, force: true })
})

const probe = async (url: string, transport = 'tcp') =>
  (
    await runCommand(
      'ffprobe',
      [
        ...`-v error -rtsp_transport ${transport} -timeout 5000000`.split(' '),
        '-show_entries',
        'stream=codec_name',
        '-of',
        'csv=p=0',
        url,
      ],
      { withinMs: 20_000 },
    )
  ).trim()

const sizeOf = async (file: string) => (await stat(file).catch(() => undefined))?.size ?? 0

/** The camera's UTC in the last fragment, minus the truth, in ms. */
const clockErrorMs = async (name: string, capturedFile: string): Promise<number> => {
  const { epochUtcMs, lengthMs } = await cameras.truth(name)
  const filmAt = new Map((await codedPictures(film)).map(({ hash, seconds }) => [hash, seconds * 1000]))
  const reference = (await referenceTimes(capturedFile)).at(-1)!
  const mediaMs = (reference.mediaTicks / ticksPerSecond) * 1000
  const picture = (await codedPictures(capturedFile)).find(
    ({ hash, seconds }) => seconds * 1000 >= mediaMs && filmAt.has(hash),
  )!
  const saidMs = reference.utcMs + picture.seconds * 1000 - mediaMs
  const sinceFirst = saidMs - epochUtcMs - filmAt.get(picture.hash)!
  return sinceFirst - Math.round(sinceFirst / lengthMs) * lengthMs
}

describe('the truth in UTC', () => {
  test("the clock that a recording's prft boxes carry is the truth plus the one picture that ffmpeg 5's parser adds", async () => {
    const file = join(stateDir, 'captured.mp4')
    await capture(cameras.url('bench'), file, 9)
    const errorMs = await clockErrorMs('bench', file)
    console.log(
      `clock error of prft after the first sender report: ${errorMs.toFixed(1)} ms (${pictureMs} ms are one picture)`,
    )
    expect(Math.abs(errorMs - pictureMs)).toBeLessThan(10)
  })

  test("a camera whose own clock is off says so in its reports, and its epoch stays the host's", async () => {
    const before = cameras.epochUtcMs('guarded')
    await cameras.setClockOffsetMs('guarded', -7_000)
    const file = join(stateDir, 'clock-off.mp4')
    const url = cameras.url('guarded').replace('rtsp://', 'rtsp://viewer:p%C3%A4ssword@')
    await capture(url, file, 9)
    expect(Math.abs((await clockErrorMs('guarded', file)) - pictureMs + 7_000)).toBeLessThan(10)
    expect((await cameras.truth('guarded')).epochUtcMs).toBe(before)
  })

  test('the film runs on while nobody watches: two visits see pictures as far apart as their clocks', async () => {
    const positions = []
    for (const visit of ['first', 'second']) {
      const file = join(stateDir, `${visit}.mp4`)
      const atMs = Date.now() - cameras.epochUtcMs('bench')
      await capture(cameras.url('bench'), file, 1)
      const filmAt = new Map((await codedPictures(film)).map(({ hash, seconds }) => [hash, seconds * 1000]))
      const first = (await codedPictures(file)).map(({ hash }) => filmAt.get(hash)).find(at => at !== undefined)!
      positions.push({ visit, lateMs: (first - atMs + 10 * filmSeconds * 1000) % (filmSeconds * 1000) })
      await sleep(1_500)
    }
    // A visitor joins at the next key picture (1 s apart), after a handshake.
    for (const { lateMs } of positions) expect(lateMs).toBeLessThan(2_500)
  })

  test('all cameras start at the same instant, and every loop start is known', async () => {
    const truth = await cameras.truth('bench')
    expect(cameras.epochUtcMs('hevc')).toBeCloseTo(truth.epochUtcMs, 1)
    expect(truth.lengthMs).toBeCloseTo(filmSeconds * 1000, 6)
    truth.loopStartsUtcMs.forEach((utcMs, loop) => {
      expect(utcMs).toBeCloseTo(truth.epochUtcMs + loop * filmSeconds * 1000, 3)
    })
  })
})

describe('what goes wrong with cameras', () => {
  test('an unplugged camera drops its client and refuses; plugged in again it is at the same address', async () => {
    const url = cameras.url('bench')
    const file = join(stateDir, 'dropped.mp4')
    const client = capture(url, file, 60)
    while ((await sizeOf(file)) < 10_000) await sleep(50)
    await cameras.unplug('bench')
    await client
    await expect(probe(url)).rejects.toThrow('Connection refused')
    await cameras.plug('bench')
    expect(cameras.url('bench')).toBe(url)
    expect(await probe(url)).toBe('h264')
  })

  test('a stalled camera keeps its client and sends nothing until it resumes', async () => {
    const file = join(stateDir, 'stalled.mp4')
    let ended = false
    const client = capture(cameras.url('bench'), file, 9).then(() => {
      ended = true
    })
    const size = () => sizeOf(file)
    while ((await size()) < 10_000) await sleep(50)
    await cameras.stall('bench')
    await sleep(1_000) // What was on its way arrives.
    const sizeWhenStalled = await size()
    await sleep(1_500)
    expect({ ended, size: await size() }).toEqual({ ended: false, size: sizeWhenStalled })
    await cameras.resume('bench')
    await client
    expect(await size()).toBeGreaterThan(sizeWhenStalled)
  })

  test('a wrong password is refused, and the right one is in no process argument', async () => {
    await expect(probe(cameras.url('guarded').replace('rtsp://', 'rtsp://viewer:wrong@'))).rejects.toThrow('401')
    const pid = JSON.parse(await readFile(join(stateDir, 'pids/cameras.json'), 'utf8')).pid
    expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).not.toContain('pässword')
  })

  test('every codec plays over TCP, and over UDP', async () => {
    expect(await probe(cameras.url('jpeg'))).toBe('mjpeg')
    expect(await probe(cameras.url('hevc'))).toBe('hevc')
    expect(await probe(cameras.url('bench'), 'udp')).toBe('h264')
  })

  test('a rate is refused unless it is one, and an unknown camera is named', async () => {
    await expect(cameras.setRate('bench', Number.NaN)).rejects.toThrow('rate is a number from 0.1 to 10')
    await expect(cameras.setRate('bench', -1)).rejects.toThrow('400')
    expect(() => cameras.url('nowhere')).toThrow('there is no simulated camera nowhere')
  })

  test('a camera that is paced slower shows a film that lasts longer', async () => {
    await cameras.setRate('jpeg', 0.84)
    const { loopStartsUtcMs, rate } = await cameras.truth('jpeg')
    expect(rate).toBe(0.84)
    expect(loopStartsUtcMs[0]).toBeCloseTo(cameras.epochUtcMs('jpeg'), 3)
  })
})

test('a film that does not loop ends the stream, and the camera shows nothing after it', async () => {
  const ownDir = await mkdtemp(join(tmpdir(), 'takt-cameras-'))
  await using own = await startCameras({
    stateDir: ownDir,
    cameras: [{ name: 'ends', file: join(stateDir, 'short.mp4'), loop: false }],
  })
  const file = join(ownDir, 'whole.mp4')
  await capture(own.url('ends'), file, 60)
  const filmed = await codedPictures(join(stateDir, 'short.mp4'))
  expect((await codedPictures(file)).at(-1)!.hash).toBe(filmed.at(-1)!.hash)
  await expect(probe(own.url('ends'))).rejects.toThrow()
  await own.stop()
  await rm(ownDir, { recursive: true, force: true })
})

describe('what cannot be played', () => {
  test.each([
    ['a missing file', 'missing.mp4', undefined],
    ['an empty file', 'empty.mp4', ''],
    ['a file that is no video', 'text.mp4', 'this is no video\n'.repeat(100)],
  ])('%s is refused by its name before any camera listens', async (_, name, content) => {
    const file = join(stateDir, name)
    if (content !== undefined) await writeFile(file, content)
    const other = await mkdtemp(join(tmpdir(), 'takt-cameras-'))
    const starting = startCameras({ stateDir: other, cameras: [{ name: 'bad', file }] })
    await expect(starting).rejects.toThrow(name)
    await rm(other, { recursive: true, force: true })
  })
})
