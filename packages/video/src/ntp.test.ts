import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ntpToUnixMicros } from './ntp.ts'

test('the Unix epoch is 2 208 988 800 s after the NTP epoch', () => {
  expect(ntpToUnixMicros(2_208_988_800n << 32n)).toBe(0n)
})

test('a half second is the fraction’s top bit', () => {
  expect(ntpToUnixMicros((2_208_988_801n << 32n) | 0x8000_0000n)).toBe(1_500_000n)
})

test('times after the rollover of 2036 are of the next era', () => {
  const rollover = Date.UTC(2036, 1, 7, 6, 28, 16)
  expect(ntpToUnixMicros(0n)).toBe(BigInt(rollover) * 1_000n)
})

test('any time between 1970 and 2100 is recovered to the microsecond', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 4_102_444_800_000_000n }), micros => {
      const seconds = micros / 1_000_000n + 2_208_988_800n
      const fraction = ((micros % 1_000_000n) * (1n << 32n) + 999_999n) / 1_000_000n
      const ntp = ((seconds & 0xffff_ffffn) << 32n) | fraction
      expect(ntpToUnixMicros(ntp)).toBe(micros)
    }),
  )
})
