import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { random } from '@takt/nn'
import { encodeNpy } from '@takt/onnx'
import { expect, onTestFinished, test } from 'vitest'
import { runCommand } from '../src/run-command.ts'

const classNames = ['background', 'take', 'screw']
const CHANNELS = 5

/** Folders of sequences of the classes in order, 12 time steps each, whose features show the class through noise. */
async function writeSequences(count: number) {
  const folder = await mkdtemp(join(tmpdir(), 'takt-fit-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const at = (name: string) => join(folder, name)
  for (const name of ['features', 'labels']) await mkdir(at(name))
  await writeFile(at('mapping.txt'), classNames.map((name, index) => `${index} ${name}\n`).join(''))
  const draw = random(1, 'sequences')
  for (let index = 0; index < count; index++) {
    const labels = classNames.flatMap(name => Array<string>(12).fill(name))
    const data = Float32Array.from({ length: labels.length * CHANNELS }, (_, i) => {
      return (i % CHANNELS === classNames.indexOf(labels[Math.floor(i / CHANNELS)]!) ? 1 : 0) + 2 * draw()
    })
    await writeFile(at(`features/s${index}.npy`), encodeNpy({ shape: [labels.length, CHANNELS], data }))
    await writeFile(at(`labels/s${index}.txt`), labels.join('\n'))
  }
  const names = Array.from({ length: count }, (_, index) => `s${index}\n`)
  await writeFile(at('train.txt'), names.slice(1).join(''))
  await writeFile(at('test.txt'), names[0]!)
  return at
}

test('takt steps fit --head auto takes what scores best on training sequences that were held out, and says why', async () => {
  const at = await writeSequences(4)
  const files = ['features', 'labels'].flatMap(name => [`--${name}`, at(name)])
  const lists = ['train', 'test'].flatMap(name => [`--${name}`, at(`${name}.txt`)])
  const args = ['steps', 'fit', ...files, ...lists, '--head', 'auto', '--epochs', '2', '--json']
  const answer = JSON.parse(await runCommand(args, { env: {} }))
  const heads = Object.keys(answer.heldOut)
  expect(heads).toEqual(['linear', 'temporal', 'ms-tcn', 'timesformer-tiny', 'ms-tcn++'])
  expect(answer.because).toMatch(/^mean of held-out accuracy, edit and F1, .*: [\d.]+; next /)
  const sum = (figures: Readonly<Record<string, number>>) => Object.values(figures).reduce((a, b) => a + b, 0)
  const merit = (head: string) => Math.max(sum(answer.heldOut[head].frames), sum(answer.heldOut[head].decoded))
  expect(merit(answer.head)).toBe(Math.max(...heads.map(merit)))
})
