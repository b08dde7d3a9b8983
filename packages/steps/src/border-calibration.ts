/** What turns the standard deviation of a border's posterior into the ± that is published. */
export type BorderCalibration = {
  /** Added in quadrature to the posterior's, seconds: what no posterior knows, such as how people label. */
  readonly floorSeconds: number
  /** Factor of a border's sd. */
  readonly scale: number
  /** Factor of a duration's sd, beyond that of two borders that know nothing of one another. */
  readonly durationScale: number
}

/** The posterior as it is. */
export const UNCALIBRATED: BorderCalibration = { floorSeconds: 0, scale: 1, durationScale: 1 }

/** Quantile of the normal distribution whose ± holds nine tenths: published sd are a 90 % half-width over it. */
export const NINETY_PERCENT = 1.6449

const MOST_FLOOR_SECONDS = 60
const SCALES = { least: 1e-2, most: 1e2 } as const

/** A border's ± from the sd of its posterior, seconds. */
export function calibratedBorderSd({ floorSeconds, scale }: BorderCalibration, posteriorSdSeconds: number): number {
  return scale * Math.hypot(posteriorSdSeconds, floorSeconds)
}

/** A duration's ± from its borders', seconds. */
export function calibratedDurationSd(
  { durationScale }: BorderCalibration,
  startSdSeconds: number,
  endSdSeconds: number,
): number {
  return durationScale * Math.hypot(startSdSeconds, endSdSeconds)
}

export function isUncalibrated(calibration: BorderCalibration = UNCALIBRATED): boolean {
  const { floorSeconds, scale, durationScale } = calibration
  return floorSeconds === 0 && scale === 1 && durationScale === 1
}

/** Whether a value read from a file is a calibration. */
export function isBorderCalibration(value: unknown): value is BorderCalibration {
  if (typeof value !== 'object' || value === null) return false
  const { floorSeconds, scale, durationScale } = value as Readonly<Record<string, unknown>>
  return (
    isWithin(floorSeconds, 0, MOST_FLOOR_SECONDS) &&
    isWithin(scale, SCALES.least, SCALES.most) &&
    isWithin(durationScale, SCALES.least, SCALES.most)
  )
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most
}
