import { StepsError } from '../errors.ts'
import { type LabelledVideo, type LabelSpan, TASK_TIER } from './labelled-video.ts'

/**
 * The labels of one tier: the named one; else the only one, whatever its author called it; else the tasks. None where
 * there is no label at all. Throws `label_tier_unknown`, naming the tiers that there are, rather than find no label.
 */
export function spansOfTier({ source, spans }: LabelledVideo, tier?: string): readonly LabelSpan[] {
  const tiers = [...new Set(spans.map(span => span.tier))]
  if (tiers.length === 0) return []
  const chosen = tier ?? (tiers.length === 1 ? tiers[0]! : TASK_TIER)
  if (!tiers.includes(chosen))
    throw new StepsError('label_tier_unknown', { source, tier: chosen, tiers: tiers.join(', ') })
  return spans.filter(span => span.tier === chosen)
}
