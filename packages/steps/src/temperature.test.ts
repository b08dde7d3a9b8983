import { expect, it } from 'vitest'
import { seededRandom } from '../test/synthetic.ts'
import { calibrateTemperature } from './temperature.ts'

it('finds the temperature that labels were drawn at', () => {
  const { normal, uniform } = seededRandom(11)
  const count = 20_000
  const temperature = 2.5
  const logits = Float64Array.from({ length: 3 * count }, () => 4 * normal())
  const labels = Int16Array.from({ length: count }, (_, i) => {
    const odds = [0, 1, 2].map(k => Math.exp(logits[k * count + i]! / temperature))
    const draw = uniform() * odds.reduce((a, b) => a + b)
    return draw < odds[0]! ? 0 : draw < odds[0]! + odds[1]! ? 1 : 2
  })
  const sampleWeights = new Float64Array(count).fill(1 / count)
  expect(calibrateTemperature({ logits, labels, sampleWeights })).toBeCloseTo(temperature, 0)
})
