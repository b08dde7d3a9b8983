import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { help, runCommand } from './run-command.ts'

const station = { id: '00000000-0000-7000-8000-00000000000a', name: 'press-2' }
const pages = [
  { items: [timing('insert', 1500, 'none')], next: 'more' },
  { items: [timing('press', null, 'end')], next: null },
]

function timing(step: string, durationMs: number | null, censored: string) {
  return { step, startTime: '2026-11-24T08:00:00.000Z', durationMs, durationSdMs: durationMs && 200, censored }
}

const answers: Readonly<Record<string, (url: URL, body: string) => [status: number, body: string]>> = {
  '/v1/cameras': () => [
    200,
    JSON.stringify({ items: [{ name: 'top', state: 'stalled', stateDetail: 'silent', url: 'rtsp://x/' }] }),
  ],
  '/v1/stations': () => [200, JSON.stringify({ items: [station] })],
  [`/v1/stations/${station.id}/status`]: () => [
    200,
    JSON.stringify({ completeThrough: null, lagMs: null, openGaps: [], openRevisions: 2 }),
  ],
  '/v1/timings': url => [200, JSON.stringify(pages[url.searchParams.has('cursor') ? 1 : 0])],
  '/v1/labels': () => [200, 'source,start,end,label\na,0,1,x\n'],
  '/v1/labels/import': (_, body) =>
    body.startsWith('source,')
      ? [200, JSON.stringify({ added: 1, unchanged: 0, labels: 3 })]
      : [422, JSON.stringify({ detail: 'the labels are not valid', details: { row: 1 } })],
}

describe('takt', () => {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://localhost')
    let body = ''
    for await (const chunk of request) body += chunk
    if (request.headers.authorization !== 'Bearer k') return response.writeHead(401).end('{"detail":"no such key"}')
    const [status, text] = answers[url.pathname]?.(url, body) ?? [404, '<html>not ours</html>']
    response.writeHead(status).end(text)
  })
  let env: NodeJS.ProcessEnv
  let folder: string

  beforeAll(async () => {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    env = { TAKT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, TAKT_KEY: 'k' }
    folder = await mkdtemp(join(tmpdir(), 'takt-cli-'))
  })
  afterAll(async () => {
    server.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('lists cameras with what they are doing', async () => {
    expect(await runCommand(['cameras'], { env })).toMatch(/^top +stalled +rtsp:\/\/x\/ silent$/)
  })

  it('prints every page of timings, one that was cut off without a duration', async () => {
    expect(await runCommand(['timings', 'press-2'], { env })).toMatchInlineSnapshot(`
      "2026-11-24T08:00:00.000Z  insert                       1.50 s ± 0.20
      2026-11-24T08:00:00.000Z  press                    cut off (end)"
    `)
  })

  it('answers programs with one JSON object', async () => {
    const answer = JSON.parse(await runCommand(['timings', station.id, '--json'], { env }))
    expect(answer).toMatchObject({ station: 'press-2', timings: [{ step: 'insert' }, { step: 'press' }] })
  })

  it('says how far a station is', async () => {
    expect(await runCommand(['status', 'press-2'], { env })).toBe(
      'complete through nothing (never)\n0 gaps, 2 windows to decode anew',
    )
  })

  it('takes labels in and gives them out', async () => {
    const file = join(folder, 'labels.csv')
    expect(await runCommand(['labels', 'export', file], { env })).toBe(`1 rows in ${file}`)
    expect(await readFile(file, 'utf8')).toBe('source,start,end,label\na,0,1,x\n')
    expect(await runCommand(['labels', 'import', file], { env })).toBe('3 labels in 1 new and 0 known ranges')
  })

  it("gives a refusal in the API's own words", async () => {
    const file = join(folder, 'bad.csv')
    await writeFile(file, 'nonsense')
    await expect(runCommand(['labels', 'import', file], { env })).rejects.toThrow(
      '/v1/labels/import answered 422: the labels are not valid {"row":1}',
    )
    await expect(runCommand(['cameras'], { env: { ...env, TAKT_KEY: 'wrong' } })).rejects.toThrow('401: no such key')
  })

  it.each([
    [[], 'nothing is no command; there are adapt, cameras, discover, encoders, evaluate'],
    [['__proto__'], '__proto__ is no command'],
    [['timings'], 'usage: takt timings STATION'],
    [['timings', 'press-9'], 'there is no station press-9; there are press-2'],
    [['labels', 'destroy', 'x'], 'usage: takt labels import FILE.csv'],
    [['cameras', '--bogus'], "Unknown option '--bogus'"],
  ])('refuses %j by name', async (args, message) => {
    await expect(runCommand(args, { env })).rejects.toThrow(message)
  })

  it('names what is missing from the environment, and an address where nobody listens', async () => {
    await expect(runCommand(['cameras'], { env: {} })).rejects.toThrow('TAKT_URL is not set')
    await expect(runCommand(['cameras'], { env: { ...env, TAKT_URL: 'http://127.0.0.1:1' } })).rejects.toThrow(
      'does not answer',
    )
  })

  it('explains itself', async () => {
    expect(await runCommand(['--help'], { env: {} })).toBe(help())
  })
})
