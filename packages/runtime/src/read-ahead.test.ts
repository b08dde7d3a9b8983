import { setImmediate as tick } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { readAhead } from './read-ahead.ts'

/** Counts up to `end`, and says how far it was asked and whether it was ended. */
function counter(end: number) {
  const seen = { asked: 0, ended: false }
  async function* count() {
    try {
      for (let i = 0; i < end; i++) {
        seen.asked++
        yield i
      }
    } finally {
      seen.ended = true
    }
  }
  return { seen, source: count() }
}

/** Long enough for everything that waits for nothing but promises. */
const settle = async () => {
  for (let i = 0; i < 10; i++) await tick()
}

test.each([0, 1, 2, 10])('all items come in their order with %i ahead', async ahead => {
  const items = await Array.fromAsync(readAhead(counter(5).source, ahead))
  expect(items).toEqual([0, 1, 2, 3, 4])
})

test.each([0, 1, 3])('while the reader is busy with an item, %i more are fetched and no further', async ahead => {
  const { seen, source } = counter(100)
  const reader = readAhead(source, ahead)
  for (let taken = 1; taken < 5; taken++) {
    await reader.next()
    await settle()
    expect(seen.asked).toBe(taken + ahead)
  }
  await reader.return()
})

test('a reader that leaves ends the source without fetching more', async () => {
  const { seen, source } = counter(100)
  for await (const item of readAhead(source, 2)) if (item === 3) break
  expect(seen.ended).toBe(true)
  expect(seen.asked).toBeLessThanOrEqual(4 + 2)
})

test('an error of the source comes after the items before it', async () => {
  async function* failing() {
    yield 1
    yield 2
    throw new Error('camera gone')
  }
  const items: number[] = []
  const reading = async () => {
    for await (const item of readAhead(failing(), 5)) items.push(item)
  }
  await expect(reading()).rejects.toThrow('camera gone')
  expect(items).toEqual([1, 2])
})

test('a source is asked for one item at a time', async () => {
  let asking = 0
  let left = 4
  const source: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        expect(++asking).toBe(1)
        await tick()
        asking--
        return left > 0 ? { done: false, value: left-- } : { done: true, value: undefined }
      },
    }),
  }
  expect(await Array.fromAsync(readAhead(source, 3))).toEqual([4, 3, 2, 1])
})
