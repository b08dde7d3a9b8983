export { SslError } from './errors.ts'
export type { Trainer } from './trainer.ts'
export { type VideoMaePreset, videoMaePresets } from './video-mae-presets.ts'
export { type VideoMaeTrainerOptions, videoMaeTrainer } from './video-mae-trainer.ts'
