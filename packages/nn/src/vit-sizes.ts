/** Width, blocks and heads of a ViT. */
export interface VitSize {
  readonly dim: number
  readonly depth: number
  readonly heads: number
}

/** Tiny and Small of DeiT (Touvron et al., 2021), Base of ViT (Dosovitskiy et al., 2021): heads of 64. */
export const vitSizes = {
  Ti: { dim: 192, depth: 12, heads: 3 },
  S: { dim: 384, depth: 12, heads: 6 },
  B: { dim: 768, depth: 12, heads: 12 },
} as const satisfies Readonly<Record<string, VitSize>>
