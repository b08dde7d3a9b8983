import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openClock } from '@takt/domain'
import { readSegment } from '@takt/video'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { saveClock } from '../keep/session-clock.ts'
import { recoverSpool } from './recover-spool.ts'
import { sessionFile, sidecarOf, spoolLayout } from './spool-layout.ts'
import { describeSegment } from './spooled-segment.ts'
import { writeWhole } from './write-whole.ts'

const camera = '00000000-0000-7000-8000-00000000000c'
const session = { camera, id: '00000000-0000-7000-8000-000000000001', startedAtMs: 1_000 }
const startedAtMs = 500_000

let material: string
let root: string
let directory: string
const film = () => join(material, 'segment.mp4')

beforeAll(async () => {
  material = await mkdtemp(join(tmpdir(), 'takt-recover-'))
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=8:d=1', '-c:v', 'libx264', '-preset', 'ultrafast']
  const fragmented = ['-movflags', '+frag_keyframe+empty_moov+default_base_moof']
  await promisify(execFile)('ffmpeg', ['-nostdin', '-v', 'error', ...source, ...fragmented, film()])
})
afterAll(() => rm(material, { recursive: true, force: true }))
beforeEach(async () => {
  root = await mkdtemp(join(material, 'spool-'))
  directory = spoolLayout(root).session(camera, session.id)
  await mkdir(directory, { recursive: true })
  await writeWhole(sessionFile(directory), session)
})

const pathOf = (number: number) => join(directory, `${String(number).padStart(5, '0')}.mp4`)

/** A whole segment of one second, closed at `number + 1` s, without its description. */
async function leave(number: number): Promise<string> {
  await copyFile(film(), pathOf(number))
  await utimes(pathOf(number), number + 1, number + 1)
  return pathOf(number)
}

async function leaveDescribed(number: number): Promise<string> {
  const path = await leave(number)
  const times = { startSeconds: number, endSeconds: number + 1, closedAtMs: (number + 1) * 1000 }
  const { size } = await stat(path)
  await writeWhole(
    sidecarOf(path),
    describeSegment(session, { sequence: number, ...times, facts: await readSegment(path) }, size),
  )
  return path
}

const recover = async () => (await recoverSpool(root, startedAtMs)).flatMap(({ items }) => items)
const quarantined = () => readdir(spoolLayout(root).quarantine).catch(() => [])

test('described segments come in order, then the time until this start, then the end of the session', async () => {
  const paths = [await leaveDescribed(3), await leaveDescribed(4)]
  expect(await recover()).toMatchObject([
    { kind: 'segment', path: paths[0], segment: { sequence: 3, startSeconds: 3 } },
    { kind: 'segment', path: paths[1], segment: { sequence: 4, startSeconds: 4 } },
    { kind: 'outage', reason: 'ingest-down', untilMs: startedAtMs },
    { kind: 'session-end', session: session.id, outcome: 'ingest-down' },
  ])
})

test('a session that ended before the kill keeps its own reason', async () => {
  await writeWhole(sessionFile(directory), { ...session, end: { atMs: 9000, outcome: 'stalled', loss: 'stalled' } })
  expect(await recover()).toMatchObject([
    { kind: 'outage', reason: 'stalled', untilMs: 9000 },
    { kind: 'session-end', outcome: 'stalled', endedAtMs: 9000 },
  ])
})

test('a segment that closed before it could be described follows the one before it', async () => {
  await leaveDescribed(0)
  await leave(1)
  const [, next] = await recover()
  expect(next).toMatchObject({
    kind: 'segment',
    segment: { sequence: 1, startSeconds: 1, endSeconds: 2, closedAtMs: 2000 },
  })
  expect(await recover()).toMatchObject(await recover()) // twice is once
})

test('it also follows one that was kept and removed, by the clock that was saved', async () => {
  await saveClock(directory, { ...openClock(session.id), last: { sequence: 6, endMediaSeconds: 7.5, endUtcMs: 1 } })
  await leave(7)
  expect((await recover())[0]).toMatchObject({ kind: 'segment', segment: { sequence: 7, startSeconds: 7.5 } })
})

test('after a hole in the files nobody knows the time of an undescribed one: it is lost until it closed', async () => {
  await leaveDescribed(0)
  await leave(2)
  expect((await recover())[1]).toMatchObject({ kind: 'outage', reason: 'bad-segment', untilMs: 3000 })
  expect(await quarantined()).toEqual([`${session.id}-00002.mp4`])
})

test('a described segment that is shorter than described is written off with its own time', async () => {
  await truncate(await leaveDescribed(0), 1000)
  expect((await recover())[0]).toMatchObject({
    kind: 'spoilt',
    reason: 'bad-segment',
    segment: { startSeconds: 0, endSeconds: 1 },
  })
})

test('truncated and foreign files without a description are quarantined; empty ones are nothing and go', async () => {
  await truncate(await leave(0), 900)
  await writeFile(pathOf(1), 'no video at all, but some text')
  await writeFile(pathOf(2), '')
  const items = await recover()
  expect(items.map(item => item.kind)).toEqual(['outage', 'outage', 'outage', 'session-end'])
  expect(await quarantined()).toHaveLength(2)
  expect((await readdir(directory)).filter(name => name.endsWith('.mp4'))).toEqual([])
})

test('a description that is cut short or of another shape is none', async () => {
  await writeFile(sidecarOf(await leaveDescribed(0)), '{"camera": "half')
  await writeFile(sidecarOf(await leaveDescribed(1)), '{}')
  expect(await recover()).toMatchObject([
    { kind: 'segment', segment: { sequence: 0 } },
    { kind: 'segment', segment: { sequence: 1 } },
    {},
    {},
  ])
})

test('what is not of the spool is left alone', async () => {
  await mkdir(join(spoolLayout(root).cameras, 'lost+found'), { recursive: true })
  await writeFile(join(directory, '..', 'note.txt'), 'by an operator')
  await writeFile(join(directory, 'core.1234'), 'x')
  expect((await recover()).map(item => item.kind)).toEqual(['outage', 'session-end'])
})
