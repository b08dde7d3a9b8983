import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { instant, type Plant, seedIntervals, seedPlant, seedSegments } from './plant.ts'
import { startApi, type TestApi } from './start-api.ts'

const run = promisify(execFile)

let api: TestApi
let plant: Plant
let directory: string
let timing: string
let pieces: Buffer[]

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'takt-api-video-'))
  await run('ffmpeg', [
    ...[
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=320x180:rate=25:duration=16',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
    ],
    ...[
      '-g',
      '25',
      '-pix_fmt',
      'yuv420p',
      '-force_key_frames',
      'expr:gte(t,n_forced*1)',
      '-f',
      'segment',
      '-segment_time',
      '4',
    ],
    ...['-segment_format', 'mp4', '-segment_format_options', 'movflags=+frag_keyframe+empty_moov+default_base_moof'],
    join(directory, 'out_%d.mp4'),
  ])
  const names = (await readdir(directory)).sort()
  pieces = await Promise.all(names.map(name => readFile(join(directory, name))))
  api = await startApi()
  plant = await seedPlant(api.db)
  const segments = await seedSegments(api.db, plant, ['embedded', 'embedded', 'embedded', 'embedded'])
  for (const [i, segment] of segments.entries()) await api.blobs.put(segment.objectKey, pieces[i]!)
  timing = (await seedIntervals(api.db, plant, [{ ordinal: 0, startSeconds: 3, endSeconds: 9 }]))[0]!
})
afterAll(async () => {
  await api?.[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

const probe = async (bytes: Buffer): Promise<number> => {
  const path = join(directory, `${crypto.randomUUID()}.mp4`)
  await writeFile(path, bytes)
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path])
  return Number(stdout)
}

test('the video of a timing is one MP4 that lasts as long as the timing, from the key frame before it', async () => {
  const answer = await api.call(`/v1/timings/${timing}/video`)
  expect(answer.statusCode).toBe(200)
  expect(answer.headers).toMatchObject({ 'content-type': 'video/mp4', 'accept-ranges': 'bytes' })
  expect(answer.headers['takt-video-start']).toBe(instant(3))
  const seconds = await probe(answer.rawPayload)
  expect(seconds).toBeGreaterThanOrEqual(5.9)
  expect(seconds).toBeLessThan(7.2)
})

test('ranges of it put together are the whole', async () => {
  const whole = (await api.call(`/v1/timings/${timing}/video`)).rawPayload
  const first = await api.call(`/v1/timings/${timing}/video`, { headers: { range: 'bytes=0-999' } })
  const rest = await api.call(`/v1/timings/${timing}/video`, { headers: { range: 'bytes=1000-' } })
  expect([first.statusCode, first.headers['content-range'], first.headers['content-length']]).toEqual([
    206,
    `bytes 0-999/${whole.length}`,
    '1000',
  ])
  expect(Buffer.concat([first.rawPayload, rest.rawPayload]).equals(whole)).toBe(true)
})

test('a range beyond it is refused and told its size', async () => {
  const { length } = (await api.call(`/v1/timings/${timing}/video`)).rawPayload
  const answer = await api.call(`/v1/timings/${timing}/video`, { headers: { range: `bytes=${length}-` } })
  expect([answer.statusCode, answer.headers['content-range']]).toEqual([416, `bytes */${length}`])
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
})

test('HEAD says how large it is without sending it', async () => {
  const whole = await api.call(`/v1/timings/${timing}/video`)
  const head = await api.call(`/v1/timings/${timing}/video`, { method: 'HEAD' })
  expect([head.statusCode, head.rawPayload.length, head.headers['content-length']]).toEqual([
    200,
    0,
    String(whole.rawPayload.length),
  ])
})

test('many who ask at once get the same', async () => {
  const [other] = await seedIntervals(api.db, plant, [{ ordinal: 1, startSeconds: 9, endSeconds: 12 }])
  const answers = await Promise.all(Array.from({ length: 5 }, () => api.call(`/v1/timings/${other}/video`)))
  expect(new Set(answers.map(answer => answer.rawPayload.toString('base64'))).size).toBe(1)
})

test('a timing whose video is not kept says so, and whose camera it was', async () => {
  const [gone] = await seedIntervals(api.db, plant, [{ ordinal: 2, startSeconds: 3000, endSeconds: 3005 }])
  const answer = await api.call(`/v1/timings/${gone}/video`)
  expect(answer.json()).toMatchObject({ status: 404, code: 'video-missing', details: { cameras: [plant.camera.id] } })
})

test('a view that the station does not have is not found', async () => {
  expect((await api.call(`/v1/timings/${timing}/video?view=rear`)).json()).toMatchObject({
    status: 404,
    code: 'not-found',
  })
})

test('an object that has gone missing is a refusal, and one that is no video fails without a leak', async () => {
  const [segment] = await seedSegments(api.db, await seedPlant(api.db, 'second'), ['embedded'])
  const still = `/v1/cameras/${segment!.cameraId}/still`
  expect((await api.call(still)).json()).toMatchObject({ status: 404 })
  await api.blobs.put(segment!.objectKey, Buffer.from('this is no video'))
  const answer = await api.call(still)
  expect(answer.json()).toMatchObject({ status: 422, code: 'video-unreadable' })
  expect(answer.body).not.toContain(directory)
  expect(answer.body).not.toContain(tmpdir())
})

test("a camera's still is a JPEG of the width asked for", async () => {
  const answer = await api.call(`/v1/cameras/${plant.camera.id}/still?width=160`)
  expect(answer.headers['content-type']).toBe('image/jpeg')
  expect([...answer.rawPayload.subarray(0, 2)]).toEqual([0xff, 0xd8])
  const path = join(directory, 'still.jpg')
  await writeFile(path, answer.rawPayload)
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'stream=width,height',
    '-of',
    'csv=p=0',
    path,
  ])
  expect(stdout.trim()).toBe('160,90')
})

test('a camera without video has no still', async () => {
  const { id } = await api.get('/v1/cameras', { method: 'POST', body: { name: 'dark', url: 'rtsp://host/1' } })
  expect((await api.call(`/v1/cameras/${id}/still`)).json()).toMatchObject({ status: 404, code: 'video-missing' })
})
