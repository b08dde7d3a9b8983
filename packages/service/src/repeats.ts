export interface RepeatsOptions<Fields> {
  readonly windowMs: number
  /** Told of the first occurrence at once (`repeated` 0), and after each window of how many followed it, with the last one's fields. */
  readonly emit: (fields: Fields, repeated: number) => void
}

/** Folds repeats of the same key within a window into one report. Keys that fell silent for a window are forgotten. */
export interface Repeats<Fields> {
  record(key: string, fields: Fields): void
}

export const foldRepeats = <Fields>({ windowMs, emit }: RepeatsOptions<Fields>): Repeats<Fields> => {
  const open = new Map<string, { repeated: number; last: Fields }>()

  const closeWindowLater = (key: string) => {
    const timer = setTimeout(() => {
      const window = open.get(key)
      if (!window || window.repeated === 0) return void open.delete(key)
      const { repeated, last } = window
      window.repeated = 0
      closeWindowLater(key)
      emit(last, repeated)
    }, windowMs)
    timer.unref()
  }

  return {
    record: (key, fields) => {
      const window = open.get(key)
      if (window) {
        window.repeated += 1
        window.last = fields
        return
      }
      open.set(key, { repeated: 0, last: fields })
      closeWindowLater(key)
      emit(fields, 0)
    },
  }
}
