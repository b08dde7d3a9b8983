/** The self-supervised methods that an encoder of a plant may be trained by. */
export const trainingMethods = [
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

export type TrainingMethod = (typeof trainingMethods)[number]
