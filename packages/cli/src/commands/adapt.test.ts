import { expect, test } from 'vitest'
import type { Api } from '../api.ts'
import { adapt } from './adapt.ts'

const id = '00000000-0000-7000-8000-000000000001'
const queued = {
  id,
  state: 'queued',
  step: 0,
  steps: null,
  losses: [],
  trainedSeconds: 0,
  error: null,
  encoderId: null,
}
const running = {
  ...queued,
  state: 'running',
  step: 4,
  steps: 40,
  losses: [{ step: 4, loss: 1.25 }],
  trainedSeconds: 3,
}
const done = {
  ...running,
  state: 'done',
  step: 40,
  losses: [...running.losses, { step: 40, loss: 0.5 }],
  encoderId: 'e',
}

/** An API that answers each look with the next of `looks`. */
function plant(looks: readonly object[]) {
  const asked: unknown[] = []
  const left = [...looks]
  const json = async (path: string, body?: unknown) => {
    if (path === '/v1/stations') return { items: [{ id: 's1', name: 'press' }] }
    if (body) asked.push(body)
    return body ? queued : left.shift()
  }
  return { asked, api: () => ({ json }) as unknown as Api }
}

const run = (looks: readonly object[], options: object) => {
  const said: string[] = []
  const { asked, api } = plant(looks)
  const outcome = adapt.run({ api, words: [], options: options as never, say: line => said.push(line) })
  return { outcome, asked, said }
}

test('it is asked for by minutes and stations, and answers at once', async () => {
  const { outcome, asked } = run([], { minutes: '2.5', station: ['press'] })
  expect(await outcome).toEqual({ answer: queued, lines: [`adaptation ${id}: queued`] })
  expect(asked).toEqual([{ minutes: 2.5, stations: ['s1'] }])
})

test('a method and a parent are asked for where they are named', async () => {
  const { outcome, asked } = run([], { minutes: '2', method: 'dino', encoder: 'parent' })
  await outcome
  expect(asked).toEqual([{ minutes: 2, stations: [], method: 'dino', encoder: 'parent' }])
})

test('waited for, it says how far it is and what came of it', async () => {
  const { outcome, said } = run([running, done], { minutes: '2', wait: true, encoder: 'parent' })
  expect((await outcome).lines).toEqual([
    `adaptation ${id}: done, 40 of 40 steps in 3 s, loss 1.250 → 0.500, encoder e`,
  ])
  expect(said).toEqual([
    `adaptation ${id}: running, 4 of 40 steps in 3 s, loss 1.250 → 1.250`,
    `adaptation ${id}: done, 40 of 40 steps in 3 s, loss 1.250 → 0.500, encoder e`,
  ])
}, 20_000)

test('one that fails says why', async () => {
  const failed = { ...running, state: 'failed', error: 'loss is not finite at step 3' }
  await expect(run([failed], { minutes: '2', wait: true }).outcome).rejects.toThrow('loss is not finite at step 3')
}, 20_000)

test.each([
  [{}, 'usage: takt adapt'],
  [{ minutes: 'soon' }, '--minutes soon is not a number of minutes'],
  [{ minutes: '-1' }, '--minutes -1 is not'],
  [{ minutes: '' }, '--minutes  is not'],
  [{ minutes: '2', station: ['ghost'] }, 'there is no station ghost'],
])('%j is refused', async (options, message) => {
  await expect(run([], options).outcome).rejects.toThrow(message)
})
