import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runCommand } from '../src/run-command.ts'

vi.setConfig({ testTimeout: 120_000 })

const material = (name: string) => fileURLToPath(new URL(`../../dev-env/material/${name}`, import.meta.url))
const video = material('bottle-detection.mp4')

let folder: string
let labels: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'takt-evaluate-'))
  labels = join(folder, 'labels.csv')
  const rows = (await readFile(material('bottle-detection.labels.csv'), 'utf8')).trim().split('\n')
  // Hands go out and come back: what is learnt from the first half occurs again in the second.
  const kinds = rows.map(row =>
    row
      .split(',')
      .slice(1)
      .join(',')
      .replace(/,(take|return)-.*/, ',$1'),
  )
  await writeFile(labels, `${kinds.join('\n')}\n`)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const evaluate = (...args: readonly string[]) => runCommand(['evaluate', ...args], { env: {} })

test('a recording is learnt from where it is labelled and predicted elsewhere, beside both rivals', async () => {
  const [out, picture] = [join(folder, 'p.csv'), join(folder, 'p.png')]
  const asked = ['--video', video, '--labels', labels, '--train', '0-22', '--seeds', '1', '--out', out]
  const answer = JSON.parse(await evaluate(...asked, '--picture', picture, '--json'))
  expect(answer).toMatchObject({
    train: ['0-22'],
    tested: ['22-39.75'],
    seeds: 1,
    head: 'temporal',
    because: expect.stringContaining('no two labelled cycles show every step'),
    encoder: 'untrained',
    decoderErrors: [],
  })
  expect(Object.keys(answer.results)).toEqual(['hog', 'untrained'])
  for (const scores of Object.values<Record<string, number>>(answer.results)) {
    expect(scores.testedSteps).toBeGreaterThan(2)
    expect(scores.accuracy).toBeGreaterThan(30)
  }
  expect(await readFile(out, 'utf8')).toMatch(/^start,end,label\n[\d.]+,[\d.]+,(take|return)\n/)
  expect((await readFile(picture)).subarray(1, 4).toString()).toBe('PNG')
})

test("an encoder's last blocks learn from the labelled part, beside both rivals", async () => {
  const asked = ['--video', video, '--labels', labels, '--train', '0-22', '--seeds', '1', '--head', 'linear']
  const answer = JSON.parse(await evaluate(...asked, '--fine-tune', '1', '--budget', '15s', '--json'))
  expect(answer.encoder).toBe('fine-tuned')
  expect(Object.keys(answer.results)).toEqual(['hog', 'untrained', 'fine-tuned'])
  const few = ['--video', video, '--labels', labels, '--train', '0-9', '--seeds', '1']
  await expect(evaluate(...few, '--fine-tune', '1')).rejects.toThrow('labels of 5 whole clips')
})

test.each([
  [['--video', video], 'usage: takt evaluate'],
  [['--video', video, '--labels', 'x.txt', '--train', '0-9'], '--labels x.txt is not .csv, .json, .eaf'],
  [['--video', video, '--labels', 'x.csv', '--train', '9-0'], '"9-0" is no range of seconds'],
  [['--video', video, '--labels', 'x.csv', '--train', '0-9', '--seeds', '0'], '--seeds 0 is not a whole number'],
  [['--video', video, '--labels', 'x.csv', '--train', '0-9', '--head', 'x'], '--head x is not auto, temporal, linear'],
  [['--video', video, '--labels', '/nowhere.csv', '--train', '0-9'], '/nowhere.csv'],
])('%j is refused by name', async (args, message) => {
  await expect(evaluate(...args)).rejects.toThrow(message)
})

test('what is no video, or a playlist that names one, is refused', async () => {
  const text = join(folder, 'notes.mp4')
  await writeFile(text, 'not a film')
  const asked = ['--labels', labels, '--train', '0-22', '--seeds', '1']
  await expect(evaluate('--video', text, ...asked)).rejects.toThrow(`no picture could be decoded from ${text}`)
  const playlist = join(folder, 'list.ffconcat')
  await writeFile(playlist, `ffconcat version 1.0\nfile '${video}'\n`)
  await expect(evaluate('--video', playlist, ...asked)).rejects.toThrow('no picture could be decoded')
})
