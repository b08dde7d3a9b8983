import type { ComparedStep } from './compare.ts'
import { type DemoSummary, durationError } from './summary.ts'

/** The compared steps as lines of text, a station after the other. */
export function printTable(rows: readonly ComparedStep[], summary: DemoSummary): string {
  const lines = [row('station', 'step', 'start', 'timed', '±', 'true', 'error', 'remark'), ''.padEnd(78, '─')]
  let station = ''
  for (const compared of rows) {
    if (station && compared.station !== station) lines.push('')
    station = compared.station
    lines.push(printRow(compared))
  }
  const { missedSteps, extraSteps, meanAbsoluteErrorSeconds: error, lagSecondsP95: lag } = summary
  lines.push(
    '',
    `${summary.timings.length} steps timed, ${missedSteps} missed, ${extraSteps} extra, mean absolute error ${error ?? '–'} s`,
    `${lag ?? '–'} s from a step's end in front of the camera to its final timing (95th percentile)`,
    `${summary.lostSegments} lost stretches of video, ${summary.duplicatedIntervals} timings published twice`,
  )
  return lines.join('\n')
}

function printRow(compared: ComparedStep): string {
  const { station, truth, timing } = compared
  const start = timing ? Date.parse(timing.startTime) : truth!.startMs
  const [error] = durationError(compared)
  const remark = !timing
    ? 'missed'
    : !truth
      ? 'extra'
      : timing.censored === 'none'
        ? ''
        : `cut off (${timing.censored})`
  return row(
    station,
    timing?.step ?? truth!.step,
    new Date(start).toISOString().slice(11, 21),
    seconds(timing?.durationMs),
    seconds(timing?.durationSdMs),
    seconds(truth && truth.endMs - truth.startMs),
    error === undefined ? '' : `${error >= 0 ? '+' : '−'}${Math.abs(error).toFixed(2)}`,
    remark,
  )
}

const seconds = (ms: number | null | undefined): string =>
  ms === null || ms === undefined ? '' : (ms / 1000).toFixed(2)

const row = (...[station, step, start, timed, sd, truth, error, remark]: string[]): string =>
  [
    station!.padEnd(10),
    step!.padEnd(16),
    start!.padEnd(12),
    timed!.padStart(6),
    sd!.padStart(6),
    truth!.padStart(6),
    error!.padStart(7),
    `  ${remark}`,
  ].join(' ')
