import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { labelFormats } from '@takt/steps'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../api.ts'
import { labels } from './labels.ts'

const span = (startSeconds: number, endSeconds: number, label: string, tier = 'task') => ({
  startSeconds,
  endSeconds,
  label,
  tier,
})
const range = (source: string, sourceKind: string, start: string | number) => ({
  source,
  sourceKind,
  labels: [{ step: 'pick', start, end: 2 }],
})

describe('takt labels --format', () => {
  let folder: string
  let sent: string[] = []
  let pages: readonly object[] = []

  const api: Pick<Api, 'text' | 'json'> = {
    text: async (_, { csv }) => {
      sent.push(csv!)
      return '{"added":1,"unchanged":0,"labels":2}'
    },
    json: async <Answer>(path: string) => pages[path.includes('cursor') ? 1 : 0] as Answer,
  }
  const run = (words: readonly string[], options: Record<string, string>) =>
    labels.run({ api: () => api as Api, words, options, say: () => {} })
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'takt-labels-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('imports one tier of a file as the plant’s CSV, to the millisecond', async () => {
    sent = []
    const spans = [span(0.1 + 0.2, 1, 'pick'), span(0.5, 0.7, 'reach', 'motion')]
    const studio = await write('a.json', labelFormats['label-studio'].print([{ source: 'a.mp4', spans }], new Date(0)))
    await run(['import', studio], { format: 'label-studio' })
    await run(['import', studio], { format: 'label-studio', tier: 'motion', source: 'b.mp4' })
    expect(sent).toEqual([
      'source,start,end,label\na.mp4,0.3,1,pick\n',
      'source,start,end,label\nb.mp4,0.5,0.7,reach\n',
    ])
  })

  it('asks for the name of a video that the file does not give', async () => {
    const csv = await write('a.csv', 'start,end,label\n0,1,pick\n')
    await expect(run(['import', csv], { format: 'csv' })).rejects.toThrow('give it as --source')
    sent = []
    await run(['import', csv], { format: 'csv', source: 'a.mp4' })
    expect(sent).toEqual(['source,start,end,label\na.mp4,0,1,pick\n'])
  })

  it('exports every page of the labels of files', async () => {
    pages = [
      { items: [range('a.mp4', 'file', 1)], next: 'more' },
      { items: [range('b.mp4', 'file', 1.5)], next: null },
    ]
    const file = join(folder, 'out.json')
    expect(await run(['export', file], { format: 'activitynet' })).toMatchObject({ answer: { videos: 2 } })
    expect(labelFormats.activitynet.parse(await readFile(file, 'utf8'))).toEqual([
      { source: 'a.mp4', spans: [span(1, 2, 'pick')] },
      { source: 'b.mp4', spans: [span(1.5, 2, 'pick')] },
    ])
  })

  it('refuses formats that it does not know, labels that have dates, and two videos for one EAF', async () => {
    await expect(run(['export', 'x'], { format: 'xml' })).rejects.toThrow('--format xml is not csv, label-studio, elan')
    pages = [{ items: [range('a.mp4', 'file', 1), range('b.mp4', 'file', 1)], next: null }]
    await expect(run(['export', 'x'], { format: 'elan' })).rejects.toThrow('an EAF is of one video')
    pages = [{ items: [range('press-2', 'station', '2026-11-24T08:00:00Z')], next: null }]
    await expect(run(['export', 'x'], { format: 'csv' })).rejects.toThrow('press-2 have dates')
  })
})
