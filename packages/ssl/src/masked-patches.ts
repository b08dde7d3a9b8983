import { reshape, type Tensor, transpose } from '@takt/graph'
import { type DinoHead, gatherTokens, tokenCount } from '@takt/nn'
import { headLogits } from './distillation-head.ts'
import type { Seen } from './self-distillation.ts'

/** Logits of all tokens of a view, [tokens, batch, K]: at each time and place, those of all clips. */
export function tokenLogits(head: DinoHead<Tensor>, { tokens, spec }: Seen, unfrozen: Tensor): Tensor {
  const logits = headLogits(head, tokens, unfrozen)
  const count = tokenCount(spec)
  return transpose(reshape(logits, [logits.shape[0]! / count, count, logits.shape[1]!]), [1, 0, 2])
}

/** Of each clip some: [tokens, batch, K] and `hidden` int64 [batch, some] → [batch, some, K]. */
export function someTokens(all: Tensor, hidden: Tensor): Tensor {
  const [tokens, batch, size] = all.shape as [number, number, number]
  const rows = reshape(transpose(all, [1, 0, 2]), [batch * tokens, size])
  return reshape(gatherTokens(rows, hidden, tokens), [...hidden.shape, size])
}

/** Logits of some tokens of a view alone, [batch, some, K]. */
export function someLogits(head: DinoHead<Tensor>, { tokens, spec }: Seen, hidden: Tensor, unfrozen: Tensor): Tensor {
  const logits = headLogits(head, gatherTokens(tokens, hidden, tokenCount(spec)), unfrozen)
  return reshape(logits, [...hidden.shape, logits.shape[1]!])
}
