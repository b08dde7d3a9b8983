import type { Random } from './random.ts'

/** A slow wave of brightness: `amplitude · sin(2π · seconds / period + phase)`. */
interface Wave {
  readonly amplitude: number
  readonly periodSeconds: number
  readonly phase: number
}

/** A change of the camera's own gain: from `seconds` on brightness is multiplied by `gain`, after a short ramp. */
interface GainChange {
  readonly seconds: number
  readonly gain: number
}

export interface LightPlan {
  readonly waves: readonly Wave[]
  readonly gains: readonly GainChange[]
  readonly tint: Wave
}

/** At one instant: luma is multiplied by `gain`; `warmth` is taken from U and added to V (8-bit steps). */
export interface Light {
  readonly gain: number
  readonly warmth: number
}

const rampSeconds = 0.6

/** Daylight that drifts by some percent within minutes, and an automatic gain that steps now and then. */
export const planLight = (random: Random, seconds: number): LightPlan => {
  const wave = (amplitude: number): Wave => ({
    amplitude,
    periodSeconds: random.between(35, 140),
    phase: random.between(0, 2 * Math.PI),
  })
  const gains: GainChange[] = []
  for (let at = random.between(15, 60); at < seconds; at += random.between(25, 80))
    gains.push({ seconds: at, gain: random.between(0.92, 1.08) })
  return { waves: [wave(0.06), wave(0.03)], gains, tint: wave(3) }
}

export const lightAt = (plan: LightPlan, seconds: number): Light => {
  const drift = plan.waves.reduce((sum, wave) => sum + waveAt(wave, seconds), 1)
  return { gain: drift * gainAt(plan.gains, seconds), warmth: waveAt(plan.tint, seconds) }
}

const waveAt = ({ amplitude, periodSeconds, phase }: Wave, seconds: number): number =>
  amplitude * Math.sin((2 * Math.PI * seconds) / periodSeconds + phase)

const gainAt = (gains: readonly GainChange[], seconds: number): number => {
  const index = gains.findLastIndex(change => change.seconds <= seconds)
  if (index < 0) return 1
  const before = gains[index - 1]?.gain ?? 1
  const { gain, seconds: since } = gains[index]!
  return before + (gain - before) * Math.min(1, (seconds - since) / rampSeconds)
}
