import type { ReadSlot } from '@takt/timeline'

/** A run of slots `[startSlot, endSlot)` that no view shows. */
export interface SlotGap {
  readonly startSlot: number
  readonly endSlot: number
}

export function gapsOf(slots: readonly ReadSlot[]): SlotGap[] {
  const gaps: { startSlot: number; endSlot: number }[] = []
  for (const { position, step } of slots) {
    if (step.kind !== 'missing') continue
    const last = gaps.at(-1)
    if (last?.endSlot === position.slot) last.endSlot++
    else gaps.push({ startSlot: position.slot, endSlot: position.slot + 1 })
  }
  return gaps
}
