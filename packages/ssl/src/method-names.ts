/** Every method that an encoder may be trained by. */
export const methodNames = [
  'video-mae',
  'sim-siam',
  'sim-clr',
  'byol',
  'barlow-twins',
  'moco-v3',
  'dino',
  'ibot',
  'dino-v2',
  'mae',
  'i-jepa',
  'v-jepa',
] as const

export type MethodName = (typeof methodNames)[number]
