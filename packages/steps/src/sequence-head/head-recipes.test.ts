import { expect, it, vi } from 'vitest'
import { accuracyOf } from '../../test/sequence-fit.ts'
import { epochsOf, type HeadName, headRecipes } from './head-recipes.ts'

// Training in a child process takes seconds, and longer on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

it.each<[HeadName, number, number]>([
  ['linear', 30, 0.6],
  ['temporal', 30, 0.8],
  ['timesformer-tiny', 6, 0.6],
])('%s finds steps of other sequences after %i epochs', async (head, epochs, least) => {
  expect(await accuracyOf({ head, recipe: { epochs, leastSteps: 0 } })).toBeGreaterThan(least)
})

it('twenty sequences are seen as often as in the paper, and fewer more often', () => {
  const recipe = headRecipes['ms-tcn']
  expect([1, 4, 20, 100].map(count => epochsOf(recipe, count))).toEqual([1000, 250, 50, 50])
})
