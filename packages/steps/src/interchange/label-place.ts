import { StepsError, type StepsFault } from '../errors.ts'

export type LabelFormat = 'csv' | 'label-studio' | 'elan' | 'activitynet'

/** Where something stands: `line 3`, or `database.v1.annotations[2].segment`. */
export type LabelPlace = { readonly format: LabelFormat; readonly at: string }

/** A fault that names the format, the place, the value at fault and what is wrong with it. */
export function labelFault(
  code: StepsFault,
  { format, at }: LabelPlace,
  { problem, value }: { readonly problem: string; readonly value?: unknown },
  cause?: unknown,
): StepsError {
  const shown = value === undefined ? {} : { value: show(value) }
  return new StepsError(code, { format, at, ...shown, problem }, cause)
}

/** A place inside another: of an object's key, or of an array's index. */
export const inside = ({ format, at }: LabelPlace, step: string | number): LabelPlace => ({
  format,
  at: typeof step === 'number' ? `${at}[${step}]` : at === '' ? step : `${at}.${step}`,
})

const SHOWN = { characters: 80, elements: 6 } as const

/** Enough of a value to find it by, however large or deep it is. */
function show(value: unknown): string {
  if (typeof value !== 'object' || value === null) return showPlain(value)
  const parts = Array.isArray(value) ? value : Object.keys(value)
  const shown = parts.slice(0, SHOWN.elements).map(showPlain)
  if (parts.length > shown.length) shown.push('…')
  return Array.isArray(value) ? `[${shown.join(',')}]` : `{${shown.join(',')}}`
}

function showPlain(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[…]' : '{…}'
  if (typeof value !== 'string') return String(value)
  return value.length <= SHOWN.characters
    ? JSON.stringify(value)
    : `${JSON.stringify(value.slice(0, SHOWN.characters))}…`
}
